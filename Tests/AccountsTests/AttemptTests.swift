import Core
import Storage
import Testing

@testable import Accounts

@Suite("Failed log-ins")
struct AttemptTests {
    private let fixture: AccountsFixture

    init() throws { fixture = try AccountsFixture() }

    private static func from(_ number: Int) -> Client { Client(address: "198.51.100.\(number)", properties: []) }

    /// What a guess is answered with.
    private func guess(
        _ name: String = "ada", from client: Client = AccountsFixture.client, after seconds: Int64 = 0
    ) -> AccountsError? {
        fixture.error {
            _ = try fixture.prove(
                name, "not the password", from: client, at: AccountsFixture.start.adding(seconds: seconds))
        }
    }

    @Test(
        "make an account wait from the fifth on, a second and then twice as long each time, a quarter of an hour at most"
    )
    func growing() throws {
        try fixture.add()
        for _ in 0..<5 { #expect(guess()?.code == AccountsError.wrongCredentials) }
        var now: Int64 = 0
        for delay: Int64 in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
            let error = guess(after: now)
            #expect(error?.code == AccountsError.tooManyAttempts && error?.retryAfter == delay)
            #expect(guess(after: now + delay - 1)?.retryAfter == 1)
            now += delay
            #expect(guess(after: now)?.code == AccountsError.wrongCredentials)
        }
        #expect(AccountsError.tooManyAttempts.exit == .refused)
    }

    #if OneTimeCodes
        @Test("of one-time codes are not forgotten for a password alone, only for a proof in full")
        func otherFactors() throws {
            try fixture.add()
            let app = try fixture.enrol()
            let step: Int64 = 3600
            var time = AccountsFixture.start
            for _ in 0..<4 {
                let wrong = fixture.code {
                    _ = try fixture.prove("ada", AccountsFixture.password, .oneTimeCode("000000"), at: time)
                }
                #expect(wrong == AccountsError.wrongCredentials)
                _ = try fixture.prove(at: time)
                time = time.adding(seconds: 1)
            }
            let fifth = fixture.code {
                _ = try fixture.prove("ada", AccountsFixture.password, .oneTimeCode("000000"), at: time)
            }
            #expect(fifth == AccountsError.wrongCredentials)
            let sixth = fixture.code { _ = try fixture.prove(at: time) }
            #expect(sixth == AccountsError.tooManyAttempts)
            time = time.adding(seconds: step)
            _ = try fixture.prove("ada", AccountsFixture.password, app.factor(at: time), at: time)
            _ = try fixture.prove(at: time)
        }
    #endif

