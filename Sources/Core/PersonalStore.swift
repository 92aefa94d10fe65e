/// What one store did, or would do, about one person.
public struct StoreReport: Sendable {
    /// The store's table or file.
    public let store: String
    public let tableClass: TableClass
    /// How many items it holds of the person.
    public let items: Int

    public init(store: String, tableClass: TableClass, items: Int) {
        self.store = store
        self.tableClass = tableClass
        self.items = items
    }
}

/// A store of personal data: everything that holds any registers itself, so that no request forgets a place.
public protocol PersonalStore: Sendable {
    /// What the store holds of one person, without values.
    func describe(_ profile: ProfileID, of tenant: TenantID) throws -> [StoreReport]
}
