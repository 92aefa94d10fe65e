import Core

/// What a TPM certifies of a key: TPMS_ATTEST of the type TPM_ST_ATTEST_CERTIFY (TPM 2.0 Library, Part 2 §10.12.8).
struct TPMCertification {
    /// TPM_GENERATED_VALUE: nothing else that a TPM signs begins so.
    private static let generated: UInt32 = 0xFF54_4347
    private static let certify: UInt16 = 0x8017
    /// Clock 8, resets 4, restarts 4, whether the clock is safe 1 (§10.11.1), then the firmware's version 8.
    private static let circumstances = 17 + 8

    /// What whoever asked for it had signed with it.
    let extraData: [UInt8]
    /// Of the key that it is about (§10.5.3).
    let name: [UInt8]

    /// `nil` for what is cut, goes on, or is something else that a TPM says.
    init?(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        guard reader.read(UInt32.self) == Self.generated, reader.read(UInt16.self) == Self.certify,
            // Which key signs, seen from the TPM.
            reader.readSized() != nil,
            let extraData = reader.readSized(), reader.read(count: Self.circumstances) != nil,
            let name = reader.readSized(),
            // The name of the key once more, seen from the TPM.
            reader.readSized() != nil, reader.atEnd
        else { return nil }
        self.extraData = Array(extraData)
        self.name = Array(name)
    }
}
