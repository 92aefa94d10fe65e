package import Core

extension AuditLog: PersonalStore {
    /// The log cannot be asked by person: counting would mean to go through it.
    package func describe(_ person: Subject) throws -> [StoreReport] {
        [StoreReport("audit_entry", .retained, .held, items: nil)]
    }

    /// What was done stays provable under the random id; details were sealed under the key that is gone.
    package func erase(_ person: Subject, in change: Mutation) throws -> [StoreReport] {
        [StoreReport("audit_entry", .retained, .kept, items: nil)]
    }
}
