/// What one store holds of one person, or did about them.
public struct StoreReport: Sendable, Equatable {
    /// What became of the items; the raw value is the code in the denial ledger.
    public enum Act: UInt8, Sendable, CaseIterable, CustomStringConvertible {
        /// They are there, and nothing was asked for.
        case held = 1
        /// No byte of them is left.
        case erased = 2
        /// They stay, for the reason that goes with them.
        case kept = 3

        public var description: String {
            switch self {
            case .held: "held"
            case .erased: "erased"
            case .kept: "kept"
            }
        }
    }

    /// The store's table, or the part of it that is meant.
    public let store: String
    public let tableClass: TableClass
    public let act: Act
    /// How many; `nil` where counting would mean to go through everybody's.
    public let items: Int?

    public init(_ store: String, _ tableClass: TableClass, _ act: Act, items: Int?) {
        self.store = store
        self.tableClass = tableClass
        self.act = act
        self.items = items
    }
}

/// A store of personal data: everything that holds any registers itself, so that no request forgets a place.
///
/// `Change` is what the store needs to change anything: a transaction that is logged, or what was worked out before.
package protocol PersonalStore<Change>: Sendable {
    associatedtype Change

    /// What the store holds of one person, without values.
    func describe(_ person: Subject) throws -> [StoreReport]

    /// Erases one person, and says what of them it keeps; a person who is gone already is no error.
    func erase(_ person: Subject, in change: Change) throws -> [StoreReport]
}
