import Core

/// Who has shown who they are, and what that used up: a session is opened for it once, in the change that writes it down.
package struct Proven: Sendable {
    package let account: OperatorAccount
    /// The second factor; `nil` where it was the password alone.
    package let proof: MFAProof?
    let client: Client
    /// What proves the account from now on, where something was used up or a password hash made anew.
    let written: Credentials?
    /// What is used up for ever.
    package let used: [Denied]
}
