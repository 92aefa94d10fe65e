import TestSupport

@testable import Cedar

/// A random set of policies, with entities and requests to decide by it, as the texts that both engines read.
struct RandomCase {
    struct Link {
        let template: Int
        let id: String
        let principal: EntityUID?
        let resource: EntityUID?
    }

    struct Question {
        let principal: EntityUID
        let action: EntityUID
        let resource: EntityUID
        /// JSON.
        let context: String
    }

    private(set) var policies = ""
    private(set) var links: [Link] = []
    /// JSON.
    private(set) var entities = ""
    private(set) var questions: [Question] = []

    static let actions = ["read", "edit", "all", "none"].map { EntityUID(type: "Action", id: $0) }

    init(_ random: inout RandomExpressions, requests: Int) {
        for number in 0..<(1 + random.below(6)) { addPolicy(number, &random) }
        entities = Self.entities(&random)
        questions = (0..<requests).map { _ in
            Question(
                principal: random.uid(["User", "User", "User", "Role", "App::Thing"]),
                action: random.pick(Self.actions), resource: random.uid(["Doc", "Doc", "Doc", "Folder", "User"]),
                context: Self.attributes(&random))
        }
    }

    // MARK: - Policies

    private mutating func addPolicy(_ number: Int, _ random: inout RandomExpressions) {
        let isTemplate = random.oneIn(5)
        let slots = isTemplate ? (random.oneIn(2), random.oneIn(2)) : (false, false)
        policies += random.oneIn(6) ? "@note(\"\(number)\") " : ""
        policies += random.oneIn(3) ? "forbid (" : "permit ("
        policies += Self.constraint("principal", ["User", "User", "Role"], slots.0, &random) + ", "
        policies += Self.actionConstraint(&random) + ", "
        policies += Self.constraint("resource", ["Doc", "Doc", "Folder"], slots.1, &random) + ")"
        for _ in 0..<(random.oneIn(5) ? 0 : 1 + random.below(2)) {
            policies += " \(random.oneIn(4) ? "unless" : "when") { \(random.value(.bool, 4)) }"
        }
        policies += ";\n"
        guard slots.0 || slots.1 else { return }
        for link in 0..<random.below(4) {
            links.append(
                Link(
                    template: number, id: "link\(number)-\(link)",
                    principal: slots.0 ? random.uid(["User", "Role"]) : nil,
                    resource: slots.1 ? random.uid(["Doc", "Folder"]) : nil))
        }
    }

    static func constraint(
        _ variable: String, _ types: [String], _ hasSlot: Bool, _ random: inout RandomExpressions
    ) -> String {
        let reference = hasSlot ? "?\(variable)" : random.uid(types).description
        let type = random.pick(types)
        switch random.below(hasSlot ? 3 : 8) {
        case 0: return "\(variable) == \(reference)"
        case 1: return "\(variable) in \(reference)"
        case 2: return "\(variable) is \(type) in \(reference)"
        case 3: return "\(variable) is \(type)"
        default: return variable
        }
    }

    static func actionConstraint(_ random: inout RandomExpressions) -> String {
        switch random.below(6) {
        case 0: "action == \(random.pick(actions))"
        case 1: "action in \(random.pick(actions))"
        case 2: "action in [\(random.pick(actions)), \(random.pick(actions))]"
        default: "action"
        }
    }

    // MARK: - Entities

    /// Most of the entities that policies and requests name; parents come later in the order, so there is no cycle.
    private static func entities(_ random: inout RandomExpressions) -> String {
        var order: [EntityUID] = []
        for type in ["User", "Doc", "App::Thing", "Role", "Folder"] {
            order += RandomExpressions.ids.map { EntityUID(type: type, id: $0) }
        }
        var all: [String] = []
        for (place, uid) in order.enumerated() where !random.oneIn(6) {
            let parents = order[(place + 1)...].filter { _ in random.oneIn(12) }
            let tags = RandomExpressions.tags.filter { _ in random.oneIn(2) }.map {
                "\(json($0)): \(value(random.pick(RandomExpressions.Kind.allCases), &random))"
            }
            all.append(entity(uid, attributes(&random), parents, tags))
        }
        all += actions.prefix(3).map { entity($0, "{}", $0 == actions[2] ? [] : [actions[2]], []) }
        return "[" + all.joined(separator: ",\n") + "]"
    }