    @Test("keep the right password out as well while an account waits, and let it in afterwards")
    func rightPassword() throws {
        try fixture.add()
        for _ in 0..<5 { _ = guess() }
        #expect(fixture.code { _ = try fixture.logIn() } == AccountsError.tooManyAttempts)
        _ = try fixture.logIn(at: AccountsFixture.start.adding(seconds: 1))
        // All is forgiven: five more before anybody waits.
        for _ in 0..<5 { #expect(guess(after: 1)?.code == AccountsError.wrongCredentials) }
        #expect(guess(after: 1)?.retryAfter == 1)
    }

    @Test("of a name that nobody has are counted and answered just the same")
    func unknownNames() throws {
        try fixture.add()
        func answers(_ name: String, _ client: Client) -> [String] {
            (0..<40).map { number in
                let error = guess(name, from: client, after: Int64(number))
                return "\(error.map(\.description) ?? "none") \(error?.remedy ?? "") \(error?.retryAfter ?? 0)"
            }
        }
        let known = answers("ada", Self.from(1))
        #expect(known == answers("nobody", Self.from(2)))
        #expect(Set(known).count > 5)
    }

    @Test("cost no password hash while somebody waits")
    func beforeTheWork() throws {
        try fixture.add()
        for _ in 0..<5 { _ = guess() }
        let passes = fixture.register.turnstile.tally.passes
        #expect(passes == 6)
        for _ in 0..<20 { _ = guess() }
        #expect(fixture.register.turnstile.tally.passes == passes)
    }

    @Test("from one address make it wait from the twentieth on, whatever the names, and no other address")
    func address() throws {
        try fixture.add()
        for number in 0..<20 { #expect(guess("name\(number)")?.code == AccountsError.wrongCredentials) }
        #expect(guess("another")?.retryAfter == 1)
        #expect(guess("another", from: Self.from(1))?.code == AccountsError.wrongCredentials)
        // Who has one account may log in, and is not free to guess others by it.
        let later = AccountsFixture.start.adding(seconds: 1)
        _ = try fixture.prove(at: later)
        #expect(guess("another", after: 1)?.code == AccountsError.wrongCredentials)
        #expect(guess("another", after: 1)?.retryAfter == 2)
    }

    @Test(
        "make nobody wait longer for a log-in that succeeds, and are forgotten a day after the last of them all the same"
    )
    func success() throws {
        try fixture.add()
        for number in 0..<24 { _ = guess("name\(number)", after: Int64(number) * 60) }
        let last: Int64 = 23 * 60
        #expect(guess("another", after: last + 15)?.retryAfter == 1)
        for second in 16..<20 as Range<Int64> {
            _ = try fixture.prove(at: AccountsFixture.start.adding(seconds: last + second))
        }
        #expect(guess("another", after: last + 19)?.code == AccountsError.wrongCredentials)
        let day: Int64 = 24 * 3600
        _ = try fixture.prove(at: AccountsFixture.start.adding(seconds: last + 19 + day - 60))
        _ = try fixture.prove(at: AccountsFixture.start.adding(seconds: last + 19 + day))
        for number in 0..<19 {
            #expect(guess("new\(number)", after: last + 19 + day)?.code == AccountsError.wrongCredentials)
        }
    }

    @Test("of ten thousand guesses from everywhere take a hundred days")
    func tenThousand() throws {
        let attempts = fixture.register.attempts
        let days = try fixture.database.write { connection in
            var now = AccountsFixture.start
            for number in 0..<10_000 {
                let address = "2001:db8:\(number)::/64"
                do {
                    _ = try attempts.admit("ada", from: address, at: now, on: connection)
                } catch let error as AccountsError where error.code == AccountsError.tooManyAttempts {
                    now = now.adding(seconds: try #require(error.retryAfter))
                    _ = try attempts.admit("ada", from: address, at: now, on: connection)
                }
            }
            return (now.milliseconds - AccountsFixture.start.milliseconds) / 86_400_000
        }
        #expect(days >= 100)
    }

    @Test("that come at the same time do not pass together")
    func parallel() throws {
        try fixture.add()
        let wrong = Tally()
        let kept = Tally()
        inThreads(32) { number in
            switch guess(from: Self.from(number))?.code {
            case AccountsError.wrongCredentials: wrong.add()
            case AccountsError.tooManyAttempts: kept.add()
            case let other: Issue.record("\(other?.name ?? "let in")")
            }
        }
        #expect(wrong.value == 5 && kept.value == 27)
    }

    @Test("are remembered by the next process, and forgotten after a day")
    func memory() throws {
        try fixture.add()
        for _ in 0..<5 { _ = guess() }
        let next = fixture.another()
        #expect(fixture.code { _ = try fixture.prove(through: next) } == AccountsError.tooManyAttempts)
        let day: Int64 = 24 * 3600
        #expect(guess("somebody", after: day)?.code == AccountsError.wrongCredentials)
        let rows = try fixture.database.read { try $0.first("SELECT COUNT(*) FROM attempt") { try $0.int(at: 0) } }
        #expect(rows == 2)
    }

    @Test("are not uncounted by whoever can change their rows")
    func tampering() throws {
        try fixture.add()
        for sql in [
            "UPDATE attempt SET failures = 0", "UPDATE attempt SET last = last - 1000",
            "UPDATE attempt SET failures = -1",
        ] as [StaticString] {
            _ = guess()
            try fixture.tamper(sql)
            #expect(guess()?.code == AccountsError.attemptsChanged, "\(sql)")
            try fixture.tamper("DELETE FROM attempt")
        }
        #expect(AccountsError.attemptsChanged.exit == .integrity)
    }

    @Test("leave neither names nor addresses in the database")
    func digests() throws {
        _ = guess("a password, typed in the wrong place")
        let rows = try fixture.database.read { connection in
            var rows: [[UInt8]] = []
            try connection.query("SELECT subject FROM attempt") { rows.append(try $0.blob(at: 0)) }
            return rows
        }
        #expect(rows.count == 2 && rows.allSatisfy { $0.count == 16 })
        // Another vault has other digests, so that nobody can look names up.
        let other = try AccountsFixture()
        #expect(other.code { _ = try other.prove("a password, typed in the wrong place") } != nil)
        let others = try other.database.read { connection in
            var rows: [[UInt8]] = []
            try connection.query("SELECT subject FROM attempt") { rows.append(try $0.blob(at: 0)) }
            return rows
        }
        #expect(Set(rows).isDisjoint(with: others))
    }
}
