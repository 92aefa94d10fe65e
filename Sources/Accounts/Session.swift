public import Core
import Secrets
import Storage

/// A stay of one operator, from a log-in until it ends, lapses or is closed.
public struct Session: Sendable {
    /// Seconds until a session ends, however much it is used.
    public static let absoluteLifetime: Int64 = 12 * 3600
    /// Seconds without use after which it ends.
    public static let idleLifetime: Int64 = 2 * 3600
    /// Use within so many seconds of the last is not written down.
    static let resolution: Int64 = 60

    public let account: OperatorAccount
    public let created: Timestamp
    public let expires: Timestamp

    /// Who makes the requests.
    public var principal: Principal { account.principal }
    public var roles: [String] { account.roles }
}

/// The row of a session.
struct SessionRow {
    let digest: [UInt8]
    let operatorName: String
    let operatorID: UniqueID
    let created: Timestamp
    var used: Timestamp
    let expires: Timestamp

    func isLive(at time: Timestamp) -> Bool { time < expires && time < used.adding(seconds: Session.idleLifetime) }

    /// Code of the row: BLAKE2b-128 keyed over `"profilevault session v1"`, the token's digest 32, operator id 16, name (a
    /// length of 4 and its bytes), created 8, used 8, expires 8.
    func code(key: AuthenticationKey) -> [UInt8] {
        let hash = BLAKE2b(key: key, length: 16)
        hash.update("profilevault session v1")
        hash.update(digest)
        hash.update(operatorID.high)
        hash.update(operatorID.low)
        hash.update(UInt32(operatorName.utf8.count))
        hash.update(Array(operatorName.utf8))
        hash.update(created.milliseconds)
        hash.update(used.milliseconds)
        hash.update(expires.milliseconds)
        return hash.finish()
    }

    static func find(
        _ token: SessionToken, on connection: any Connection, key: AuthenticationKey
    ) throws -> SessionRow? {
        let digest = token.digest
        let found = try connection.first(
            "SELECT operator, operator_id, created, used, expires, code FROM session WHERE token = ?", .blob(digest)
        ) { row -> (SessionRow, [UInt8]) in
            guard let id = UniqueID(bytes: try row.blob(at: 1)) else { throw AccountsError.alteredSession }
            let session = SessionRow(
                digest: digest, operatorName: try row.text(at: 0), operatorID: id,
                created: Timestamp(milliseconds: try row.int64(at: 2)),
                used: Timestamp(milliseconds: try row.int64(at: 3)),
                expires: Timestamp(milliseconds: try row.int64(at: 4)))
            return (session, try row.blob(at: 5))
        }
        guard let (session, code) = found else { return nil }
        guard equalInConstantTime(code, session.code(key: key)) else { throw AccountsError.alteredSession }
        return session
    }

    func insert(on connection: any Connection, key: AuthenticationKey) throws {
        try connection.run(
            """
            INSERT INTO session (token, operator, operator_id, created, used, expires, code)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            .blob(digest), .text(operatorName), .blob(operatorID.bytes), .integer(created.milliseconds),
            .integer(used.milliseconds), .integer(expires.milliseconds), .blob(code(key: key)))
    }

    func storeUse(on connection: any Connection, key: AuthenticationKey) throws {
        try connection.run(
            "UPDATE session SET used = ?, code = ? WHERE token = ?", .integer(used.milliseconds), .blob(code(key: key)),
            .blob(digest))
    }
}
