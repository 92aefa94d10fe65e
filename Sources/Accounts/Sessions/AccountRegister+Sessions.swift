package import Audit
package import Core
import Secrets
import Storage

extension AccountRegister {
    /// Opens a session for who has proved themselves, at the client that they proved it at.
    ///
    /// The account must still be as it was when it was proved: what was used for it (a one-time code, a recovery code) is
    /// written in the same change, so that no code opens two sessions. The token is always a new one, so that nobody profits
    /// from having planted one.
    ///
    /// - Returns: the token, the session, and what is used up for ever.
    /// - Throws: `accounts.changed_meanwhile`, and then nothing is written.
    package func openSession(
        for proven: Proven, in mutation: Mutation
    ) throws -> (token: SessionToken, session: Session, denied: [Denied]) {
        let connection = mutation.connection
        guard var row = try OperatorRow.find(proven.account.name, on: connection, key: key),
            row.account == proven.account
        else { throw AccountsError.overtaken }
        if let credentials = proven.written { try store(&row, credentials, in: mutation) }
        let time = mutation.authorization.time
        try connection.run(
            "DELETE FROM session WHERE expires <= ? OR used <= ?", .integer(time.milliseconds),
            .integer(time.adding(seconds: -Session.idleLifetime).milliseconds))
        let token = SessionToken()
        let session = SessionRow(
            digest: token.digest, operatorName: row.account.name, operatorID: row.account.id,
            generation: row.account.generation, created: time, used: time,
            expires: time.adding(seconds: Session.absoluteLifetime), proof: proven.proof,
            client: proven.client.digest(token: token.digest, key: key))
        try session.insert(on: connection, key: key)
        mutation.note("expires", JSON(session.expires.description))
        if let proof = proven.proof { mutation.note("factor", JSON(proof.method.name)) }
        return (token, session.session(of: row.account), proven.used)
    }

    /// Who holds the token, with their roles as they are now.
    ///
    /// - Throws: `accounts.no_session`, `accounts.session_expired`, `accounts.operator_disabled`; `accounts.other_client`
    ///   where the token came to somebody else, and then the session is over; an integrity error when a row was changed.
    package func session(of token: SessionToken, from client: Client, at time: Timestamp) throws -> Session {
        let found = try database.read { connection -> (SessionRow, OperatorAccount?)? in
            let operators = try newestOperators(on: connection)
            guard let session = try SessionRow.find(token, on: connection, key: key) else { return nil }
            return (session, operators.first { $0.account.name == session.operatorName }?.account)
        }
        guard var row = found?.0 else { throw AccountsError.nobody }
        guard row.isLive(at: time) else { throw AccountsError.expired }
        guard let account = found?.1, row.belongs(to: account) else { throw AccountsError.nobody }
        guard account.disabled == nil else { throw AccountsError.operatorDisabled(account.name) }
        guard equalInConstantTime(row.client, client.digest(token: row.digest, key: key)) else {
            try database.write { try $0.run("DELETE FROM session WHERE token = ?", .blob(row.digest)) }
            throw AccountsError.foreignClient(account.principal)
        }
        // No entry in the log: it gives nobody anything that the log-in did not, and what the session is used for has one.
        if time >= row.used.adding(seconds: Session.resolution) {
            row.used = time
            try database.write { try row.storeUse(on: $0, key: key) }
        }
        return row.session(of: account)
    }

    /// The sessions that an operator has open, the newest first.
    package func sessions(of name: String, at time: Timestamp) throws -> [Session] {
        try database.read { connection in
            guard let account = try newestOperators(on: connection).first(where: { $0.account.name == name })?.account
            else {
                throw AccountsError.unknownOperator(name)
            }
            return try SessionRow.all(of: name, on: connection, key: key)
                .filter { $0.isLive(at: time) && $0.belongs(to: account) && account.disabled == nil }
                .map { $0.session(of: account) }
        }
    }

    /// Ends a session; ending one that is over does nothing.
    package func closeSession(_ token: SessionToken, in mutation: Mutation) throws {
        try mutation.connection.run("DELETE FROM session WHERE token = ?", .blob(token.digest))
    }

    /// Ends every session of an operator, wherever it is; a row that is put back later is of an earlier generation.
    package func closeAll(of name: String, in mutation: Mutation) throws {
        try change(name, in: mutation) { account, _ in account.generation += 1 }
        try endSessions(of: name, in: mutation)
    }

    func endSessions(of name: String, in mutation: Mutation) throws {
        let count = try mutation.connection.run("DELETE FROM session WHERE operator = ?", .text(name))
        mutation.note("sessions_ended", JSON(count))
    }
}
