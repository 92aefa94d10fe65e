package import Core
import Storage

extension ProfileKeyring: PersonalStore {
    package func describe(_ person: Subject) throws -> [StoreReport] {
        let keys = try database.read { connection in
            try connection.first(
                "SELECT count(*) FROM profile_key WHERE number = $1 AND id = $2", .integer(person.number),
                .blob(person.id.bytes)
            ) { try $0.int(at: 0) }
        }
        return [StoreReport("profile_key", .keys, .held, items: keys)]
    }

    /// Destroys the person's key, in the store and in memory; the change is the number of the order in the denial ledger.
    package func erase(_ person: Subject, in change: Int64) throws -> [StoreReport] {
        let keys = try database.write { connection in
            try note(erasure: change, on: connection)
            return try connection.run("DELETE FROM profile_key WHERE number = $1", .integer(person.number))
        }
        forget(person.id)
        return [StoreReport("profile_key", .keys, .erased, items: keys)]
    }

    /// Destroys the keys of erased people again where this store was put back to before one of the erasures.
    ///
    /// Returns how many keys had come back.
    package func destroyReturned(_ denials: DenialLedger) throws -> Int {
        let destroyed = try database.read { connection in
            try connection.first("SELECT denial FROM key_erasure WHERE one = 1") { try $0.int64(at: 0) }
        }
        let newest = denials.newestOrder
        guard destroyed ?? 0 < newest else { return 0 }
        return try database.write { connection in
            let delete = try connection.prepared("DELETE FROM profile_key WHERE number = $1")
            var count = 0
            for number in denials.erasedNumbers {
                try delete.bind(number, at: 1)
                count += try delete.run()
            }
            try note(erasure: newest, on: connection)
            return count
        }
    }

    private func note(erasure denial: Int64, on connection: any Connection) throws {
        try connection.run(
            """
            INSERT INTO key_erasure (one, denial) VALUES (1, $1) ON CONFLICT (one) DO UPDATE SET denial = excluded.denial
            """, .integer(denial))
    }
}
