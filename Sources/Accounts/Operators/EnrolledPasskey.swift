import Core
package import Factors

/// A passkey of an operator as it is kept: nothing in it is secret.
package struct EnrolledPasskey: Sendable, Equatable {
    package var credential: Passkeys.Credential
    /// What its owner calls it.
    package let name: String

    package init(_ credential: Passkeys.Credential, name: String) {
        self.credential = credential
        self.name = name
    }

    package var id: [UInt8] { credential.id }

    private static let backupEligible: UInt8 = 1
    private static let backedUp: UInt8 = 2

    /// Id and public key, both counted, count of signatures 4, AAGUID 16, flags 1 (1 may be copied, 2 was copied), form of the
    /// attestation and name, both counted.
    func write(to writer: inout ByteWriter) {
        writer.writeCounted(credential.id)
        writer.writeCounted(credential.publicKey.stored)
        writer.write(credential.signCount)
        writer.write(credential.aaguid.bytes)
        writer.write(
            (credential.isBackupEligible ? Self.backupEligible : 0) | (credential.isBackedUp ? Self.backedUp : 0))
        writer.writeCounted(credential.attestation.rawValue)
        writer.writeCounted(name)
    }

    /// Reads what `write` wrote; `nil` for anything else.
    init?(from reader: inout ByteReader) {
        guard let id = reader.readCounted(),
            let publicKey = reader.readCounted().flatMap({ Passkeys.PublicKey(stored: Array($0)) }),
            let signCount = reader.read(UInt32.self),
            let aaguid = reader.read(count: 16).flatMap({ UniqueID(bytes: $0) }),
            let flags = reader.read(UInt8.self), flags <= Self.backupEligible | Self.backedUp,
            let attestation = reader.readCountedText().flatMap(Passkeys.AttestationFormat.init),
            let name = reader.readCountedText()
        else { return nil }
        self.init(
            Passkeys.Credential(
                id: Array(id), publicKey: publicKey, signCount: signCount, aaguid: aaguid,
                isBackupEligible: flags & Self.backupEligible != 0, isBackedUp: flags & Self.backedUp != 0,
                attestation: attestation),
            name: name)
    }
}
