import Audit
import Consent
import Core
import Foundation
import Gate
import Secrets
import Storage
import TestSupport
import Vault

@testable import Ingest

/// A real vault with the default policies, and what an import into it came to.
final class ImportFixture {
    let directory: TemporaryDirectory
    let vault: OpenVault
    let gate: Gate
    private(set) var rejections: [JSON] = []

    private static let policies = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "policies").path(percentEncoded: false)
    static let engineer = Caller(principal: Principal(.operator, "eve"), roles: ["engineer"])
    private static let agent = Caller(principal: Principal(.operator, "alan"), roles: ["agent"])

    init(region: String = "ZZ") throws {
        let directory = try TemporaryDirectory()
        self.directory = directory
        let bundle = try PolicyBundle(folder: Self.policies)
        let (rules, problems, _) = PolicyRules.read(bundle)
        guard let rules else { throw Unfounded(problems: problems.map(\.description)) }
        let founding = Founding(
            root: .keyFile { _ in directory.file("root.key") },
            epochReplica: { _ in directory.file("replica.holder") }, policies: bundle, rules: rules,
            tenant: "default", region: region, operatorName: "owner", strict: false)
        vault = try OpenVault.create(
            HomeFolder(path: directory.file("vault")), from: founding,
            password: SecretBytes(copying: Array("correct horse battery".utf8)), clock: .system)
        gate = try vault.gate(to: vault.tenants.named("default"))
    }

    private struct Unfounded: Error { let problems: [String] }

    /// Imports a file's bytes as the command line would, and closes nothing.
    func run(_ bytes: [UInt8], map: MapFile = MapFile()) throws -> ImportCounts {
        let region = gate.tenant.region
        let list = directory.file("rejects-\(rejections.count).jsonl")
        let outcome = try Importer(vault: vault, gate: gate, caller: Self.engineer).run(
            source: "test", rejectsPath: list,
            open: { try MappedInput(ByteSource(bytes, encoding: map.encoding), map: map, region: region) })
        if let path = outcome.rejects {
            let text = try String(contentsOfFile: path, encoding: .utf8)
            rejections += try text.split(separator: "\n").map { try JSON(parsing: Array($0.utf8)) }
        }
        return outcome.counts
    }

    /// Whether the vault knows somebody by this.
    func knows(_ subject: String) throws -> Bool {
        do {
            _ = try gate.permit(
                ReadRequest(caller: Self.agent, purpose: "support", fields: nil), subject: SubjectReference(subject))
            return true
        } catch let error as any ReportableError where error.code.exit == .notFound {
            return false
        }
    }

    /// The newest answer on record of a person about a purpose.
    func answer(_ subject: String, _ purpose: String) throws -> ConsentState? {
        try gate.consents(of: SubjectReference(subject), by: Self.agent).answer(for: purpose)?.change.state
    }

    /// Everything that a person said.
    func history(_ subject: String) throws -> [ConsentRecord] {
        try gate.consents(of: SubjectReference(subject), by: Self.agent).records
    }

    /// Where a person stands with a purpose now.
    func standing(_ subject: String, _ purpose: String) throws -> Standing {
        let view = try gate.consents(of: SubjectReference(subject), by: Self.agent)
        return try view.head.standing(for: gate.purpose(purpose), at: view.time)
    }

    /// A person's row as it is stored, and where they live.
    func stored(_ subject: String) throws -> (revision: UInt32, city: String?) {
        let reference = try SubjectReference(subject)
        var answer = try gate.permit(
            ReadRequest(caller: Self.agent, purpose: "support", fields: ["city"]), subject: reference)
        // Where there is no city, there is nothing to permit.
        let city: String? =
            if let permit = answer.permit.take() { try gate.read(with: permit).first?.value.text } else { nil }
        let id = try gate.profile(of: reference)
        let row = try vault.stores.data.read { connection in
            try vault.profiles.row(id, of: gate.tenant.id, on: connection)
        }
        guard let row else { throw Unfounded(problems: ["no row"]) }
        return (row.revision, city)
    }

    /// What the log says of each batch that changed something, the oldest first.
    func logged() throws -> [JSON] {
        try vault.audit.fold()
        var leaves: [JSON] = []
        try vault.stores.data.read { connection in
            try connection.query("SELECT leaf FROM audit_entry ORDER BY number") { row in
                leaves.append(try JSON(parsing: row.blob(at: 0)))
            }
        }
        return leaves.filter { $0["action"]?.string == "import" }.compactMap { $0["facts"] }
    }

    deinit { try? vault.close() }
}
