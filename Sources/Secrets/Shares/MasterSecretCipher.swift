/// Four Feistel rounds of PBKDF2 between a master secret and what is shared (SLIP-0039, *Passphrase*).
struct MasterSecretCipher {
    private static let rounds: [UInt8] = [0, 1, 2, 3]
    /// Of PBKDF2 in each round, before the exponent doubles them.
    private static let baseIterations = 2500

    let parameters: ShareParameters
    let passphrase: SharePassphrase

    func encrypt(_ masterSecret: ShareValue) throws(SecretsError) -> ShareValue {
        try run(Self.rounds, over: masterSecret)
    }

    func decrypt(_ encrypted: ShareValue) throws(SecretsError) -> ShareValue {
        try run(Self.rounds.reversed(), over: encrypted)
    }

    private func run(_ rounds: [UInt8], over value: ShareValue) throws(SecretsError) -> ShareValue {
        let half = value.count / 2
        return try unsafe ShareValue(count: value.count) { state throws(SecretsError) in
            // L is the first half, R the second.
            unsafe value.withBytes { _ = unsafe state.update(fromContentsOf: $0) }
            for round in rounds {
                let right = unsafe UnsafeRawBufferPointer(UnsafeMutableBufferPointer(rebasing: state[half...]))
                let mask = try unsafe roundMask(round, over: right)
                unsafe mask.withBytes { mask in
                    for place in 0..<half {
                        let left = unsafe state[place] ^ mask[place]
                        unsafe state[place] = state[half + place]
                        unsafe state[half + place] = left
                    }
                }
            }
            for place in 0..<half { unsafe state.swapAt(place, half + place) }
        }
    }

    private func roundMask(_ round: UInt8, over right: UnsafeRawBufferPointer) throws(SecretsError) -> ShareValue {
        let password = try passphrase.password(round: round)
        return try unsafe ShareValue(count: right.count) { output throws(SecretsError) in
            unsafe password.withUnsafeBytes { password in
                unsafe salt.withUnsafeBytes { salt in
                    unsafe PBKDF2.derive(
                        from: password, salt: [salt, right],
                        iterations: Self.baseIterations << parameters.iterationExponent,
                        into: UnsafeMutableRawBufferPointer(output))
                }
            }
        }
    }

    /// Extendable sets have none, so that any number of them can be made of one secret under one passphrase.
    private var salt: [UInt8] {
        guard !parameters.isExtendable else { return [] }
        return Array("shamir".utf8) + [UInt8(parameters.identifier >> 8), UInt8(parameters.identifier & 0xFF)]
    }
}
