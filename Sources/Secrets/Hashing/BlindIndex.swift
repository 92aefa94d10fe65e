import CSodium

/// Keyed digests of standard forms: equal values of one field of one tenant look up as equal, and show nothing else.
///
/// Sixty-four bits of keyed BLAKE2b: short enough to sort well, and a collision only costs a look at one more row,
/// because a look-up's answer is confirmed by opening the field.
public struct BlindIndex: Sendable {
    private let key: IndexKey

    public init(_ key: IndexKey) { self.key = key }

    /// The entry of a standard form.
    public func entry(_ standardForm: UnsafeRawBufferPointer) -> Int64 {
        var digest: (UInt64, UInt64) = (0, 0)
        unsafe withUnsafeMutableBytes(of: &digest) { output in
            _ = unsafe crypto_generichash(
                output.baseAddress!.assumingMemoryBound(to: UInt8.self), 16,
                standardForm.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt64(standardForm.count),
                key.secret.pointer, KeyArena.slotSize)
        }
        return Int64(bitPattern: UInt64(bigEndian: digest.0))
    }

    public func entry(_ standardForm: String) -> Int64 {
        var text = standardForm
        return text.withUTF8 { unsafe entry(UnsafeRawBufferPointer($0)) }
    }
}
