package import Audit
package import Core
import Storage

extension Profiles: PersonalStore {
    package func describe(_ person: Subject) throws -> [StoreReport] {
        let rows = try database.read { connection in
            try connection.first(
                "SELECT count(*) FROM profile WHERE number = $1 AND id = $2", .integer(person.number),
                .blob(person.id.bytes)
            ) { try $0.int(at: 0) }
        }
        return [StoreReport("profile", .sealedByProfileKey, .held, items: rows)]
    }

    package func erase(_ person: Subject, in change: Mutation) throws -> [StoreReport] {
        let revision = try change.connection.first(
            "SELECT revision FROM profile WHERE number = $1 AND id = $2", .integer(person.number),
            .blob(person.id.bytes)
        ) { UInt64(clamping: try $0.int64(at: 0)) }
        if let revision {
            try change.connection.run("DELETE FROM profile WHERE number = $1", .integer(person.number))
            change.changed(
                .removal(kind: .profile, tenant: person.tenant, profile: person.id, sequence: revision + 1))
        }
        return [StoreReport("profile", .sealedByProfileKey, .erased, items: revision == nil ? 0 : 1)]
    }

    /// The row of somebody who is denied already, for the work that is left; `nil` when it is gone.
    package func rowToErase(_ person: Subject) throws -> ProfileRow? {
        let row = try database.read { connection in
            try connection.first(
                """
                SELECT number, tenant, id, revision, created, updated, record, mac FROM profile
                WHERE number = $1 AND id = $2
                """, .integer(person.number), .blob(person.id.bytes)
            ) { try UncheckedProfileRow($0, of: person.tenant) } ?? nil
        }
        return try row.map { try checked($0) }
    }
}

extension Events: PersonalStore {
    package func describe(_ person: Subject) throws -> [StoreReport] {
        let count = try database.read { connection in
            try connection.first("SELECT count(*) FROM event WHERE profile = $1", .integer(person.number)) {
                try $0.int(at: 0)
            }
        }
        return [StoreReport("event", .sealedByProfileKey, .held, items: count)]
    }

    package func erase(_ person: Subject, in change: Mutation) throws -> [StoreReport] {
        let count = try change.connection.run("DELETE FROM event WHERE profile = $1", .integer(person.number))
        return [StoreReport("event", .sealedByProfileKey, .erased, items: count)]
    }
}
