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
    /// New values in the order of their fields' numbers, each with the position of the row that brought it.
    private(set) var values: [(field: UInt16, value: String, row: Int)] = []
    /// Whether a row of the batch speaks of this person.
    var isMet = false
    /// Index entries to be added and, where an identifier was replaced, removed.
    var added: [LookupIndex.Entry] = []
    var removed: [LookupIndex.Entry] = []
    /// What the batch's rows say this person agreed to.
    var consents: [ConsentRow] = []
    var events: [(row: Int, event: Event)] = []
    /// Positions of the rows that changed fields of this person, who was known.
    var updates: [Int] = []

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
    var isChanged: Bool { isNew || !values.isEmpty }

    /// Takes the value that the row at the position `row` brings, in place of what a row before it brought.
    func set(_ field: UInt16, _ value: String, row: Int) {
        // Rows name their fields in the order of the schema, as a rule.
        guard let last = values.last?.field, last >= field else {
            if values.isEmpty { values.reserveCapacity(12) }
            return values.append((field, value, row))
        }
        var place = values.count
        while place > 0, values[place - 1].field >= field { place -= 1 }
        if place < values.count, values[place].field == field {
            values[place] = (field, value, row)
        } else {
            values.insert((field, value, row), at: place)
        }
    }

    /// Leaves a field as it is stored, whatever rows before brought.
    func unset(_ field: UInt16) { values.removeAll { $0.field == field } }

    /// The new value of a field; `nil` when there is none.
    func value(_ field: UInt16) -> String? { values.first { $0.field == field }?.value }
}

/// The consents of one row.
struct ConsentRow: Sendable {
    /// The row's position in its batch.
    let row: Int
    /// When the person gave them; `nil` when nobody knows.
    let time: Timestamp?
    let answers: [StandardRow.Consent]
}
