import Cedar
import Core

/// Made-up policies, entities and requests of an office, all from one seed, in the text that both engines read.
///
/// People are in roles, roles in departments; documents in folders of projects. Both have a dozen attributes.
struct CedarWorkload {
    static let seed: UInt64 = 20_261_124
    static let departments = ["sales", "support", "research", "finance"]
    static let regions = ["eu", "tw", "us", "jp"]
    private static let labels = [
        "draft", "public", "partner", "press", "legal", "price", "plan", "secret", "sealed", "evidence",
    ]
    private static let actions = ["read", "list", "comment", "edit", "share", "approve", "delete"]

    let roles: Int
    private let users = 200
    private let documents = 500
    private let folders = 20
    private let projects = 5
    private var random = SplitMix(state: Self.seed)

    /// `roles` people's roles: the more policies, the more roles they are about.
    init(roles: Int) { self.roles = roles }

    static func json(_ type: String, _ id: String) -> JSON { ["type": JSON(type), "id": JSON(id)] }
    private static func entity(_ type: String, _ id: String) -> JSON { ["__entity": json(type, id)] }
    private static func call(_ function: String, _ argument: String) -> JSON {
        ["__extn": ["fn": JSON(function), "arg": JSON(argument)]]
    }

    private mutating func pick(_ texts: [String]) -> String { texts[random.below(texts.count)] }

    // MARK: - Entities

    /// Everything there is, as Cedar's entity JSON.
    mutating func entities() -> JSON {
        var all = [record("Group", "employees", [:])]
        all += Self.departments.map { record("Department", $0, [:], [Self.json("Group", "employees")]) }
        all += (0..<roles).map { role in
            record("Role", "r\(role)", [:], [Self.json("Department", Self.departments[role % 4])])
        }
        all += (0..<projects).map { record("Project", "p\($0)", [:]) }
        all += (0..<folders).map { record("Folder", "f\($0)", [:], [Self.json("Project", "p\($0 % projects)")]) }
        for user in 0..<users { all.append(self.user(user)) }
        for document in 0..<documents { all.append(self.document(document)) }
        all += ["viewing", "changing"].map { record("Action", $0, [:]) }
        all += Self.actions.map {
            record("Action", $0, [:], [Self.json("Action", ["read", "list"].contains($0) ? "viewing" : "changing")])
        }
        return .array(all)
    }

    private func record(_ type: String, _ id: String, _ attributes: JSON, _ parents: [JSON] = []) -> JSON {
        ["uid": Self.json(type, id), "attrs": attributes, "parents": .array(parents)]
    }

    private mutating func user(_ number: Int) -> JSON {
        var attributes = JSONObject()
        attributes["name"] = JSON("Person \(number)")
        attributes["email"] = JSON("u\(number)@\(number % 5 == 0 ? "head" : "branch").example")
        attributes["department"] = JSON(pick(Self.departments))
        attributes["region"] = JSON(pick(Self.regions))
        attributes["active"] = JSON(random.below(10) > 0)
        attributes["level"] = JSON(random.below(8))
        attributes["clearance"] = JSON(random.below(5))
        attributes["joined"] = Self.call("datetime", "20\(10 + random.below(16))-03-0\(1 + random.below(9))")
        if random.below(4) > 0 { attributes["limit"] = Self.call("decimal", "\(100 * random.below(100)).50") }
        attributes["projects"] = .array((0..<3).map { _ in Self.entity("Project", "p\(random.below(projects))") })
        attributes["manager"] = Self.entity("User", "u\(random.below(users))")
        attributes["home"] = Self.call("ip", "10.\(random.below(3)).0.0/16")
        let parents = (0..<3).map { _ in Self.json("Role", "r\(random.below(roles))") }
        return record("User", "u\(number)", .object(attributes), parents)
    }

    private mutating func document(_ number: Int) -> JSON {
        var attributes = JSONObject()
        let folder = random.below(folders)
        attributes["title"] = JSON("Document \(number)")
        attributes["owner"] = Self.entity("User", "u\(random.below(users))")
        attributes["department"] = JSON(pick(Self.departments))
        attributes["region"] = JSON(pick(Self.regions))
        attributes["archived"] = JSON(random.below(8) == 0)
        attributes["sensitivity"] = JSON(random.below(5))
        attributes["labels"] = .array((0..<2).map { _ in JSON(pick(Self.labels)) })
        attributes["reviewers"] = .array((0..<3).map { _ in Self.entity("User", "u\(random.below(users))") })
        attributes["project"] = Self.entity("Project", "p\(folder % projects)")
        attributes["value"] = Self.call("decimal", "\(random.below(9000)).\(10 + random.below(90))")
        attributes["created"] = Self.call("datetime", "20\(10 + random.below(16))-01-15T08:30:00Z")
        attributes["size"] = JSON(random.below(1_000_000))
        return record("Document", "d\(number)", .object(attributes), [Self.json("Folder", "f\(folder)")])
    }

