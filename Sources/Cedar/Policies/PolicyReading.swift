/// One file of policies.
public struct PolicyFile: Sendable {
    public let name: String
    public let text: String

    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}

/// What could be read of some files: so one mistake does not keep the other policies from being looked at.
public struct PolicyReading: Sendable {
    /// The policies and templates in which nothing is wrong, in the order they came.
    public let policies: [Policy]
    /// Everything that is wrong with the files; nothing when they are a set.
    public let errors: [CedarError]

    public init(_ files: [PolicyFile], naming: PolicySet.Naming = .position) {
        var policies: [Policy] = []
        var errors: [CedarError] = []
        var number = 0
        for file in files {
            var parser = Parser(SourceText(file.text, file: file.name))
            policies += parser.policies(from: &number)
            errors += parser.errors.sorted { ($0.position?.offset ?? 0) < ($1.position?.offset ?? 0) }
        }
        if naming == .annotation {
            for index in policies.indices {
                if let id = policies[index].annotations["id"], !id.isEmpty { policies[index].id = PolicyID(id) }
            }
        }
        self.policies = policies
        self.errors = errors + PolicySet.duplicates(in: policies)
    }
}
