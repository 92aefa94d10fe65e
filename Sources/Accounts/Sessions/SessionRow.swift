import Core
import Secrets
import Storage

/// The row of a session.
struct SessionRow {
    let digest: [UInt8]
    let operatorName: String
    let operatorID: UniqueID
    /// The operator's when it was opened: one of an earlier generation is over, also where its row was put back.
    let generation: UInt32
    let created: Timestamp
    var used: Timestamp
    let expires: Timestamp
    let proof: MFAProof?
    /// The digest of the client that it is bound to.
    let client: [UInt8]

    static let table = TableDeclaration(
        "session", in: .data, .operational,
        purpose: "who is logged in until when: digests of tokens, so that a thief of the file cannot use them",
        clustered: true,
        definition: [
            """
            CREATE TABLE session (
                token BLOB NOT NULL PRIMARY KEY, operator TEXT NOT NULL, operator_id BLOB NOT NULL,
                generation INTEGER NOT NULL, created INTEGER NOT NULL, used INTEGER NOT NULL, expires INTEGER NOT NULL,
                method INTEGER, proved INTEGER, client BLOB NOT NULL, code BLOB NOT NULL)
            """
        ])

    func isLive(at time: Timestamp) -> Bool { time < expires && time < used.adding(seconds: Session.idleLifetime) }

    /// Whether it is a session of this account, and not of another that has taken the name, and was not ended with all others.
    func belongs(to account: OperatorAccount) -> Bool {
        account.id == operatorID && account.generation == generation
    }

    func session(of account: OperatorAccount) -> Session {
        Session(account: account, created: created, used: used, expires: expires, proof: proof)
    }

    /// Code of the row: BLAKE2b-128 keyed over `"profilevault session v2"`, the token's digest 32, operator id 16, name (a
    /// length of 4 and its bytes), generation 4, created 8, used 8, expires 8, method 1 (0: none), proved 8, client 16.
    func code(key: AuthenticationKey) -> [UInt8] {
        let hash = BLAKE2b(key: key, length: 16)
        hash.update("profilevault session v2")
        hash.update(digest)
        hash.update(operatorID.high)
        hash.update(operatorID.low)
        hash.update(UInt32(operatorName.utf8.count))
        hash.update(Array(operatorName.utf8))
        hash.update(generation)
        hash.update(created.milliseconds)
        hash.update(used.milliseconds)
        hash.update(expires.milliseconds)
        hash.update(proof?.method.rawValue ?? 0)
        hash.update(proof?.time.milliseconds ?? 0)
        hash.update(client)
        return hash.finish()
    }

    static func find(
        _ token: SessionToken, on connection: any Connection, key: AuthenticationKey
    ) throws -> SessionRow? {
        let row = try connection.first(
            """
            SELECT token, operator, operator_id, generation, created, used, expires, method, proved, client, code
            FROM session WHERE token = ?
            """, .blob(token.digest)
        ) { try SessionRow(checking: $0, key: key) }
        return row
    }

    /// All sessions of one name, the newest first.
    static func all(
        of name: String, on connection: any Connection, key: AuthenticationKey
    ) throws -> [SessionRow] {
        var rows: [SessionRow] = []
        try connection.query(
            """
            SELECT token, operator, operator_id, generation, created, used, expires, method, proved, client, code
            FROM session WHERE operator = ? ORDER BY created DESC
            """, .text(name)
        ) { rows.append(try SessionRow(checking: $0, key: key)) }
        return rows
    }

    func insert(on connection: any Connection, key: AuthenticationKey) throws {
        try connection.run(
            """
            INSERT INTO session (token, operator, operator_id, generation, created, used, expires, method, proved, client,
            code) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            .blob(digest), .text(operatorName), .blob(operatorID.bytes), .integer(generation),
            .integer(created.milliseconds), .integer(used.milliseconds), .integer(expires.milliseconds),
            SQLValue(proof.map { Int64($0.method.rawValue) }), SQLValue(proof?.time.milliseconds), .blob(client),
            .blob(code(key: key)))
    }

    func storeUse(on connection: any Connection, key: AuthenticationKey) throws {
        try connection.run(
            "UPDATE session SET used = ?, code = ? WHERE token = ?", .integer(used.milliseconds), .blob(code(key: key)),
            .blob(digest))
    }
}

extension SessionRow {
    /// Reads a row in the order of the columns.
    ///
    /// - Throws: `accounts.session_changed` when it does not carry its code.
    fileprivate init(checking row: borrowing Row, key: AuthenticationKey) throws {
        guard let id = UniqueID(bytes: try row.blob(at: 2)),
            let generation = UInt32(exactly: try row.int64(at: 3))
        else { throw AccountsError.alteredSession }
        var proof: MFAProof?
        if let number = try row.optionalInt64(at: 7), let time = try row.optionalInt64(at: 8) {
            guard let method = UInt8(exactly: number).flatMap(MFAProof.Method.init) else {
                throw AccountsError.alteredSession
            }
            proof = MFAProof(method: method, time: Timestamp(milliseconds: time))
        }
        self.init(
            digest: try row.blob(at: 0), operatorName: try row.text(at: 1), operatorID: id, generation: generation,
            created: Timestamp(milliseconds: try row.int64(at: 4)), used: Timestamp(milliseconds: try row.int64(at: 5)),
            expires: Timestamp(milliseconds: try row.int64(at: 6)), proof: proof, client: try row.blob(at: 9))
        guard equalInConstantTime(try row.blob(at: 10), code(key: key)) else { throw AccountsError.alteredSession }
    }
}
