import Core
import Secrets
import Vault

/// One person that rows of a batch speak of: what is stored, and what the rows bring.
final class Draft {
    let subject: Subject
    /// What the vault has, or will have when the batch before is committed; `nil` for somebody new.
    let stored: ProfileRow?
    /// Somebody new gets a key when the batch is resolved.
    var key: ProfileKeyring.Entry?
    /// New values by field number.
    private(set) var changes: [UInt16: String] = [:]
    /// Index entries to be added and, where an identifier was replaced, removed.
    var added: [LookupIndex.Entry] = []
    var removed: [LookupIndex.Entry] = []
    /// Positions of the batch's rows that speak of this person, with their consents.
    var consents: [(row: Int, changes: [StandardRow.Consent])] = []
    var events: [(row: Int, event: Event)] = []

    init(new subject: Subject) {
        self.subject = subject
        stored = nil
    }

    init(stored: ProfileRow, key: ProfileKeyring.Entry) {
        subject = stored.subject
        self.stored = stored
        self.key = key
    }

    var isNew: Bool { stored == nil }
    var isChanged: Bool { isNew || !changes.isEmpty }

    func set(_ field: UInt16, _ value: String) { changes[field] = value }

    /// The values to be sealed, in order of their fields.
    var values: [(field: UInt16, value: String)] {
        changes.sorted { $0.key < $1.key }.map { (field: $0.key, value: $0.value) }
    }
}
