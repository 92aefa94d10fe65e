import Core
import Secrets
import Storage

/// How often log-ins failed of late, by account and by address, and how long the next one has to wait.
///
/// A guess is counted before it is looked at, in the transaction that lets it in, so that guesses at the same time do not
/// pass together. Names and addresses are kept as keyed digests: a password typed in the place of a name is not stored.
struct Attempts {
    /// What guesses are counted by.
    enum Counter: UInt8 {
        case account = 1
        case address = 2

        /// So many failures make nobody wait; each one more doubles the wait from a second on.
        var allowance: UInt32 {
            switch self {
            case .account: 5
            case .address: 20
            }
        }

        /// Seconds from the last failure until the next guess is let in.
        func delay(after failures: UInt32) -> Int64 {
            guard failures >= allowance else { return 0 }
            return min(1 << Int64(min(failures - allowance, 32)), Attempts.longestDelay)
        }
    }

    /// Seconds.
    static let longestDelay: Int64 = 15 * 60
    /// Seconds after the last failure when it is forgotten.
    static let memory: Int64 = 24 * 3600

    static let table = TableDeclaration(
        "attempt", in: .data, .operational,
        purpose: "failed log-ins of the last day: keyed digests of names and addresses, how many and when",
        clustered: true,
        definition: [
            """
            CREATE TABLE attempt (
                subject BLOB NOT NULL PRIMARY KEY, failures INTEGER NOT NULL, last INTEGER NOT NULL, code BLOB NOT NULL)
            """,
            "CREATE INDEX attempt_last ON attempt (last)",
        ])

    private let key: AuthenticationKey

    init(key: AuthenticationKey) { self.key = key }

    /// Lets a guess in and counts it as failed until `succeeded` says otherwise.
    ///
    /// - Throws: `accounts.too_many_attempts` with the seconds to wait; that is not counted. `accounts.attempts_changed`.
    func admit(
        _ name: String, from address: String, at time: Timestamp, on connection: any Connection
    ) throws -> Admission {
        try connection.run(
            "DELETE FROM attempt WHERE last <= ?", .integer(time.adding(seconds: -Self.memory).milliseconds))
        let subjects = subjects(name, address)
        var records: [Record] = []
        var wait: Int64 = 0
        for (counter, subject) in subjects {
            let record = try find(subject, on: connection) ?? Record(failures: 0, last: time)
            let end = record.last.adding(seconds: counter.delay(after: record.failures))
            wait = max(wait, end.milliseconds - time.milliseconds)
            records.append(record)
        }
        guard wait <= 0 else { throw AccountsError.tooMany(wait: (wait + 999) / 1000) }
        for (place, record) in records.enumerated() {
            let failures = record.failures == .max ? record.failures : record.failures + 1
            try store(Record(failures: failures, last: time), of: subjects[place].subject, on: connection)
        }
        return Admission(time: time, before: records.map(\.last))
    }

    /// A guess that was let in: when, and when its name and its address had failed last before.
    struct Admission {
        let time: Timestamp
        fileprivate let before: [Timestamp]
    }

    /// Takes back what `admit` counted, and forgets the other failures of an account that was proved in `full`.
    ///
    /// A password alone does not forget them where there are other factors: whoever has it could else go on guessing
    /// those. The address keeps its other failures: whoever has one account of their own could go on guessing others. Nobody
    /// waits longer for a log-in that succeeded.
    func succeeded(
        _ name: String, in full: Bool, from address: String, _ admission: Admission, on connection: any Connection
    ) throws {
        for ((counter, subject), before) in zip(subjects(name, address), admission.before) {
            guard var record = try find(subject, on: connection) else { continue }
            record.failures -= min(record.failures, 1)
            // Unless another guess came since.
            if record.last == admission.time { record.last = before }
            if counter == .account && full || record.failures == 0 {
                try connection.run("DELETE FROM attempt WHERE subject = ?", .blob(subject))
            } else {
                try store(record, of: subject, on: connection)
            }
        }
    }

    private struct Record {
        var failures: UInt32
        var last: Timestamp
    }

    /// BLAKE2b-128 keyed over `"profilevault attempt v1"`, kind 1 (1 account, 2 address) and the name or address.
    private func subjects(_ name: String, _ address: String) -> [(counter: Counter, subject: [UInt8])] {
        [(.account, name), (.address, address)].map { (counter: Counter, text) in
            let hash = BLAKE2b(key: key, length: 16)
            hash.update("profilevault attempt v1")
            hash.update(counter.rawValue)
            hash.update(Array(text.utf8))
            return (counter, hash.finish())
        }
    }

    /// Code of the row: BLAKE2b-128 keyed over `"profilevault attempts v1"`, subject 16, failures 4, last 8.
    private func code(_ record: Record, of subject: [UInt8]) -> [UInt8] {
        let hash = BLAKE2b(key: key, length: 16)
        hash.update("profilevault attempts v1")
        hash.update(subject)
        hash.update(record.failures)
        hash.update(record.last.milliseconds)
        return hash.finish()
    }

    private func find(_ subject: [UInt8], on connection: any Connection) throws -> Record? {
        try connection.first("SELECT failures, last, code FROM attempt WHERE subject = ?", .blob(subject)) { row in
            guard let failures = UInt32(exactly: try row.int64(at: 0)) else { throw AccountsError.alteredAttempts }
            let record = Record(failures: failures, last: Timestamp(milliseconds: try row.int64(at: 1)))
            guard equalInConstantTime(try row.blob(at: 2), code(record, of: subject)) else {
                throw AccountsError.alteredAttempts
            }
            return record
        }
    }

    private func store(_ record: Record, of subject: [UInt8], on connection: any Connection) throws {
        try connection.run(
            """
            INSERT INTO attempt (subject, failures, last, code) VALUES ($1, $2, $3, $4)
            ON CONFLICT (subject) DO UPDATE SET failures = $2, last = $3, code = $4
            """,
            .blob(subject), .integer(record.failures), .integer(record.last.milliseconds),
            .blob(code(record, of: subject)))
    }
}
