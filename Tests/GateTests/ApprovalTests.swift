import Accounts
import Audit
import Core
import Foundation
import Secrets
import Testing
import Vault

@testable import Gate

/// Requests that take two people.
@Suite("An approval")
struct ApprovalTests {
    private static let second = Caller(principal: Principal(.operator, "bea"), roles: ["administrator"], proof: .shown)

    private let fixture: VaultFixture

    init() throws { fixture = try VaultFixture() }

    /// Changes a legal basis in the set in force.
    private func activate(by caller: Caller = VaultFixture.administrator, basis: String = "contract") throws {
        var files = fixture.gate.policies.bundle.files
        let purposes = String(decoding: files["purposes.json"] ?? [], as: UTF8.self)
        // Whatever basis it has now.
        let name = #"#DirectMarketing",\#n      "basis": ""#
        let start = try #require(purposes.range(of: name))
        let end = try #require(purposes[start.upperBound...].firstIndex(of: "\""))
        files["purposes.json"] = Array(purposes.replacingCharacters(in: start.upperBound..<end, with: basis).utf8)
        let bundle = PolicyBundle(files: files)
        #expect(bundle != fixture.gate.policies.bundle)
        let (rules, problems, _) = PolicyRules.read(bundle)
        _ = try fixture.gate.activate(
            bundle, #require(rules, "\(problems)"), in: fixture.vault.archive, by: caller)
    }

    /// Asks, is told to find somebody else, and gives the id of the request.
    private func file(basis: String = "contract") throws -> UniqueID {
        let error = #expect(throws: GateError.self) { try activate(basis: basis) }
        #expect(error?.code == GateError.approvalRequired)
        return try #require(
            try fixture.gate.requests(for: Self.second).last { $0.approval.state == .open }?.approval.id)
    }

    @Test("of another operator lets the request be carried out once")
    func once() throws {
        let id = try file()
        let shown = try #require(try fixture.gate.requests(for: Self.second).first?.request)
        #expect(shown["action"] == "policy.activate")
        #expect(shown["requester"] == "Operator::adam")
        #expect(shown["changes"] == ["basis"])
        try fixture.gate.answer(id, approving: true, by: Self.second)
        try activate()
        #expect(try fixture.gate.requests(for: Self.second).isEmpty)
        let entries = try fixture.vault.audit.show(limit: 20)
        #expect(entries.contains { $0.action == "approval.use" && $0.facts["approver"] == "Operator::bea" })
        #expect(entries.contains { $0.action == "approve" && $0.facts["requester"] == "Operator::adam" })
        // Back to the old basis, then the same again: the approval was for once.
        let back = try file(basis: "consent")
        try fixture.gate.answer(back, approving: true, by: Self.second)
        try activate(basis: "consent")
        let error = #expect(throws: GateError.self) { try activate() }
        #expect(error?.code == GateError.approvalRequired)
    }

