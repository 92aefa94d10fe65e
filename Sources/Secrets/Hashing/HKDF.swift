import CSodium

/// HKDF with SHA-256 (RFC 5869): libsodium has none before 1.0.19.
enum HKDF {
    /// Extract, then expand. `length` is at most 255 × 32 bytes.
    static func derive(
        from material: UnsafeRawBufferPointer, salt: [UInt8], info: [UInt8], length: Int
    ) -> [UInt8] {
        precondition((1...8160).contains(length), "HKDF gives 1 to 8160 bytes")
        var source = unsafe [UInt8](material)
        defer { wipe(&source) }
        // An absent salt is a hash's length of zeros (§2.2); HMAC pads keys with zeros, so empty is the same.
        var pseudorandom = unsafe salt.withUnsafeBytes { unsafe HMACSHA256.code([source], key: $0) }
        defer { wipe(&pseudorandom) }
        var output: [UInt8] = []
        var block: [UInt8] = []
        var counter: UInt8 = 1
        while output.count < length {
            block = unsafe pseudorandom.withUnsafeBytes { unsafe HMACSHA256.code([block, info, [counter]], key: $0) }
            output += block
            counter &+= 1
        }
        wipe(&block)
        return Array(output.prefix(length))
    }
}

extension Key where Role == DerivationRole {
    /// The key for one use: `label` says which, `context` for whom.
    ///
    /// HKDF-SHA-256 with an empty salt and info `"profilevault v1 " ‖ label ‖ 0x00 ‖ context`.
    public func derive<Target: KeyRole>(
        _ label: StaticString, context: [UInt8] = [], as: Target.Type = Target.self
    ) throws(SecretsError) -> Key<Target> {
        var info = Array("profilevault v1 ".utf8)
        unsafe info.append(contentsOf: UnsafeBufferPointer(start: label.utf8Start, count: label.utf8CodeUnitCount))
        info.append(0)
        info += context
        var output = unsafe HKDF.derive(
            from: UnsafeRawBufferPointer(start: secret.pointer, count: KeyArena.slotSize), salt: [], info: info,
            length: KeyArena.slotSize)
        defer { wipe(&output) }
        return unsafe Key<Target>(
            secret: try SecretKey { slot throws(SecretsError) in
                unsafe output.withUnsafeBytes {
                    unsafe slot.copyMemory(from: $0.baseAddress!, byteCount: KeyArena.slotSize)
                }
            })
    }
}