    // MARK: - Requests

    /// Who wants to do what from where.
    mutating func requests(_ count: Int) -> [JSON] {
        (0..<count).map { _ in
            [
                "principal": Self.json("User", "u\(random.below(users))"),
                "action": Self.json("Action", pick(Self.actions)),
                "resource": Self.json("Document", "d\(random.below(documents))"),
                "context": [
                    "mfa": JSON(random.below(3) > 0),
                    "network": Self.call("ip", "10.\(random.below(3)).\(random.below(200)).\(random.below(200))"),
                    "now": Self.call("datetime", "2026-11-\(10 + random.below(20))T09:00:00Z"),
                    "purpose": JSON(pick(["work", "audit", "support"])),
                    "device": ["trusted": JSON(random.below(4) > 0), "os": JSON(pick(["linux", "ios", "windows"]))],
                ],
            ]
        }
    }

    // MARK: - Policies

    /// Guards that look at every request, then policies about one role and one folder or project each.
    mutating func policies(_ count: Int) -> String {
        var texts = Self.guards
        for number in 0..<(count - texts.count) {
            texts.append(
                Self.policy(
                    of: number % 7, role: "Role::\"r\(number % roles)\"",
                    folder: "Folder::\"f\(random.below(folders))\"",
                    project: "Project::\"p\(random.below(projects))\""))
        }
        return texts.joined(separator: "\n")
    }

    private static let guards = [
        "forbid (principal, action, resource) when { resource.sensitivity > 3 }"
            + " unless { context.mfa && context.network.isInRange(ip(\"10.0.0.0/8\")) };",
        "forbid (principal, action in Action::\"changing\", resource is Document) when { resource.archived };",
        "forbid (principal, action == Action::\"delete\", resource)"
            + " unless { principal.level >= 5 && context.device.trusted };",
        "forbid (principal is User, action, resource) unless { principal.active };",
        "permit (principal is User, action, resource is Document) when { resource.owner == principal };",
        "forbid (principal, action, resource is Document)"
            + " when { resource.labels.containsAny([\"sealed\", \"evidence\"]) && !(principal in Role::\"r0\") };",
    ]

    private static func policy(of kind: Int, role: String, folder: String, project: String) -> String {
        switch kind {
        case 0:
            "permit (principal in \(role), action in Action::\"viewing\", resource in \(project))"
                + " when { resource.sensitivity <= principal.clearance && principal.active };"
        case 1:
            "permit (principal in \(role), action == Action::\"edit\", resource is Document in \(folder))"
                + " when { principal.department == resource.department && !resource.archived };"
        case 2:
            "permit (principal in \(role), action == Action::\"share\", resource in \(project))"
                + " when { context.mfa && context.device.trusted && principal.region == resource.region }"
                + " unless { resource.labels.contains(\"secret\") };"
        case 3:
            "permit (principal in \(role), action in [Action::\"comment\", Action::\"read\"], resource)"
                + " when { resource.reviewers.contains(principal) || principal.projects.contains(resource.project) };"
        case 4:
            "permit (principal in \(role), action == Action::\"approve\", resource is Document)"
                + " when { principal has limit && resource.value.lessThanOrEqual(principal.limit)"
                + " && resource.owner != principal };"
        case 5:
            "permit (principal in \(role), action, resource in \(folder))"
                + " when { principal.joined < datetime(\"2024-01-01\") && principal.level >= 3"
                + " && [\"eu\", \"tw\"].contains(resource.region) };"
        default:
            "forbid (principal in \(role), action in Action::\"changing\", resource in \(folder))"
                + " unless { context.network.isInRange(ip(\"10.1.0.0/16\"))"
                + " || principal.email like \"*@head.example\" };"
        }
    }
}

/// A generator whose whole run follows from its seed.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 1
        return BenchmarkRows.mix(state)
    }

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
}