    @Test("of the requester is none")
    func own() throws {
        let id = try file()
        let error = #expect(throws: AccountsError.self) {
            try fixture.gate.answer(id, approving: true, by: VaultFixture.administrator)
        }
        #expect(error?.code == AccountsError.approvalOwn)
        #expect(throws: GateError.self) { try activate() }
    }

    @Test("is for the very request: not for another basis, and not for somebody else's same wish")
    func veryRequest() throws {
        try fixture.gate.answer(file(), approving: true, by: Self.second)
        let other = #expect(throws: GateError.self) { try activate(basis: "legitimate_interests") }
        #expect(other?.code == GateError.approvalRequired)
        let another = #expect(throws: GateError.self) { try activate(by: Self.second) }
        #expect(another?.code == GateError.approvalRequired)
        try activate()
    }

    @Test("that was refused, or came too late, opens nothing; asking again files another request")
    func overdue() throws {
        let refused = try file()
        try fixture.gate.answer(refused, approving: false, by: Self.second)
        let late = try file()
        #expect(late != refused)
        try fixture.gate.answer(late, approving: true, by: Self.second)
        fixture.time.advance(seconds: Approval.grace)
        #expect(try file() != late)
        fixture.time.advance(seconds: Approval.lifetime)
        let error = #expect(throws: AccountsError.self) {
            try fixture.gate.answer(late, approving: true, by: Self.second)
        }
        #expect(error?.code == AccountsError.approvalOver)
    }

    @Test("does not outlive who gave it or asked for it: not their disabling, and not new factors of theirs")
    func withdrawn() throws {
        let (gate, accounts) = (fixture.gate, fixture.vault.accounts)
        func password() throws -> SecretBytes { try SecretBytes(copying: Array(VaultFixture.password.utf8)) }
        for name in ["adam", "bea"] {
            _ = try gate.addOperator(
                name, roles: ["administrator"], confined: false, password: password(), by: VaultFixture.administrator,
                through: accounts)
        }
        let ends: [(String, () throws -> Void)] = [
            (
                "the approver is reset",
                {
                    _ = try gate.resetOperator(
                        "bea", password: password(), by: VaultFixture.administrator, through: accounts)
                }
            ),
            (
                "the requester renews",
                {
                    _ = try gate.renewOperator(
                        password: password(), by: VaultFixture.administrator, through: accounts)
                }
            ),
            ("the approver is disabled", { try gate.disableOperator("bea", by: Self.second, through: accounts) }),
        ]
        for (what, end) in ends {
            let id = try file()
            try gate.answer(id, approving: true, by: Self.second)
            try end()
            let error = #expect(throws: GateError.self, "\(what)") { try activate() }
            #expect(error?.code == GateError.approvalRequired, "\(what)")
            let again = try #require(try gate.requests(for: Self.second).last?.approval.id)
            #expect(again != id)
            try gate.answer(again, approving: false, by: Self.second)
        }
        // One that waits goes with who asked for it.
        let waiting = try file()
        try gate.disableOperator("adam", by: Self.second, through: accounts)
        let gone = #expect(throws: AccountsError.self) { try gate.answer(waiting, approving: true, by: Self.second) }
        #expect(gone?.code == AccountsError.approvalOver)
        let entry = try #require(try fixture.vault.audit.show(limit: 5).first { $0.action == "operator.disable" })
        #expect(entry.facts["requests_withdrawn"] == 1)
    }

    @Test("is asked for once, however often the request is made, and takes a role and a fresh second factor to give")
    func asking() throws {
        let id = try file()
        #expect(try file() == id)
        let stale = Caller(
            principal: Principal(.operator, "bea"), roles: ["administrator"],
            proof: .init(method: "otp", time: fixture.vault.clock.now()))
        fixture.time.advance(seconds: 300)
        let late = #expect(throws: GateError.self) { try fixture.gate.answer(id, approving: true, by: stale) }
        #expect(late?.code == GateError.mfaRequired)
        let marketer = #expect(throws: GateError.self) {
            try fixture.gate.answer(id, approving: true, by: VaultFixture.marketer)
        }
        #expect(marketer?.code == GateError.denied)
    }

    @Test("is not filed for who could not do it even so")
    func noRole() throws {
        let error = #expect(throws: GateError.self) { try activate(by: VaultFixture.marketer) }
        #expect(error?.code == GateError.denied)
        #expect(try fixture.gate.requests(for: Self.second).isEmpty)
    }

    @Test("whose row was put back to before its use closes what it could open, and the log names it")
    func putBack() throws {
        try fixture.gate.answer(file(), approving: true, by: Self.second)
        let path = fixture.home.database(.data)
        try fixture.tamper(.data, "CREATE TABLE kept AS SELECT * FROM approval;")
        try fixture.open()
        try activate()
        try fixture.tamper(
            .data, "DELETE FROM approval; INSERT INTO approval SELECT * FROM kept; DROP TABLE kept;")
        try fixture.open()
        #expect(FileManager.default.fileExists(atPath: path))
        let error = #expect(throws: AccountsError.self) { _ = try fixture.gate.requests(for: Self.second) }
        #expect(error?.code == AccountsError.approvalChanged)
    }

    @Test("that somebody wrote into the database opens nothing")
    func forged() throws {
        _ = try file()
        try fixture.tamper(.data, "UPDATE approval SET state = 1, approver = 'Operator::bea';")
        try fixture.open()
        let error = #expect(throws: AccountsError.self) { try activate() }
        #expect(error?.code == AccountsError.approvalChanged)
    }

    @Test(
        "of another operator is what it takes to change what makes an action take more, or to open such an action to others"
    )
    func easing() throws {
        let old = fixture.gate.policies.rules
        func weights(_ change: (String) -> String) throws -> [String] {
            var files = fixture.gate.policies.bundle.files
            files["administration.cedar"] = Array(
                change(String(decoding: try #require(files["administration.cedar"]), as: UTF8.self)).utf8)
            let (rules, problems, _) = PolicyRules.read(PolicyBundle(files: files))
            return PolicyChanges(from: old, to: try #require(rules, "\(problems)")).weights
        }
        #expect(try weights { $0.replacing("forbid (", with: "forbid  (").replacing("level.", with: "step.") } == [])
        #expect(
            try weights { $0 + #"forbid (principal in Role::"agent", action == Action::"break_glass", resource);"# }
                == [])
        #expect(
            try weights { $0 + #"permit (principal in Role::"agent", action == Action::"import", resource);"# } == [])
        let glass = #"unless { !context.approvals.isEmpty() };\#n\#n// A program"#
        for (from, to) in [
            ("unless { context has mfa && context.mfa.age < 300 };", "unless { true };"),
            // Eleven hours are no moment ago.
            ("context.mfa.age < 300", "context.mfa.age < 40000"),
            ("context.people > 100000", "context.people > 10000000"),
            (#"containsAny(["basis", "field_class", "levels"])"#, #"containsAny(["basis"])"#),
            (#"principal in Role::"administrator" || principal in Role::"dpo" }"#, #"principal in Role::"agent" }"#),
            // For who has two roles at once, which no single role shows.
            (
                glass,
                glass.replacing(
                    "isEmpty() }",
                    with: #"isEmpty() || (principal in Role::"administrator" && principal in Role::"dpo") }"#)
            ),
            (#"Action::"erase", Action::"policy.activate""#, #"Action::"policy.activate""#),
        ] {
            #expect(try weights { $0.replacing(from, with: to) } == ["levels"], "\(from)")
        }
    }

    @Test(
        "is not got round by two steps: closing an action to everybody first, or leaving out a field or a purpose first"
    )
    func twoSteps() throws {
        func activate(_ change: (inout [String: String]) -> Void) throws -> [String]? {
            var texts = fixture.gate.policies.bundle.files.mapValues { String(decoding: $0, as: UTF8.self) }
            change(&texts)
            fixture.time.advance(seconds: 1)
            let bundle = PolicyBundle(files: texts.mapValues { Array($0.utf8) })
            let (rules, problems, _) = PolicyRules.read(bundle)
            do {
                _ = try fixture.gate.activate(
                    bundle, #require(rules, "\(problems)"), in: fixture.vault.archive, by: VaultFixture.administrator)
                return nil
            } catch let error as GateError where error.code == GateError.approvalRequired {
                let waiting = try #require(try fixture.gate.requests(for: Self.second).last)
                return waiting.request["changes"]?.array?.compactMap(\.string)
            }
        }
        let closed = #"@id("closed") forbid (principal, action == Action::"break_glass", resource);"#
        #expect(try activate { $0["closed.cedar"] = closed } == nil)
        #expect(try activate { $0["closed.cedar"] = nil } == ["levels"])
        let schema = String(decoding: fixture.gate.policies.bundle.files["schema.json"] ?? [], as: UTF8.self)
        let line = try #require(schema.split(separator: "\n").first { $0.contains(#""gender""#) })
        let other = line.replacing(#""class": "demographic""#, with: #""class": "loyalty""#)
        #expect(other != line)
        func without(_ texts: inout [String: String]) {
            texts["schema.json"] = schema.replacing(line + "\n", with: "")
            for name in texts.keys where name.hasSuffix(".cedar") {
                texts[name] = texts[name]?.replacing(#"Field::"gender", "#, with: "").replacing(
                    #", Field::"gender""#, with: "")
            }
        }
        #expect(try activate(without) == nil)
        #expect(try activate { $0["schema.json"] = schema.replacing(line, with: other) } == ["field_class"])
        let waiting = try #require(try fixture.gate.requests(for: Self.second).last)
        #expect(waiting.request["fields"]?["added"] == ["gender"])
        #expect(try activate { $0["schema.json"] = schema } == nil)
    }

    @Test("of an export of many people's data shows how many; the number is not part of what is approved")
    func numberOfPeople() throws {
        var files = fixture.gate.policies.bundle.files
        let policies = String(decoding: files["administration.cedar"] ?? [], as: UTF8.self)
        files["administration.cedar"] = Array(
            policies.replacing("context.people > 100000", with: "context.people > 1").utf8)
        let bundle = PolicyBundle(files: files)
        func activate() throws {
            _ = try fixture.gate.activate(
                bundle, #require(PolicyRules.read(bundle).rules), in: fixture.vault.archive,
                by: VaultFixture.administrator)
        }
        #expect(throws: GateError.self) { try activate() }
        let weighty = try #require(try fixture.gate.requests(for: Self.second).first)
        try fixture.gate.answer(weighty.approval.id, approving: true, by: Self.second)
        try activate()
        _ = try fixture.addMany(2)
        let error = #expect(throws: GateError.self) {
            _ = try fixture.export(for: "marketing_email", to: MemoryDestination())
        }
        #expect(error?.code == GateError.approvalRequired)
        let waiting = try #require(try fixture.gate.requests(for: Self.second).first)
        #expect(waiting.request["action"] == "export" && waiting.request["people"] == 2)
        try fixture.gate.answer(waiting.approval.id, approving: true, by: Self.second)
        try fixture.add(VaultFixture.ada, granting: ["marketing_email"])
        let destination = MemoryDestination()
        _ = try fixture.export(for: "marketing_email", to: destination)
        #expect(destination.rows.count == 3)
    }

    @Test("is not needed for few people's data, and is for many")
    func manyPeople() throws {
        let export = TenantQuestion(.export, by: VaultFixture.marketer, for: "marketing_email", on: "default")
        var few = export.withFreshMfa()
        few.people = 100_000
        var many = few
        many.people = 100_001
        #expect(try fixture.gate.rules.decider.allows(few).allowed)
        #expect(try !fixture.gate.rules.decider.allows(many).allowed)
        #expect(try fixture.gate.rules.decider.allows(many.withApproval()).allowed)
    }
}
