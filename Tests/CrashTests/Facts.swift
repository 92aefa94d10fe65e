import Audit
import Consent
import Core
import Gate
import Secrets
import Storage
import Vault

/// What can be seen of a vault through its doors: people and their values, consents, events, log, policies, sessions.
struct Facts: Equatable, CustomStringConvertible {
    private(set) var found: [String: String] = [:]

    private static let observer = Caller(
        principal: Principal(.operator, "observer"), roles: ["agent", "dpo"], proof: .shown)
    /// What the program does by itself, as often as it must.
    private static let ownWork: Set<String> = ["audit.recover", "maintain"]
    private static let people = 1...12

    /// Of a folder in which there is no vault.
    static let none = Facts()

    private init() {}

    init(of world: World) throws {
        let vault = try world.vault
        let gate = try world.gate
        for number in Self.people { try look(at: "customer_id:\(number)", through: gate) }
        for number in Self.people { try look(at: "email:p\(number)@example.org", through: gate) }
        try vault.stores.data.read { connection in
            found["events"] = "\(try vault.events.count(on: connection))"
            found["sessions"] = "\(try connection.first("SELECT count(*) FROM session") { try $0.int(at: 0) } ?? -1)"
            found["profiles"] = "\(try connection.first("SELECT count(*) FROM profile") { try $0.int(at: 0) } ?? -1)"
        }
        found["policies"] = "\(gate.policies.version)"
        try vault.audit.fold()
        for entry in try vault.audit.show(limit: .max) {
            guard entry.principal != "Operator::observer", let action = entry.action,
                !Self.ownWork.contains(action), !Self.isUnderWay(entry)
            else { continue }
            let name = "log: \(action) \(entry.outcome?.rawValue ?? "")"
            found[name] = "\((found[name].flatMap { Int($0) } ?? 0) + 1)"
        }
    }

    /// An export is promised when it has ended; that it was begun, or failed, is said besides.
    private static func isUnderWay(_ entry: LoggedEntry) -> Bool { entry.action == "export" && entry.outcome != .done }

    private mutating func look(at person: String, through gate: Gate) throws {
        let reference = try SubjectReference(person)
        do {
            var answer = try gate.permit(
                ReadRequest(caller: Self.observer, purpose: "support", fields: nil), subject: reference)
            guard let permit = answer.permit.take() else { throw StepFailure("the observer may not look") }
            let values = try gate.read(with: permit).map { "\($0.field)=\($0.value.text)" }
            found[person] = values.sorted().joined(separator: " ")
            guard person.hasPrefix("customer_id") else { return }
            let records = try gate.consents(of: reference, by: Self.observer).records
            found["\(person), consents"] = records.map { record in
                record.changes.map { "\($0.purpose)=\($0.state)" }.joined(separator: "+")
            }.joined(separator: " ")
        } catch let error as any ReportableError where error.code.exit == .notFound {
            found[person] = nil
        }
    }

    subscript(name: String) -> String? { found[name] }

    /// In what this differs from `other`.
    func difference(from other: Facts) -> String {
        Set(found.keys).union(other.found.keys).sorted().filter { found[$0] != other.found[$0] }.map {
            "\($0): \(found[$0] ?? "nothing") for \(other.found[$0] ?? "nothing")"
        }.joined(separator: "; ")
    }

    var description: String { found.sorted { $0.key < $1.key }.map { "\($0): \($1)" }.joined(separator: "\n") }
}

/// What `doctor` and `audit verify` look at: nothing stored is other than it was written, nothing is half there.
enum Soundness {
    static func problems(of world: World) throws -> [String] {
        let vault = try world.vault
        var problems: [String] = []
        for store in Store.allCases {
            problems += try vault.stores[store].integrityProblems()
            let shape = try vault.stores[store].compare(with: Stores.schema(store))
            problems += (shape.undeclaredTables + shape.missingTables + shape.differentTables).map { "table \($0)" }
        }
        let comparison = try HeadComparison(vault, heads: vault.audit.heads())
        problems += comparison.findings.map { "\($0)" }
        let profiles = comparison.profiles
        if profiles.orphanEvents > 0 { problems.append("\(profiles.orphanEvents) events of nobody") }
        if try vault.lookup.count() < profiles.identifiers { problems.append("the index lacks entries") }
        if let failure = vault.audit.lastFoldingFailure { problems.append("\(failure)") }
        return problems
    }
}
