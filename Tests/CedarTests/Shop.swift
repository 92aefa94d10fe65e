@testable import Cedar

/// A small schema that most tests of validation ask about.
enum Shop {
    static let text = """
        type Address = { city: String, zip?: Long, geo?: { lat: decimal } };
        entity Color enum ["red", "blue"];
        entity Team in [Team];
        entity User in [Team] {
            name: String, age: Long, active: Bool, boss?: User, address: Address, second?: Address,
            roles: Set<String>, since: datetime, term?: duration, host: ipaddr, score: decimal, color: Color,
            friends: Set<User>, strict: { a: Long }, loose: { a?: Long },
        } tags String;
        entity Report in [Folder] { owner: User, size: Long } tags Set<Long>;
        entity Folder;
        action all;
        action read in [all] appliesTo {
            principal: User, resource: [Report, Folder], context: { n: Long, host?: ipaddr, inner?: { m?: Long } }
        };
        action write in [all] appliesTo { principal: [User, Team], resource: Report };
        """

    static func schema() throws -> Schema { try Schema(parsing: text, file: "shop.cedarschema") }

    /// What is found in policies, as `code@line:column`, warnings with `?` before.
    static func findings(_ text: String, links: [TemplateLink] = []) throws -> [String] {
        let policies = try PolicySet(parsing: text, file: "p.cedar").linking(links)
        return Validator(try schema()).validate(policies).map { finding in
            let place = finding.problem.position.map { "@\($0.line):\($0.column)" } ?? ""
            return (finding.severity == .warning ? "?" : "") + finding.problem.code + place
        }
    }

    /// What is found in a condition on the second line, for a user who reads a report.
    static func findings(inCondition condition: String) throws -> [String] {
        try findings(
            """
            permit (principal is User, action == Action::"read", resource is Report) when {
            \(condition)
            };
            """)
    }

    /// The first message about a condition.
    static func message(_ condition: String) throws -> String {
        let policies = try PolicySet(
            parsing: "permit (principal is User, action == Action::\"read\", resource is Report) when { \(condition) };"
        )
        return Validator(try schema()).validate(policies).first?.problem.message ?? ""
    }
}
