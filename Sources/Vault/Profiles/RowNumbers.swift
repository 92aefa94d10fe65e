import Audit
import Core
import Secrets
import Storage

/// The highest number that a person's row was ever given: no number is used twice, also not an erased person's.
struct RowNumbers: Sendable {
    static let table = TableDeclaration(
        "profile_number", in: .data, .operational,
        purpose:
            "the highest number a person's row was ever given, under a code; shows how many people there ever were",
        definition: [
            "CREATE TABLE profile_number (one INTEGER PRIMARY KEY, highest INTEGER NOT NULL, code BLOB NOT NULL)"
        ])

    private let key: AuthenticationKey

    init(key: AuthenticationKey) { self.key = key }

    /// 0 before the first person.
    ///
    /// - Throws: `numbersChanged` when the row is not as the vault wrote it.
    func highest(on connection: any Connection) throws -> Int64 {
        guard let (highest, stored) = try row(on: connection) else { return 0 }
        guard equalInConstantTime(stored, code(highest)) else {
            throw VaultError(
                VaultError.numbersChanged, "the highest row number is not as the vault wrote it",
                remedy: VaultError.restore)
        }
        return highest
    }

    /// Remembers that numbers up to this one have been given, in the change that gives them.
    func raise(to number: Int64, in mutation: Mutation) throws {
        guard try number > highest(on: mutation.connection) else { return }
        let code = code(number)
        try mutation.connection.run(
            """
            INSERT INTO profile_number (one, highest, code) VALUES (1, $1, $2)
            ON CONFLICT (one) DO UPDATE SET highest = excluded.highest, code = excluded.code
            """, .integer(number), .blob(code))
        mutation.changed(head(number, code))
    }

    /// Holds the row against what the log knows of it.
    func verify(on connection: any Connection, against heads: inout HeadMap) throws -> [AuditError] {
        let rows = try row(on: connection).map { highest, stored in
            let isOurs = equalInConstantTime(stored, code(highest))
            return StoredRow(id: Self.id, name: Self.name, head: isOurs ? head(highest, stored) : nil)
        }
        return heads.compare(.highestNumber, rows.map { [$0] } ?? []) { _ in Self.name }
    }

    private static let name = "the highest row number"
    private static let id = UniqueID(high: 0, low: 0)

    private func row(on connection: any Connection) throws -> (highest: Int64, code: [UInt8])? {
        try connection.first("SELECT highest, code FROM profile_number WHERE one = 1") { row in
            (try row.int64(at: 0), try row.blob(at: 1))
        }
    }

    private func head(_ number: Int64, _ code: [UInt8]) -> HeadChange {
        .row(.highestNumber, Self.id, sequence: UInt64(clamping: number), digest: code)
    }

    private func code(_ number: Int64) -> [UInt8] {
        let hash = BLAKE2b(key: key, length: HeadChange.digestLength)
        hash.update("highest row number v1")
        hash.update(number)
        return hash.finish()
    }
}
