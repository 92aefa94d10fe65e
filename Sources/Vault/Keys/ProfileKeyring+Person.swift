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
            try note([person.number], erasedBy: change, on: connection)
            return try connection.run("DELETE FROM profile_key WHERE number = $1", .integer(person.number))
        }
        forget(person.id)
        return [StoreReport("profile_key", .keys, .erased, items: keys)]
    }

    /// Destroys the keys of erased people again: where this store was put back to before one of the erasures, and where
    /// single keys were put back into it, whatever the denial ledger says by now.
    ///
    /// Returns how many keys had come back.
    package func destroyReturned(_ denials: DenialLedger) throws -> Int {
        let newest = denials.newestOrder
        let isBehind = try newestErasure() < newest
        guard try isBehind || countReturned() > 0 else { return 0 }
        return try database.write { connection in
            if isBehind { try note(denials.erasedNumbers, erasedBy: newest, on: connection) }
            return try connection.run(
                "DELETE FROM profile_key WHERE number IN (SELECT number FROM key_erasure)")
        }
    }

    /// The number of the newest order of erasure that this store has followed; 0 when there is none.
    package func newestErasure() throws -> Int64 {
        try database.read { connection in
            try connection.first("SELECT max(denial) FROM key_erasure") { try $0.optionalInt64(at: 0) } ?? nil
        } ?? 0
    }

    /// What is wrong when this store has followed erasures that the denial ledger does not know.
    package func compare(with denials: DenialLedger) throws -> [VaultError] {
        guard try newestErasure() > denials.newestOrder else { return [] }
        return [
            VaultError(
                VaultError.denialsChanged,
                "the denial ledger lacks erasures that the key store has followed: data.db was put back to before them",
                remedy: VaultError.newerDatabase)
        ]
    }

    /// Whether the key that had this number was destroyed by an erasure.
    func isErased(_ number: Int64) throws -> Bool {
        try database.read { connection in
            try connection.first("SELECT denial FROM key_erasure WHERE number = $1", .integer(number)) { _ in true }
        } ?? false
    }

    private func countReturned() throws -> Int {
        try database.read { connection in
            try connection.first(
                "SELECT count(*) FROM key_erasure JOIN profile_key ON profile_key.number = key_erasure.number"
            ) { try $0.int(at: 0) }
        } ?? 0
    }

    private func note(_ numbers: [Int64], erasedBy denial: Int64, on connection: any Connection) throws {
        let insert = try connection.prepared(
            """
            INSERT INTO key_erasure (number, denial) VALUES ($1, $2)
            ON CONFLICT (number) DO UPDATE SET denial = excluded.denial
            """)
        for number in numbers {
            try insert.bind(number, at: 1)
            try insert.bind(denial, at: 2)
            try insert.run()
        }
    }
}
