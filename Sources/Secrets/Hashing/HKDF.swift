import CSodium

/// HKDF with SHA-256 (RFC 5869): libsodium has none before 1.0.19.
enum HKDF {
    /// Extract, then expand into `output`, of at most 255 × 32 bytes; nothing in between outlives the call.
    static func derive(
        from material: UnsafeRawBufferPointer, salt: [UInt8], info: [UInt8],
        into output: UnsafeMutableRawBufferPointer
    ) {
        precondition((1...8160).contains(output.count), "HKDF gives 1 to 8160 bytes")
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 2 * HMACSHA256.length) { scratch in
            let pseudorandom = scratch.baseAddress!
            let block = unsafe pseudorandom + HMACSHA256.length
            defer { unsafe sodium_memzero(pseudorandom, scratch.count) }
            // An absent salt is a hash's length of zeros (§2.2); HMAC pads keys with zeros, so empty is the same.
            unsafe salt.withUnsafeBytes { unsafe HMACSHA256.code(of: [material], key: $0, into: pseudorandom) }
            let key = unsafe UnsafeRawBufferPointer(start: pseudorandom, count: HMACSHA256.length)
            var written = 0
            var counter: UInt8 = 1
            while written < output.count {
                let previous = unsafe UnsafeRawBufferPointer(start: block, count: written == 0 ? 0 : HMACSHA256.length)
                unsafe info.withUnsafeBytes { info in
                    unsafe withUnsafeBytes(of: counter) { counter in
                        unsafe HMACSHA256.code(of: [previous, info, counter], key: key, into: block)
                    }
                }
                let count = min(HMACSHA256.length, output.count - written)
                unsafe (output.baseAddress! + written).copyMemory(from: block, byteCount: count)
                written += count
                counter &+= 1
            }
        }
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
        return unsafe Key<Target>(
            secret: try SecretKey { slot throws(SecretsError) in
                unsafe secret.withPointer { material in
                    unsafe HKDF.derive(
                        from: UnsafeRawBufferPointer(start: material, count: KeyArena.slotSize), salt: [], info: info,
                        into: UnsafeMutableRawBufferPointer(start: slot, count: KeyArena.slotSize))
                }
            })
    }
}
