import TestSupport

@testable import Cedar

/// A random schema and a policy to validate against it, as the texts that both engines read.
///
/// The schema mostly has what `RandomExpressions` speak of, so that many policies are valid.
struct RandomValidation {
    private(set) var schema = ""
    private(set) var policies = ""

    private static let owners = ["Role", "User", "Folder", "Doc"]

    init(_ random: inout RandomExpressions) {
        for type in Self.owners { schema += Self.entity(type, &random) }
        schema += "namespace App { \(Self.entity("Thing", &random)) }\n"
        schema += "action all;\n"
        for action in ["read", "edit"] {
            let group = random.oneIn(3) ? "" : " in [all]"
            let principals = random.oneIn(2) ? "User" : "[User, Role]"
            let resources = random.pick(["Doc", "[Doc, Folder]", "[Doc, App::Thing]"])
            schema += "action \(action)\(group) appliesTo { principal: \(principals), resource: \(resources), "
            schema += "context: \(Self.attributes(&random)) };\n"
        }
        schema += "action none appliesTo { principal: Role, resource: Folder };\n"
        policies = random.oneIn(3) ? "forbid (" : "permit ("
        policies += RandomCase.constraint("principal", ["User", "User", "Role"], random.oneIn(20), &random) + ", "
        policies += RandomCase.actionConstraint(&random) + ", "
        policies += RandomCase.constraint("resource", ["Doc", "Doc", "Folder"], random.oneIn(20), &random) + ")"
        for _ in 0..<random.below(3) {
            let condition = random.oneIn(3) ? Self.guarded(&random) : random.value(.bool, 1 + random.below(2))
            policies += " \(random.oneIn(4) ? "unless" : "when") { \(condition) }"
        }
        policies += ";"
    }

    // MARK: - Schema

    private static func entity(_ type: String, _ random: inout RandomExpressions) -> String {
        let above = owners.filter { _ in random.oneIn(3) }
        let parents = above.isEmpty ? "" : " in [\(above.joined(separator: ", "))]"
        let tags = random.oneIn(3) ? " tags \(self.type(random.pick([.string, .long, .strings]), &random))" : ""
        return "entity \(type)\(parents) \(attributes(&random))\(tags);\n"
    }

    private static func attributes(_ random: inout RandomExpressions) -> String {
        var members: [String] = []
        for (name, kind) in RandomExpressions.attributes where !random.oneIn(40) {
            let kind = random.oneIn(40) ? random.pick(RandomExpressions.Kind.allCases) : kind
            members.append("\(name.cedarLiteral)\(random.oneIn(5) ? "?" : ""): \(type(kind, &random))")
        }
        return "{ " + members.joined(separator: ", ") + " }"
    }

    private static func type(_ kind: RandomExpressions.Kind, _ random: inout RandomExpressions) -> String {
        switch kind {
        case .bool: "Bool"
        case .long: "Long"
        case .string: "String"
        case .user: "User"
        case .doc: "Doc"
        case .longs: "Set<Long>"
        case .strings: "Set<String>"
        case .entities: random.oneIn(2) ? "Set<User>" : "Set<Doc>"
        case .record: "{ x: Long, y\(random.oneIn(3) ? "?" : ""): { n: Long, \"a b\"?: Bool } }"
        case .decimal: "decimal"
        case .ip: "ipaddr"
        case .datetime: "datetime"
        case .duration: "duration"
        }
    }

    // MARK: - Guards

    /// Asks whether something is there before it is looked at, or hardly so.
    private static func guarded(_ random: inout RandomExpressions) -> String {
        let target = random.pick(["principal", "resource", "context", "principal.boss", "resource.d"])
        let (asked, used): (String, String)
        if random.oneIn(4) {
            let tag = random.pick(RandomExpressions.tags).cedarLiteral
            let other = random.oneIn(8) ? random.pick(RandomExpressions.tags).cedarLiteral : tag
            (asked, used) = ("\(target).hasTag(\(tag))", "\(target).getTag(\(other)) == \"a\"")
        } else {
            let other = random.oneIn(8) ? "resource" : target
            (asked, used) = random.pick([
                ("\(target) has b", "\(other).b"), ("\(target) has n", "\(other).n < 7"),
                ("\(target) has \"a b\"", "\(other)[\"a b\"] == 1"), ("\(target) has r.y.n", "\(other).r.y.n == 1"),
                ("\(target) has r", "\(other).r has y && \(other).r.y.n == 2"),
            ])
        }
        let third = random.value(.bool, 1)
        switch random.below(8) {
        case 0: return "!(\(asked)) || \(used)"
        case 1: return "if \(asked) then \(used) else \(third)"
        case 2: return "(\(asked) || \(third)) && \(used)"
        case 3: return "\(third) && \(asked) && \(used)"
        case 4: return "(\(asked) && \(third)) && (\(used) || \(third))"
        case 5: return "!(!(\(asked))) && \(used)"
        default: return "\(asked) && \(used)"
        }
    }

    // MARK: - Answers

    /// One line of JSON for the official engine.
    var line: String { "{\"policies\": \(RandomCase.json(policies)), \"schema\": \(RandomCase.json(schema))}" }

    /// Whether our engine finds the policy valid; what cannot be read is not.
    ///
    /// - Throws: where it refuses the schema.
    func isValid() throws -> Bool {
        let reading = PolicyReading([PolicyFile(name: "policies", text: policies)])
        let findings = Validator(try Schema(parsing: schema)).validate(reading.policies)
        return reading.errors.isEmpty && !findings.contains { $0.severity == .error }
    }
}
