/// One file of policies.
public struct PolicyFile: Sendable {
    public let name: String
    public let text: String

    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}

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
        var all: [Policy] = []
        var errors: [CedarError] = []
        for file in files {
            var parser = Parser(SourceText(file.text, file: file.name))
            all += parser.policies(from: all.count)
            errors += parser.errors.sorted { ($0.position?.offset ?? 0) < ($1.position?.offset ?? 0) }
        }
        guard errors.isEmpty else { throw CedarErrors(errors) }
        if naming == .annotation {
            for index in all.indices {
                if let id = all[index].annotations["id"], !id.isEmpty { all[index].id = PolicyID(id) }
            }
        }
        try self.init(checking: all)
    }

    /// Joins sets, keeping their order.
    ///
    /// - Throws: when two policies have one id.
    public init(merging sets: [PolicySet]) throws(CedarErrors) {
        try self.init(checking: sets.flatMap { $0.templates + $0.policies })
    }

    init(checking all: [Policy]) throws(CedarErrors) {
        var errors: [CedarError] = []
        var seen = [PolicyID: SourcePosition](minimumCapacity: all.count)
        for policy in all {
            guard let first = seen.updateValue(policy.position, forKey: policy.id) else { continue }
            errors.append(
                CedarError(
                    "duplicate_policy", "the policy id `\(policy.id)` is already taken at \(first)",
                    in: policy.source, at: policy.position.offset))
        }
        guard errors.isEmpty else { throw CedarErrors(errors) }
        policies = all.filter { !$0.isTemplate }
        templates = all.filter(\.isTemplate)
        compiled = CompiledPolicies(policies)
        places = [PolicyID: Int](uniqueKeysWithValues: policies.enumerated().map { ($1.id, $0) })
    }

    /// The policy, template or link of this id.
    public subscript(id: PolicyID) -> Policy? {
        places[id].map { policies[$0] } ?? templates.first { $0.id == id }
    }
}
