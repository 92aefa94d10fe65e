public import Core

/// That a second factor was shown, and when: what policies ask for before dangerous work.
public struct MFAProof: Sendable, Equatable {
    /// What was shown; the raw value is what a session's row keeps.
    public enum Method: UInt8, Sendable, CaseIterable {
        case oneTimeCode = 1
        case recoveryCode = 2
        case passkey = 3
        /// Nothing yet: the factors were made a moment ago, by the founding of the vault.
        case enrolment = 4

        /// The word in policies and in the log.
        public var name: String {
            switch self {
            case .oneTimeCode: "otp"
            case .recoveryCode: "recovery"
            case .passkey: "passkey"
            case .enrolment: "enrolment"
            }
        }
    }

    public let method: Method
    public let time: Timestamp
}
