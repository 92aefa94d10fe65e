import Audit
import Core
import Foundation
import Gate
import Ingest
import Secrets
import TestSupport
import Testing
import Vault

@Suite("The look-up index under changing policies")
struct IndexUpkeepTests {
    private static let administrator = Caller(
        principal: Principal(.operator, "owner"), roles: ["administrator"], proof: .shown)

    private let fixture: VaultFixture

    init() throws {
        fixture = try VaultFixture()
        try fixture.add(VaultFixture.ada, granting: ["personalization"])
    }

    /// The set in force with one text of one file replaced by another.
    private func set(_ file: String, _ text: String, _ other: String) throws -> (PolicyBundle, PolicyRules) {
        var files = fixture.gate.policies.bundle.files
        let content = String(decoding: try #require(files[file]), as: UTF8.self)
        let changed = content.replacing(text, with: other)
        try #require(changed != content)
        files[file] = Array(changed.utf8)
        let bundle = PolicyBundle(files: files)
        return (bundle, try #require(PolicyRules.read(bundle).rules))
    }

    /// A set in which nothing lets the program maintain.
    private func withoutMaintenance() throws -> (PolicyBundle, PolicyRules) {
        try set("administration.cedar", #"principal == Service::"profilevault""#, #"principal == Service::"nobody""#)
    }

    private func activate(_ bundle: PolicyBundle, _ rules: PolicyRules) throws {
        _ = try fixture.gate.activate(bundle, rules, in: fixture.vault.archive, by: Self.administrator)
    }

    private func isFound() throws -> Bool {
        let reference = SubjectReference.identifier(field: "email", value: VaultFixture.ada["email"] ?? "")
        return try fixture.read(reference, for: "personalization").verdict.allows
    }

    @Test("can be made again under every set that comes into force")
    func maintenanceIsKept() throws {
        let (bundle, rules) = try withoutMaintenance()
        let error = #expect(throws: GateError.self) { try activate(bundle, rules) }
        #expect(error?.code == GateError.policiesLockOut)
        #expect(error?.message.contains("`maintain`") == true)
        #expect(fixture.gate.policies.version == 1)
    }

    @Test("is not emptied where the policies in force keep it from being filled, and another set brings it back")
    func refusedRebuild() throws {
        let good = (fixture.gate.policies.bundle, try #require(PolicyRules.read(fixture.gate.policies.bundle).rules))
        // As an earlier release let it come into force.
        let (bundle, rules) = try withoutMaintenance()
        let authorization = try fixture.gate.authorize(.activatePolicy, by: Self.administrator)
        _ = try fixture.vault.audit.mutate(authorization) { mutation in
            try fixture.vault.archive.activate(bundle, rules, in: mutation)
        }
        try fixture.reopen()
        let entries = try fixture.vault.lookup.count()
        #expect(throws: GateError.self) { try IndexRebuild(fixture.vault).run() }
        #expect(try fixture.vault.lookup.count() == entries)

        try fixture.vault.close()
        try FileManager.default.removeItem(atPath: fixture.home.database(.index))
        try fixture.open()
        try activate(good.0, good.1)
        #expect(try IndexRebuild(fixture.vault).isNeeded())
        try IndexRebuild(fixture.vault).run()
        #expect(try isFound())
    }

    @Test("is known to be behind from the moment on in which an identifier has another form")
    func otherForm() throws {
        let (bundle, rules) = try set(
            "schema.json", #""name": "email", "form": "email""#, #""name": "email", "form": "text""#)
        try activate(bundle, rules)
        // The process that activated it ended before it came to the index.
        try fixture.reopen()
        #expect(try IndexRebuild(fixture.vault).isNeeded())
        try IndexRebuild(fixture.vault).run()
        #expect(try !IndexRebuild(fixture.vault).isNeeded())
        #expect(try isFound())
    }

    @Test("is made again of each event once, under the tenant whose it is")
    func eventsOfTenants() throws {
        _ = try fixture.addTenant("other")
        let events = Array("customer_id,what,order\n42,Page Viewed,1\n42,Page Viewed,2\n43,Page Viewed,1\n".utf8)
        let map = try MapFile(
            parsing: Array(
                #"{"columns": {"customer_id": "customer_id"}, "event": {"type": {"column": "what"}, "id": ["customer_id", "order"], "properties": {"order": "order"}}}"#
                    .utf8))
        func importAll() throws -> ImportCounts {
            try Importer(vault: fixture.vault, gate: fixture.gate, caller: VaultFixture.engineer).run(
                source: "test", rejectsPath: fixture.directory.file("rejects.jsonl"),
                open: { try MappedInput(ByteSource(events), map: map) }
            ).counts
        }
        #expect(try importAll().events == 3)
        try IndexRebuild(fixture.vault).run()
        var filter = AuditFilter()
        filter.action = Action.maintain.rawValue
        let rebuilt = try fixture.vault.audit.show(filter, limit: 20).filter {
            $0.facts["work"] == "rebuild the event index"
        }
        #expect(rebuilt.map(\.tenant) == [fixture.gate.tenant.id])
        #expect(rebuilt.first?.facts["items"] == 3)
        #expect(try importAll().events == 0)
    }

    @Test("is not made again for a set under which people are looked up as before")
    func sameForms() throws {
        let (bundle, rules) = try set("administration.cedar", "permit", "\npermit")
        try activate(bundle, rules)
        #expect(try !IndexRebuild(fixture.vault).isNeeded())
        #expect(try isFound())
    }
}
