/// Policies that decide together: immutable, indexed by scope, shared freely between threads.
public struct PolicySet: Sendable {
    /// Where policies get their ids from.
    public enum Naming: Sendable {
        /// `policy0`, `policy1`, … by their place among all the files.
        case position
        /// The `@id` annotation, and their place where they have none.
        case annotation
    }

    /// What decides: policies and linked templates, in the order they came.
    public let policies: [Policy]
    /// What decides only once it is linked.
    public let templates: [Policy]

    let compiled: CompiledPolicies
    private let places: [PolicyID: Int]

    /// The empty set, which denies everything.
    public init() {
        policies = []
        templates = []
        compiled = CompiledPolicies([])
        places = [:]
    }

    /// Reads one file.
    ///
    /// - Throws: everything that is wrong with it.
    public init(parsing text: String, file: String = "policies", naming: Naming = .position) throws(CedarErrors) {
        try self.init(parsing: [PolicyFile(name: file, text: text)], naming: naming)
    }

    /// Reads several files as one set.
    ///
    /// - Throws: everything that is wrong with all of them.
    public init(parsing files: [PolicyFile], naming: Naming = .position) throws(CedarErrors) {
        try self.init(PolicyReading(files, naming: naming))
    }

    /// Takes policies that were read.
    ///
    /// - Throws: everything that was wrong with their files.
    public init(_ reading: PolicyReading) throws(CedarErrors) {
        guard reading.errors.isEmpty else { throw CedarErrors(reading.errors) }
        try self.init(checking: reading.policies)
    }

    /// Joins sets, keeping their order.
    ///
    /// - Throws: when two policies have one id.
    public init(merging sets: [PolicySet]) throws(CedarErrors) {
        try self.init(checking: sets.flatMap { $0.templates + $0.policies })
    }

    init(checking all: [Policy]) throws(CedarErrors) {
        let errors = Self.duplicates(in: all)
        guard errors.isEmpty else { throw CedarErrors(errors) }
        policies = all.filter { !$0.isTemplate }
        templates = all.filter(\.isTemplate)
        compiled = CompiledPolicies(policies)
        places = [PolicyID: Int](uniqueKeysWithValues: policies.enumerated().map { ($1.id, $0) })
    }

    /// A complaint of each policy whose id another one has before it.
    static func duplicates(in all: [Policy]) -> [CedarError] {
        var errors: [CedarError] = []
        var seen = [PolicyID: SourcePosition](minimumCapacity: all.count)
        for policy in all {
            guard let first = seen.updateValue(policy.position, forKey: policy.id) else { continue }
            errors.append(
                CedarError(
                    "duplicate_policy", "the policy id `\(policy.id)` is already taken at \(first)",
                    in: policy.source, at: policy.position.offset))
        }
        return errors
    }

    /// The policy, template or link of this id.
    public subscript(id: PolicyID) -> Policy? {
        places[id].map { policies[$0] } ?? templates.first { $0.id == id }
    }
}
