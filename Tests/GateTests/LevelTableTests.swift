import Accounts
import Core
import Foundation
import Secrets
import Testing
import Vault

@testable import Gate

/// Every action on a tenant, held against what it has to take of each role, in every state that a session can be in.
///
/// The intent stands in `rows`; `docs/levels.md` is the table as the policies give it.
@Suite("Levels")
struct LevelTableTests {
    /// What an action takes of the roles that may do it; everybody else is refused at every level.
    private struct Row {
        let action: Action
        var purpose: String?
        var people: Int?
        var changes: [String]?
        /// What distinguishes it from another row of the action.
        var when = ""
        let level: Level
        let roles: Set<String>
    }

    private static let roles = ["administrator", "agent", "analyst", "auditor", "dpo", "engineer", "marketer"]

    private static let rows: [Row] = [
        Row(action: .import, level: .session, roles: ["engineer"]),
        Row(action: .put, level: .session, roles: ["agent", "engineer"]),
        Row(action: .recordConsent, level: .session, roles: ["agent", "dpo"]),
        Row(action: .viewConsent, level: .session, roles: ["agent", "dpo"]),
        Row(action: .timeline, purpose: "support", level: .session, roles: ["dpo"]),
        Row(action: .maintain, level: .session, roles: ["administrator", "engineer"]),
        Row(action: .login, level: .session, roles: Set(roles)),
        Row(action: .viewAudit, level: .session, roles: ["auditor", "dpo"]),
        Row(
            action: .viewStats, level: .session,
            roles: ["administrator", "analyst", "auditor", "dpo", "engineer"]),
        Row(action: .simulatePolicy, level: .session, roles: ["administrator", "dpo"]),
        Row(action: .viewOperators, level: .session, roles: ["administrator", "auditor", "dpo"]),
        Row(action: .viewServices, level: .session, roles: ["administrator", "auditor", "dpo"]),
        Row(action: .foundVault, level: .session, roles: ["administrator"]),
        Row(
            action: .export, purpose: "marketing_email", people: 100_000, when: "at most 100,000 people", level: .mfa,
            roles: ["marketer"]),
        Row(
            action: .export, purpose: "marketing_email", people: 100_001, when: "more than 100,000 people",
            level: .approval, roles: ["marketer"]),
        Row(action: .erase, level: .mfa, roles: ["dpo"]),
        Row(action: .activatePolicy, changes: [], level: .mfa, roles: ["administrator"]),
        Row(
            action: .activatePolicy, changes: ["basis"], when: "a legal basis changes", level: .approval,
            roles: ["administrator"]),
        Row(
            action: .activatePolicy, changes: ["field_class"], when: "the class of a field changes", level: .approval,
            roles: ["administrator"]),
        Row(
            action: .activatePolicy, changes: ["levels"], when: "an action comes to take less", level: .approval,
            roles: ["administrator"]),
        Row(action: .addOperator, level: .mfa, roles: ["administrator"]),
        Row(action: .disableOperator, level: .mfa, roles: ["administrator"]),
        Row(action: .resetOperator, level: .mfa, roles: ["administrator"]),
        Row(action: .renewOperator, level: .mfa, roles: Set(roles)),
        // By a quorum of the root key's shares, and by nobody with a role.
        Row(action: .recoverOperator, level: .session, roles: []),
        Row(action: .rotateEpoch, level: .mfa, roles: ["administrator"]),
        Row(action: .viewKeys, level: .session, roles: ["administrator", "auditor", "dpo"]),
        Row(action: .addService, level: .mfa, roles: ["administrator"]),
        Row(action: .rotateService, level: .mfa, roles: ["administrator"]),
        Row(action: .revokeService, level: .mfa, roles: ["administrator"]),
        Row(action: .endSessions, level: .mfa, roles: ["administrator"]),
        Row(action: .acceptLoss, level: .mfa, roles: ["administrator"]),
        Row(action: .approve, level: .mfa, roles: ["administrator", "dpo"]),
        Row(action: .breakGlass, purpose: "support", level: .approval, roles: ["administrator", "agent"]),
    ]

    /// What somebody has to show for themselves.
    private enum State: String, CaseIterable {
        case noSession = "no session"
        case password = "password alone"
        case staleMfa = "second factor, stale"
        case freshMfa = "second factor, fresh"
        case staleMfaApproved = "stale, with approval"
        case freshMfaApproved = "fresh, with approval"

