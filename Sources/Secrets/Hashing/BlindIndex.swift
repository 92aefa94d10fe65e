import CSodium

/// Keyed digests of standard forms: equal values of one field of one tenant look up as equal, and show nothing else.
///
/// Sixty-four bits of keyed BLAKE2b: short enough to sort well, and a collision only costs a look at one more row,
/// because a look-up's answer is confirmed by opening the field.
public struct BlindIndex: Sendable {
    private let key: IndexKey

    public init(_ key: IndexKey) { self.key = key }

    /// The entry of a standard form.
    public func entry(_ standardForm: UnsafeRawBufferPointer) -> Int64 { unsafe digest(standardForm).0 }

    /// Both halves of the digest, where a collision would lose something.
    public func pair(_ bytes: [UInt8]) -> (Int64, Int64) { unsafe bytes.withUnsafeBytes { unsafe digest($0) } }

    private func digest(_ bytes: UnsafeRawBufferPointer) -> (Int64, Int64) {
        var digest: (UInt64, UInt64) = (0, 0)
        unsafe withUnsafeMutableBytes(of: &digest) { output in
            unsafe key.secret.withPointer { key in
                _ = unsafe crypto_generichash(
                    output.baseAddress!.assumingMemoryBound(to: UInt8.self), 16,
                    bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count),
                    key, KeyArena.slotSize)
            }
        }
        return (
            Int64(bitPattern: UInt64(bigEndian: digest.0)), Int64(bitPattern: UInt64(bigEndian: digest.1))
        )
    }

    public func entry(_ standardForm: String) -> Int64 {
        var text = standardForm
        return text.withUTF8 { unsafe entry(UnsafeRawBufferPointer($0)) }
    }
}
