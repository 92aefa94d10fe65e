package import Audit
package import Consent
package import Core
package import Vault

/// What happened to one person, in the order of time: no values.
package struct Timeline: Sendable {
    /// One thing that happened.
    package struct Item: Sendable {
        package enum Content: Sendable {
            /// Something the person did; `received` says that the source gave no time.
            case event(type: String, source: String, received: Bool)
            /// Something the person said.
            case consent(ConsentRecord, RecordedChange)
            /// Something that was done about them: a read, a change, a refusal.
            case entry(LoggedEntry)
        }

        package let time: Timestamp
        package let content: Content
    }

    package let profile: ProfileID
    /// What the stores hold of them.
    package let stores: [StoreReport]
    package let items: [Item]
    /// Why their events are not shown; `nil` when they are.
    package let eventsWithheld: WithheldReason?
    /// How they were erased, if they were.
    package let erasure: ErasureRecord?
}