        var mfa: TenantQuestion.Mfa? {
            switch self {
            case .noSession, .password: nil
            case .staleMfa, .staleMfaApproved: .init(method: "otp", age: 300)
            case .freshMfa, .freshMfaApproved: .init(method: "otp", age: 299)
            }
        }

        var isApproved: Bool { self == .staleMfaApproved || self == .freshMfaApproved }

        func reaches(_ level: Level) -> Bool {
            switch level {
            case .session: self != .noSession
            case .mfa: self == .freshMfa || self == .freshMfaApproved
            case .approval: self == .freshMfaApproved
            }
        }
    }

    private let decider: Decider
    private let fixture: VaultFixture
    /// Sessions by role, all of which have ended.
    private let ended: [String: SessionToken]

    init() throws {
        let (rules, problems, _) = PolicyRules.read(try PolicyBundle(folder: VaultFixture.policies))
        decider = Decider(
            cedar: try #require(rules, "\(problems)").cedar, schema: ProfileSchema(fields: [], version: 1))
        let fixture = try VaultFixture()
        let (gate, accounts) = (fixture.gate, fixture.vault.accounts)
        func password() throws -> SecretBytes { try SecretBytes(copying: Array(VaultFixture.password.utf8)) }
        var ended: [String: SessionToken] = [:]
        for role in Self.roles {
            _ = try gate.addOperator(
                role, roles: [role], confined: false, password: password(), by: VaultFixture.administrator,
                through: accounts)
            let token = try gate.logIn(role, password: password(), from: VaultFixture.client, through: accounts).token
            #expect(try gate.caller(with: token, from: VaultFixture.client, through: accounts).caller.roles == [role])
            try gate.logOut(token, from: VaultFixture.client, through: accounts)
            ended[role] = token
        }
        (self.fixture, self.ended) = (fixture, ended)
    }

    private func allows(_ row: Row, _ role: String, _ state: State) throws -> Bool {
        var caller = Caller(principal: Principal(.operator, "tester"), roles: [role])
        if state == .noSession {
            do {
                caller = try fixture.gate.caller(
                    with: #require(ended[role]), from: VaultFixture.client, through: fixture.vault.accounts
                ).caller
            } catch let error as AccountsError where error.code == AccountsError.noSession {
                return false
            }
        }
        var question = TenantQuestion(row.action, by: caller, for: row.purpose, on: "default")
        question.mfa = state.mfa
        question.approvals = state.isApproved ? [Principal(.operator, "second")] : []
        question.people = row.people
        question.changes = row.changes
        return try decider.allows(question).allowed
    }

    @Test("are what every action on a tenant takes of every role, and no action is left out")
    func table() throws {
        #expect(Set(Self.rows.map(\.action)) == Set(Action.allCases.filter { !$0.isAboutFields }))
        for row in Self.rows {
            for role in Self.roles {
                for state in State.allCases {
                    let expected = row.roles.contains(role) && state.reaches(row.level)
                    #expect(
                        try allows(row, role, state) == expected,
                        "\(row.action.rawValue) \(row.when) by \(role): \(state.rawValue)")
                }
            }
        }
    }

    @Test("are written in docs/levels.md as the policies give them")
    func document() throws {
        let marks: [State: String] = [.password: "●", .freshMfa: "◐", .freshMfaApproved: "○"]
        var lines = ["| action | " + Self.roles.joined(separator: " | ") + " |"]
        lines.append("|---|" + Self.roles.map { _ in "---|" }.joined())
        for row in Self.rows {
            let cells = try Self.roles.map { role -> String in
                let first = try [State.password, .freshMfa, .freshMfaApproved].first { try allows(row, role, $0) }
                return first.flatMap { marks[$0] } ?? ""
            }
            let when = row.when.isEmpty ? "" : ", \(row.when)"
            lines.append("| `\(row.action.rawValue)`\(when) | " + cells.joined(separator: " | ") + " |")
        }
        let url = URL(filePath: VaultFixture.policies).deletingLastPathComponent().appending(path: "docs/levels.md")
        let document = try String(contentsOf: url, encoding: .utf8)
        let table = document.split(separator: "\n").filter { $0.hasPrefix("|") }.map(String.init)
        #expect(table == lines, "docs/levels.md should have:\n\(lines.joined(separator: "\n"))")
    }
}
