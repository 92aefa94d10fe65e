package import Audit
package import Core
import Storage

extension DenialLedger: PersonalStore {
    package func describe(_ person: Subject) throws -> [StoreReport] { try report(.held, person) }

    /// The ledger is what stays of an erasure.
    package func erase(_ person: Subject, in change: Mutation) throws -> [StoreReport] {
        try report(.kept, person, on: change.connection)
    }

    private func report(_ act: StoreReport.Act, _ person: Subject) throws -> [StoreReport] {
        try database.read { try report(act, person, on: $0) }
    }

    private func report(
        _ act: StoreReport.Act, _ person: Subject, on connection: any Connection
    ) throws -> [StoreReport] {
        let records = try connection.first(
            "SELECT count(*) FROM denial WHERE profile = $1", .blob(person.id.bytes)
        ) { try $0.int(at: 0) }
        let entries = try connection.first(
            """
            SELECT count(*) FROM suppression WHERE denial IN (SELECT number FROM denial WHERE profile = $1)
            """, .blob(person.id.bytes)
        ) { try $0.int(at: 0) }
        return [
            StoreReport("denial", .denialLedger, act, items: records),
            StoreReport("suppression", .denialLedger, act, items: entries),
        ]
    }
}
