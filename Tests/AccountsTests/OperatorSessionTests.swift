import Core
import Factors
import Secrets
import Storage
import Testing

@testable import Accounts

@Suite("Sessions of operators")
struct OperatorSessionTests {
    private let fixture: AccountsFixture
    private let thief = Client(address: "203.0.113.9", properties: ["cli", "1000", "another machine"])

    init() throws { fixture = try AccountsFixture() }

    @Test("have a new token each, also at a step-up")
    func fixation() throws {
        try fixture.add()
        let codes = try fixture.mutate { try fixture.register.issueRecoveryCodes(of: "ada", in: $0).codes }
        let planted = try fixture.logIn()
        let proven = try fixture.prove("ada", AccountsFixture.password, .recoveryCode(codes[0].text))
        let raised = try fixture.open(proven)
        #expect(raised.text != planted.text)
        #expect(try fixture.session(raised).proof?.method == .recoveryCode)
        #expect(try fixture.logIn().text != fixture.logIn().text)
    }

    @Test("are over when they are used at another client, for the thief and for the owner")
    func otherClient() throws {
        try fixture.add()
        let token = try fixture.logIn()
        let stolen = fixture.error { _ = try fixture.session(token, from: thief) }
        #expect(stolen?.code == AccountsError.otherClient && stolen?.code.exit == .refused)
        #expect(stolen?.remedy != nil)
        #expect(fixture.code { _ = try fixture.session(token) } == AccountsError.noSession)
    }

    @Test("go with a client from one address to another")
    func roaming() throws {
        try fixture.add()
        let token = try fixture.logIn()
        let moved = Client(address: "203.0.113.9", properties: AccountsFixture.client.properties)
        #expect(try fixture.session(token, from: moved).principal.name == "ada")
        // Properties that only look the same when they are put together are others.
        let split = Client(address: "192.0.2.1", properties: ["cli1000", "", "machine"])
        #expect(fixture.code { _ = try fixture.session(token, from: split) } == AccountsError.otherClient)
    }

    @Test("of one client do not look alike in the database, nor like the client")
    func unlinked() throws {
        try fixture.add()
        _ = try fixture.logIn()
        _ = try fixture.logIn()
        var clients: [[UInt8]] = []
        try fixture.database.read { connection in
            try connection.query("SELECT client FROM session") { clients.append(try $0.blob(at: 0)) }
        }
        #expect(clients.count == 2 && Set(clients).count == 2)
    }

    @Test("are listed, the newest first, as long as they live")
    func listed() throws {
        try fixture.add("ada")
        try fixture.add("eve")
        _ = try fixture.logIn()
        _ = try fixture.logIn(at: AccountsFixture.start.adding(seconds: 60))
        _ = try fixture.logIn("eve")
        func created(after seconds: Int64) throws -> [Int64] {
            try fixture.register.sessions(of: "ada", at: AccountsFixture.start.adding(seconds: seconds))
                .map { ($0.created.milliseconds - AccountsFixture.start.milliseconds) / 1000 }
        }
        #expect(try created(after: 61) == [60, 0])
        #expect(try created(after: 7210) == [60])
        #expect(try created(after: 12 * 3600) == [])
        #expect(
            fixture.code { _ = try fixture.register.sessions(of: "bob", at: AccountsFixture.start) }
                == AccountsError.operatorUnknown)
    }

    @Test("are all ended at once, and one that is put back in the database stays over")
    func closedEverywhere() throws {
        try fixture.add("ada")
        try fixture.add("eve")
        let tokens = [try fixture.logIn(), try fixture.logIn()]
        let other = try fixture.logIn("eve")
        try fixture.tamper("CREATE TABLE kept AS SELECT * FROM session WHERE operator = 'ada'")
        try fixture.mutate { try fixture.register.closeAll(of: "ada", in: $0) }
        for token in tokens { #expect(fixture.code { _ = try fixture.session(token) } == AccountsError.noSession) }
        try fixture.tamper("INSERT INTO session SELECT * FROM kept")
        for token in tokens { #expect(fixture.code { _ = try fixture.session(token) } == AccountsError.noSession) }
        #expect(try fixture.register.sessions(of: "ada", at: AccountsFixture.start).isEmpty)
        #expect(try fixture.session(other).principal.name == "eve")
        _ = try fixture.session(fixture.logIn())
        #expect(try fixture.findings().isEmpty)
    }

    @Test("of a disabled operator stay over where their rows are put back")
    func disabled() throws {
        try fixture.add()
        let token = try fixture.logIn()
        try fixture.tamper("CREATE TABLE kept AS SELECT * FROM session")
        try fixture.mutate { try fixture.register.disableOperator("ada", in: $0) }
        try fixture.tamper("INSERT INTO session SELECT * FROM kept")
        #expect(fixture.code { _ = try fixture.session(token) } == AccountsError.noSession)
        #expect(try fixture.register.sessions(of: "ada", at: AccountsFixture.start).isEmpty)
    }

    @Test("that nobody used for two hours leave the table at the next log-in")
    func sweptIdle() throws {
        try fixture.add()
        _ = try fixture.logIn()
        _ = try fixture.logIn(at: AccountsFixture.start.adding(seconds: 7200))
        let count = try fixture.database.read { try $0.first("SELECT COUNT(*) FROM session") { try $0.int(at: 0) } }
        #expect(count == 1)
    }
}
