public import Core
public import Secrets

/// The six digits of authenticator apps: time-based one-time passwords (RFC 6238).
///
/// With SHA-1, 6 digits and 30 seconds, since many apps take nothing else. HMAC does not rest on what is broken in SHA-1.
public enum OneTimeCodes {
    /// Bytes of a secret: as many as the hash has (RFC 4226 §4, R6).
    public static let secretLength = 20
    static let digits = 6
    /// Seconds that a code is shown for.
    static let period: Int64 = 30
    /// How many steps before and after the present one are taken, for clocks that differ (RFC 6238 §5.2).
    static let window: Int64 = 1

    /// Whether this build has liboath; where it has not, everything here throws `factors.unavailable`.
    public static var isAvailable: Bool { Oath.isAvailable }

    /// A fresh secret in guarded memory.
    public static func makeSecret() throws -> SecretBytes {
        try Oath.ensureAvailable()
        return try SecretBytes.random(count: secretLength)
    }

    /// The time step to which `code` belongs; `nil` when it is none of the steps around `time`.
    ///
    /// A code is good once (RFC 6238 §5.2): the caller keeps the step that was accepted and hands it in as `lastStep`
    /// the next time, after which no code of that step or an earlier one is taken. All steps are computed and
    /// compared in constant time, whichever matches. Blanks in the code are ignored.
    public static func acceptedStep(
        of code: String, secret: borrowing SecretBytes, at time: Timestamp, after lastStep: Int64?
    ) throws(FactorsError) -> Int64? {
        try Oath.ensureAvailable()
        guard let typed = typedDigits(code), time.milliseconds >= 0 else { return nil }
        let present = time.milliseconds / (period * 1000)
        var accepted: Int64?
        for step in max(0, present - window)...(present + window) {
            let expected = try Oath.code(at: step, secret: secret, digits: digits, hash: .sha1)
            if equalInConstantTime(expected, typed), step > lastStep ?? -1 { accepted = step }
        }
        return accepted
    }

    /// The digits in ASCII; `nil` unless there are as many as a code has, and nothing else.
    private static func typedDigits(_ code: String) -> [UInt8]? {
        let typed = code.unicodeScalars.filter { !$0.properties.isWhitespace }
        guard typed.count == digits, typed.allSatisfy({ ("0"..."9").contains($0) }) else { return nil }
        return typed.map { UInt8($0.value) }
    }
}
