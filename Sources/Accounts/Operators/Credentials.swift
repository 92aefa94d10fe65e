import Core
import Secrets

/// What proves an operator, as it lies in the box of their row.
///
/// One box for all of it: a log-in uses up a code in the change of one row, with one code and one head in the log.
struct Credentials: Sendable, CustomStringConvertible, CustomReflectable {
    /// One-time codes of an authenticator app.
    struct OneTimeSecret: Sendable {
        let secret: [UInt8]
        /// The time step of the last code that was accepted: codes up to it are used up.
        var acceptedStep: Int64?
    }

    static let format: UInt8 = 1
    /// Bytes of a digest of a recovery code.
    static let digestLength = 32
    /// Boxes have multiples of so many bytes, so that their length hardly tells who has a second factor.
    static let block = 1024
    /// The most passkeys of one operator.
    static let mostPasskeys = 16
    private static let noStep: Int64 = -1

    /// Argon2id as a PHC string.
    var password: String
    var oneTime: OneTimeSecret?
    /// Digests of the recovery codes that were not used yet.
    var recoveryCodes: [[UInt8]] = []
    var passkeys: [EnrolledPasskey] = []

    init(password: String) { self.password = password }

    /// Whether anything but the password proves the operator.
    var hasOtherFactors: Bool { oneTime != nil || !recoveryCodes.isEmpty || !passkeys.isEmpty }

    /// What the box is bound to; the label is from when there was a password alone.
    static func label(_ id: UniqueID) -> [UInt8] { Array("profilevault operator password v1".utf8) + id.bytes }

    /// Format `01`, counted PHC string, one-time codes 1 (0 or 1), [counted secret, accepted step 8 (all ones: none)],
    /// number of recovery codes 1, their digests of 32, number of passkeys 1, each as `EnrolledPasskey` writes it; then zeros up
    /// to a multiple of 1,024.
    var encoded: [UInt8] {
        var writer = ByteWriter(capacity: Self.block)
        writer.write(Self.format)
        writer.writeCounted(password)
        writer.write(oneTime == nil ? 0 : 1 as UInt8)
        if let oneTime {
            writer.writeCounted(oneTime.secret)
            writer.write(oneTime.acceptedStep ?? Self.noStep)
        }
        writer.write(UInt8(recoveryCodes.count))
        recoveryCodes.forEach { writer.write($0) }
        writer.write(UInt8(passkeys.count))
        passkeys.forEach { $0.write(to: &writer) }
        let length = (writer.bytes.count + Self.block - 1) / Self.block * Self.block
        writer.write([UInt8](repeating: 0, count: length - writer.bytes.count))
        return writer.bytes
    }

    /// Reads what `encoded` gives, or a PHC string alone, which boxes held before there were other factors.
    ///
    /// `nil` for anything else.
    init?(decoding bytes: [UInt8]) {
        if bytes.first == UInt8(ascii: "$") {
            self.init(password: String(decoding: bytes, as: UTF8.self))
            return
        }
        var reader = ByteReader(bytes)
        guard reader.read(UInt8.self) == Self.format, let password = reader.readCountedText() else { return nil }
        self.init(password: password)
        switch reader.read(UInt8.self) {
        case 0: break
        case 1:
            guard let secret = reader.readCounted(), let step = reader.read(Int64.self), step >= Self.noStep else {
                return nil
            }
            oneTime = OneTimeSecret(secret: Array(secret), acceptedStep: step == Self.noStep ? nil : step)
        default: return nil
        }
        guard let codes = reader.read(UInt8.self) else { return nil }
        for _ in 0..<codes {
            guard let digest = reader.read(count: Self.digestLength) else { return nil }
            recoveryCodes.append(Array(digest))
        }
        guard let count = reader.read(UInt8.self) else { return nil }
        for _ in 0..<count {
            guard let passkey = EnrolledPasskey(from: &reader) else { return nil }
            passkeys.append(passkey)
        }
        guard reader.read(count: reader.remaining)?.allSatisfy({ $0 == 0 }) == true else { return nil }
    }

    var description: String { "(secret)" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
