import CSodium

/// Random nonces for all cells of a record, drawn in one call: a call costs as much as sealing a cell.
public struct Nonces: ~Copyable {
    private var bytes: [UInt8]
    private var next = 0

    public init(count: Int) { bytes = Random.bytes(count * AEAD.nonceLength) }

    /// Each nonce is lent once.
    mutating func take(into destination: UnsafeMutablePointer<UInt8>) {
        precondition(next + AEAD.nonceLength <= bytes.count, "a nonce was drawn for every cell")
        unsafe bytes.withUnsafeBufferPointer {
            unsafe destination.update(from: $0.baseAddress! + next, count: AEAD.nonceLength)
        }
        next += AEAD.nonceLength
    }
}

/// Seals one person's cells; it cannot open them.
///
/// A sealed cell is `nonce (24) ‖ ciphertext ‖ tag (16)`. The plaintext is padded to a multiple of 32 bytes
/// (ISO/IEC 7816-4: 0x80, then zeros), so that its length shows only in steps.
public struct Sealer: Sendable {
    public static let padding = 32

    private let key: ProfileKey

    public init(_ key: ProfileKey) { self.key = key }

    /// The bytes a sealed cell of `count` plaintext bytes takes.
    public static func sealedLength(of count: Int) -> Int {
        AEAD.overhead + (count / padding + 1) * padding
    }

    /// Appends the sealed form of `value` to `output`.
    public func seal(
        _ value: UnsafeRawBufferPointer, binding: CellBinding, nonces: inout Nonces, into output: inout [UInt8]
    ) {
        let start = output.count
        let sealedLength = Self.sealedLength(of: value.count)
        output.append(contentsOf: repeatElement(0, count: sealedLength))
        unsafe output.withUnsafeMutableBytes { buffer in
            let nonce = unsafe (buffer.baseAddress! + start).assumingMemoryBound(to: UInt8.self)
            unsafe nonces.take(into: nonce)
            let body = unsafe nonce + AEAD.nonceLength
            if let source = value.baseAddress {
                unsafe UnsafeMutableRawPointer(body).copyMemory(from: source, byteCount: value.count)
            }
            unsafe body[value.count] = 0x80
            unsafe binding.withEncoded { encoded in
                unsafe AEAD.seal(
                    inPlace: body, length: sealedLength - AEAD.overhead, key: key.secret, binding: encoded,
                    nonce: UnsafePointer(nonce))
            }
        }
    }

    /// Appends the sealed form of `text`.
    public func seal(_ text: String, binding: CellBinding, nonces: inout Nonces, into output: inout [UInt8]) {
        var text = text
        text.withUTF8 { utf8 in
            unsafe seal(UnsafeRawBufferPointer(utf8), binding: binding, nonces: &nonces, into: &output)
        }
    }

    /// One value sealed alone.
    public func seal(_ bytes: [UInt8], binding: CellBinding) -> [UInt8] {
        var nonces = Nonces(count: 1)
        var output: [UInt8] = []
        unsafe bytes.withUnsafeBytes { value in
            unsafe seal(value, binding: binding, nonces: &nonces, into: &output)
        }
        return output
    }
}
