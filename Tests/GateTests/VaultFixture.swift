import Accounts
import Audit
import Consent
import Core
import Factors
import Foundation
import Gate
import Secrets
import Storage
import Synchronization
import TestSupport
import Vault

/// A real vault in a folder of its own, with the default policies and a clock that tests set.
final class VaultFixture {
    let directory: TemporaryDirectory
    let home: HomeFolder
    let time = ManualTime()
    private(set) var vault: OpenVault
    private(set) var gate: Gate
    /// What the owner was given on paper.
    let recoveryCodes: [String]
    /// Of the root key, of which two suffice.
    let shares: [Share]

    static let policies = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "policies").path(percentEncoded: false)
    static let password = "correct horse battery"
    static let client = Client(address: "192.0.2.1", properties: ["test"])
    static let marketer = Caller(principal: Principal(.operator, "mia"), roles: ["marketer"], proof: .shown)
    static let agent = Caller(principal: Principal(.operator, "alan"), roles: ["agent"])
    static let officer = Caller(principal: Principal(.operator, "dora"), roles: ["dpo"], proof: .shown)
    static let administrator = Caller(principal: Principal(.operator, "adam"), roles: ["administrator"], proof: .shown)
    static let engineer = Caller(principal: Principal(.operator, "eve"), roles: ["engineer"])

    init(strict: Bool = false) throws {
        directory = try TemporaryDirectory()
        home = HomeFolder(path: directory.file("vault"))
        let bundle = try PolicyBundle(folder: Self.policies)
        let (rules, problems, _) = PolicyRules.read(bundle)
        guard let rules else { throw FixtureError(problems.map(\.description).joined(separator: "\n")) }
        let keyPath = directory.file("root.key")
        let replica = directory.file("replica.holder")
        let founding = Founding(
            root: .keyFile { _ in keyPath }, epochReplica: { _ in replica }, policies: bundle, rules: rules,
            tenant: "default", region: "TW", operatorName: "owner", strict: strict,
            shares: ShareGroup(memberThreshold: 2, memberCount: 3))
        var given: Enrolment?
        var shares: [Share] = []
        vault = try OpenVault.create(
            home, from: founding, password: SecretBytes(copying: Array(Self.password.utf8)), clock: time.clock
        ) { enrolment, made in (given, shares) = (enrolment, made) }
        self.shares = shares
        recoveryCodes = given?.recoveryCodes.map(\.text) ?? []
        gate = try vault.gate(to: vault.tenants.named("default"))
    }

    /// The owner's password and one of their recovery codes, for who accepts a loss.
    func ownersProof(_ code: Int = 0, password: String = password) -> LossProof {
        .password { [recoveryCodes] accounts, now in
            try accounts.prove(
                "owner", password: SecretBytes(copying: Array(password.utf8)),
                factor: .recoveryCode(recoveryCodes[code]), from: Self.client, at: now)
        }
    }

    /// Closes the vault and opens it again, as the next command would.
    func reopen() throws {
        try vault.close()
        try open()
    }

    func open() throws {
        vault = try OpenVault(home, unlock: RootUnlock(), clock: time.clock)
        gate = try vault.gate(to: vault.tenants.named("default"))
    }

    /// Adds a person with everything in standard form already, through the gate of another tenant where one is given.
    @discardableResult
    func add(
        _ values: [String: String], granting purposes: [String] = [], through other: Gate? = nil
    ) throws -> Subject {
        let gate = other ?? self.gate
        let keys = try vault.tree.keys(of: gate.tenant.id)
        let authorization = try gate.authorize(.import, by: Self.engineer)
        let subject = vault.profiles.reserve(1, for: gate.tenant.id, at: authorization.time)[0]
        let key = try vault.profiles.keyring.create(for: [subject])[0]
        let fields = try values.map { (field: try gate.schema.require($0.key).number, value: $0.value) }
        let row = ProfileRow(
            subject: subject, revision: 1, created: authorization.time, updated: authorization.time,
            record: Record.seal(fields, over: nil, of: subject, with: key, revision: 1, schemaVersion: 1), keys: keys)
        let entries = try gate.schema.identifiers.compactMap { field in
            try values[field.name].map {
                LookupIndex.Entry(
                    entry: try keys.index(ofField: field.number).entry(field.definition.form.lookupForm(of: $0)),
                    number: subject.number)
            }
        }
        let change = try vault.profiles.change() + 1
        try vault.lookup.add(entries, change: change)
        _ = try vault.audit.mutate(authorization) { mutation in
            try vault.profiles.setChange(change, in: mutation)
            try vault.profiles.insert([row], in: mutation)
            let changes = try purposes.map { ConsentChange.grant(try purpose($0)) }
            _ = try vault.ledger.writer(in: mutation).create(
                subject, recording: changes, from: ConsentOrigin(source: "test", effective: nil))
        }
        return subject
    }

    /// Records a consent change of one person.
    func record(_ change: ConsentChange, of subject: Subject) throws {
        let authorization = try gate.authorize(.recordConsent, by: Self.agent)
        _ = try vault.audit.mutate(authorization) { mutation in
            try vault.ledger.append(
                [change], from: ConsentOrigin(source: "test", effective: authorization.time), to: subject, in: mutation)
        }
    }

    func purpose(_ name: String) throws -> PurposeDefinition {
        guard let purpose = gate.policies.purposes[name] else { throw FixtureError("no purpose \(name)") }
        return purpose
    }

    /// Reads through the door and returns the values that came out.
    func read(
        _ reference: SubjectReference, for purpose: String, by caller: Caller = marketer, fields: [String]? = nil
    ) throws -> (verdict: Verdict, values: [String: String]) {
        var answer = try gate.permit(
            ReadRequest(caller: caller, purpose: purpose, fields: fields), subject: reference)
        let verdict = answer.verdict
        guard let permit = answer.permit.take() else { return (verdict, [:]) }
        let readings = try gate.read(with: permit)
        return (verdict, Dictionary(uniqueKeysWithValues: readings.map { ($0.field, $0.value.text) }))
    }

    /// Changes the stored rows as somebody with the file and SQLite would, while the vault is closed.
    func tamper(_ store: Store, _ script: String) throws {
        try vault.close()
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["sqlite3", home.database(store), script]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw FixtureError("sqlite3 failed") }
    }

    static let ada = [
        "customer_id": "42", "email": "Ada@example.org", "phone": "+886912345678", "first_name": "Ada",
        "last_name": "Lovelace", "city": "London", "country": "GB", "loyalty_tier": "gold", "lifetime_value": "1889.5",
    ]
}

struct FixtureError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// A clock that only tests move.
final class ManualTime: Sendable {
    private let milliseconds = Atomic<Int64>(1_795_491_900_000)

    var clock: Clock { Clock { [self] in Timestamp(milliseconds: milliseconds.load(ordering: .relaxed)) } }

    func advance(seconds: Int64) { milliseconds.add(seconds * 1000, ordering: .relaxed) }
}

extension Caller.Proof {
    /// A second factor that is fresh however far a test turns the clock.
    static let shown = Caller.Proof(method: "otp", time: Timestamp(milliseconds: .max))
}
