import Core
import Secrets

/// Which of the versions of an object in a token a key or data belongs to; the greatest is the newest.
struct TokenVersion: Hashable, Comparable {
    /// What stands before ids of such keys, and of no others.
    private static let magic = Array("PVTOKEN1".utf8)
    private static let format: UInt8 = 1
    private static let idLength = 24

    let number: UInt64
    /// Random, so that two that are made at the same time are not taken for one.
    let mark: UInt64

    init(number: UInt64) {
        self.number = number
        mark = Random.words().0
    }

    /// The version of a key by its CKA_ID; `nil` for keys that are not of an object.
    init?(id: [UInt8]) {
        var reader = ByteReader(id)
        guard id.count == Self.idLength, reader.read(count: 8).map(Array.init) == Self.magic,
            let number = reader.read(UInt64.self), let mark = reader.read(UInt64.self)
        else { return nil }
        self.number = number
        self.mark = mark
    }

    static func < (one: TokenVersion, other: TokenVersion) -> Bool {
        (one.number, one.mark) < (other.number, other.mark)
    }

    /// CKA_ID of the version's key: `PVTOKEN1` (8), number (8), mark (8).
    var id: [UInt8] {
        var writer = ByteWriter(capacity: Self.idLength)
        writer.write(Self.magic)
        writer.write(number)
        writer.write(mark)
        return writer.bytes
    }

    /// CKA_VALUE of the version's data: format `01`, id of the key (24), nonce (12), ciphertext, tag (16).
    func value(_ sealed: TokenCiphertext) -> [UInt8] { [Self.format] + id + sealed.nonce + sealed.bytes }

    /// What `value` put together; `nil` where it is cut or something else.
    static func read(value: [UInt8]) -> (version: TokenVersion, sealed: TokenCiphertext)? {
        var reader = ByteReader(value)
        guard reader.read(UInt8.self) == format,
            let version = reader.read(count: idLength).flatMap({ TokenVersion(id: Array($0)) }),
            let nonce = reader.read(count: TokenCiphertext.nonceLength),
            let sealed = reader.read(count: reader.remaining)
        else { return nil }
        return (version, TokenCiphertext(nonce: Array(nonce), bytes: Array(sealed)))
    }

    /// The associated data: an object cannot be renamed, nor data be given to another key.
    func binding(_ object: String) -> [UInt8] {
        var writer = ByteWriter()
        writer.writeCounted("profilevault token object v1")
        writer.writeCounted(object)
        writer.write(id)
        return writer.bytes
    }
}
