import Audit
import Core
import Secrets
import Storage
import TestSupport
import Testing

@testable import Accounts

@Suite("A vault from before services")
struct AccountUpgradeTests {
    private static let old: [TableDeclaration] = [
        TableDeclaration(
            "operator", in: .data, .operational, purpose: "operators with passwords alone", clustered: true,
            definition: [
                """
                CREATE TABLE operator (
                    name TEXT NOT NULL PRIMARY KEY, id BLOB NOT NULL, revision INTEGER NOT NULL, roles TEXT NOT NULL,
                    password BLOB NOT NULL, created INTEGER NOT NULL, disabled INTEGER, code BLOB NOT NULL)
                """
            ]),
        TableDeclaration(
            "session", in: .data, .operational, purpose: "sessions of any client", clustered: true,
            definition: [
                """
                CREATE TABLE session (
                    token BLOB NOT NULL PRIMARY KEY, operator TEXT NOT NULL, operator_id BLOB NOT NULL,
                    created INTEGER NOT NULL, used INTEGER NOT NULL, expires INTEGER NOT NULL, code BLOB NOT NULL)
                """
            ]),
    ]

    @Test("keeps its operators and their passwords, which then take second factors")
    func upgrade() throws {
        let folder = try TemporaryDirectory()
        let database = try SQLiteDatabase(path: folder.file("data.db"), options: .store(.data))
        try database.migrate(to: Schema(.data, declarations: Self.old))
        let (key, box) = (try AuthenticationKey.random(), try BoxKey.random())
        let id = UniqueID(high: 1, low: 2)
        let password = { try SecretBytes(copying: Array(AccountsFixture.password.utf8)) }
        let hash = try PasswordHash.make(try password(), cost: AccountsFixture.cheap)
        let sealed = BoxSealer(box).seal(
            Array(hash.utf8), label: Array("profilevault operator password v1".utf8) + id.bytes)

        // The row and its code as the version before wrote them.
        var row = ByteWriter()
        row.write(1 as UInt32)
        row.write(id.bytes)
        row.writeCounted("ada")
        row.writeCounted("agent marketer")
        row.writeCounted(sealed)
        row.write(AccountsFixture.start.milliseconds)
        row.write(0 as UInt8)
        row.write(0 as Int64)
        let code = BLAKE2b(key: key, length: 16)
        code.update("profilevault operator v1")
        code.update(row.bytes)
        let values: [SQLValue] = [
            .text("ada"), .blob(id.bytes), .text("agent marketer"), .blob(sealed),
            .integer(AccountsFixture.start.milliseconds), .blob(code.finish()),
        ]
        try database.write { connection in
            try connection.run(
                """
                INSERT INTO operator (name, id, revision, roles, password, created, disabled, code)
                VALUES (?, ?, 1, ?, ?, ?, NULL, ?)
                """, values)
            try connection.run(
                """
                INSERT INTO session (token, operator, operator_id, created, used, expires, code)
                VALUES (?, 'ada', ?, 0, 0, 0, ?)
                """, .blob([1]), .blob(id.bytes), .blob([2]))
        }

        let new = Schema(
            .data, declarations: AccountRegister.tables,
            migrations: [Migration(version: 2, statements: AccountRegister.upgrade)])
        try database.migrate(to: new)
        #expect(try database.compare(with: new).isClean)
        let register = AccountRegister(
            database: database, key: key, box: box, cost: AccountsFixture.cheap, floor: AccountsFixture.cheap
        ) { kind, _ in kind == .account ? 1 : 0 }
        let proven = try register.prove(
            "ada", password: password(), from: AccountsFixture.client, at: AccountsFixture.start)
        #expect(proven.account.id == id && proven.account.roles == ["agent", "marketer"])
        #expect(proven.account.tenant == nil)
        #expect(try register.sessions(of: "ada", at: AccountsFixture.start).isEmpty)
        #expect(try register.factors(of: "ada").recoveryCodes == 0)
        try database.close()
    }
}
