import Core
import Secrets
import Storage

/// When the key of a service was used last, to the minute.
///
/// In a table of its own, since using a key changes nothing that the log would have to know.
struct KeyUse {
    /// Use within so many seconds of the last is not written down.
    static let resolution: Int64 = 60

    static let table = TableDeclaration(
        "key_use", in: .data, .operational, purpose: "when the keys of services were used last, by their digests",
        clustered: true,
        definition: [
            """
            CREATE TABLE key_use (service_key BLOB NOT NULL PRIMARY KEY, used INTEGER NOT NULL, code BLOB NOT NULL)
            """
        ])

    let digest: [UInt8]
    let used: Timestamp

    /// Code of the row: BLAKE2b-128 keyed over `"profilevault key use v1"`, the key's digest 32, used 8.
    private func code(key: AuthenticationKey) -> [UInt8] {
        let hash = BLAKE2b(key: key, length: 16)
        hash.update("profilevault key use v1")
        hash.update(digest)
        hash.update(used.milliseconds)
        return hash.finish()
    }

    /// - Throws: `accounts.key_use_changed` when the row does not carry its code.
    static func last(
        of digest: [UInt8], on connection: any Connection, key: AuthenticationKey
    ) throws -> Timestamp? {
        try connection.first("SELECT used, code FROM key_use WHERE service_key = ?", .blob(digest)) { row in
            let use = KeyUse(digest: digest, used: Timestamp(milliseconds: try row.int64(at: 0)))
            guard equalInConstantTime(try row.blob(at: 1), use.code(key: key)) else {
                throw AccountsError.alteredKeyUse
            }
            return use.used
        }
    }

    func store(on connection: any Connection, key: AuthenticationKey) throws {
        try connection.run(
            """
            INSERT INTO key_use (service_key, used, code) VALUES ($1, $2, $3)
            ON CONFLICT (service_key) DO UPDATE SET used = $2, code = $3
            """, .blob(digest), .integer(used.milliseconds), .blob(code(key: key)))
    }

    static func forget(_ digest: [UInt8], on connection: any Connection) throws {
        try connection.run("DELETE FROM key_use WHERE service_key = ?", .blob(digest))
    }
}