    private static func entity(
        _ uid: EntityUID, _ attributes: String, _ parents: [EntityUID], _ tags: [String]
    ) -> String {
        "{\"uid\": \(json(uid)), \"attrs\": \(attributes), "
            + "\"parents\": [\(parents.map(json).joined(separator: ", "))], "
            + "\"tags\": {\(tags.joined(separator: ", "))}}"
    }

    /// Most attributes, mostly of their kinds.
    private static func attributes(_ random: inout RandomExpressions) -> String {
        var members: [String] = []
        for (name, kind) in RandomExpressions.attributes where !random.oneIn(5) {
            let kind = random.oneIn(20) ? random.pick(RandomExpressions.Kind.allCases) : kind
            members.append("\(json(name)): \(value(kind, &random))")
        }
        return "{" + members.joined(separator: ", ") + "}"
    }

    private static func value(_ kind: RandomExpressions.Kind, _ random: inout RandomExpressions) -> String {
        func list(_ kind: RandomExpressions.Kind, _ random: inout RandomExpressions) -> String {
            "[" + (0..<random.below(12)).map { _ in value(kind, &random) }.joined(separator: ", ") + "]"
        }
        func call(_ function: String, _ texts: [String], _ random: inout RandomExpressions) -> String {
            "{\"__extn\": {\"fn\": \"\(function)\", \"arg\": \"\(random.pick(texts))\"}}"
        }
        switch kind {
        case .bool: return random.oneIn(2) ? "true" : "false"
        case .long: return random.pick(["0", "1", "2", "7", "-1", "9223372036854775807", "-9223372036854775808"])
        case .string: return json(random.pick(RandomExpressions.texts))
        case .user: return "{\"__entity\": \(json(random.uid(["User"])))}"
        case .doc: return "{\"__entity\": \(json(random.uid(["Doc"])))}"
        case .longs: return list(.long, &random)
        case .strings: return list(.string, &random)
        case .entities: return list(random.oneIn(2) ? .user : .doc, &random)
        case .record:
            return "{\"x\": \(value(.long, &random)), \"y\": {\"n\": \(value(.long, &random)), \"a b\": true}}"
        case .decimal: return call("decimal", ["1.0", "1.5", "-3.1415", "922337203685477.5807"], &random)
        case .ip: return call("ip", ["10.0.0.1", "10.0.0.0/8", "127.0.0.1", "::1", "ff00::/8", "0.0.0.0/0"], &random)
        case .datetime: return call("datetime", ["2024-02-29", "2024-10-15T11:35:00Z", "0000-01-01"], &random)
        case .duration: return call("duration", ["1d", "2h3m", "-1s", "106751991167d"], &random)
        }
    }

    // MARK: - JSON

    static func json(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\n": "\\n"
            default: String(scalar)
            }
        }
        return "\"" + escaped.joined() + "\""
    }

    static func json(_ uid: EntityUID) -> String {
        "{\"type\": \(json(uid.type.string)), \"id\": \(json(uid.id.string))}"
    }

    /// One line of JSON for the official engine.
    var line: String {
        let links = links.map { link in
            let values = [("?principal", link.principal), ("?resource", link.resource)].compactMap { name, uid in
                uid.map { "\"\(name)\": \(Self.json($0))" }
            }
            return "{\"template\": \"policy\(link.template)\", \"id\": \(Self.json(link.id)), "
                + "\"values\": {\(values.joined(separator: ", "))}}"
        }
        let requests = questions.map {
            "{\"principal\": \(Self.json($0.principal)), \"action\": \(Self.json($0.action)), "
                + "\"resource\": \(Self.json($0.resource)), \"context\": \(Self.json($0.context))}"
        }
        return "{\"policies\": \(Self.json(policies)), \"links\": [\(links.joined(separator: ", "))], "
            + "\"entities\": \(Self.json(entities)), \"requests\": [\(requests.joined(separator: ", "))]}"
    }
}
