package import Cedar
package import Consent
import Core
package import Vault

/// A policy set that was read and found sound: purposes, field definitions and Cedar policies that fit together.
package struct PolicyRules: Sendable {
    package let purposes: Purposes
    package let fields: [FieldDefinition]
    package let cedar: PolicySet

    /// Reads a bundle whole.
    ///
    /// `words` is left out for a set that is in force already: a word that nothing answers to changes no decision, and
    /// must not keep a vault from opening. For the same reason its policies are not validated again: it may be older than
    /// the Cedar schema, or have one that this program would not take.
    ///
    /// - Returns: the rules, or everything that is wrong with them; and what is allowed, but hardly meant.
    package static func read(
        _ bundle: PolicyBundle, checkingWords words: Bool = true
    ) -> (rules: PolicyRules?, problems: [PolicyProblem], warnings: [PolicyProblem]) {
        var problems: [PolicyProblem] = []
        let purposes = parse("purposes.json", in: bundle, &problems) { Purposes.read($0) }
        let fields = parse("schema.json", in: bundle, &problems) { ProfileSchema.read($0) }
        var files: [PolicyFile] = []
        for (name, content) in bundle.files.sorted(by: { $0.key < $1.key }) where name.hasSuffix(".cedar") {
            guard let text = String(validating: content, as: UTF8.self) else {
                problems.append(PolicyProblem(file: name, message: "the file is not UTF-8"))
                continue
            }
            files.append(PolicyFile(name: name, text: text))
        }
        var cedar: PolicySet?
        var sets: [PolicySet] = []
        do {
            let set = try PolicySet(parsing: files, naming: .annotation)
            cedar = set
            sets = [set]
        } catch {
            problems += error.errors.map(PolicyProblem.init(cedar:))
            // What is wrong in one file does not hide what is wrong in another.
            sets = files.compactMap { try? PolicySet(parsing: [$0], naming: .annotation) }
        }
        problems += PolicyWords(fields: fields, purposes: purposes)
            .problems(of: sets.flatMap { $0.policies + $0.templates }, all: words)
        var warnings: [PolicyProblem] = []
        if words, let schema = schema(in: bundle, &problems) {
            var agreement = SchemaAgreement(schema, fields: fields, purposes: purposes)
            let differences = agreement.problems()
            problems += differences
            // Against a schema that is wrong itself, sound policies look wrong.
            for finding in differences.isEmpty ? sets.flatMap({ findings(in: $0, schema) }) : [] {
                let problem = PolicyProblem(cedar: finding.problem)
                if finding.severity == .warning { warnings.append(problem) } else { problems.append(problem) }
            }
        }
        guard let purposes, let fields, let cedar, problems.isEmpty else { return (nil, problems, warnings) }
        return (PolicyRules(purposes: purposes, fields: fields, cedar: cedar), [], warnings)
    }

    /// What validation finds, but for what follows from another finding: an unknown word applies to nothing.
    private static func findings(in set: PolicySet, _ schema: Schema) -> [ValidationFinding] {
        let findings = Validator(schema).validate(set)
        let misspelt = Set(
            findings.filter { ["cedar.unknown_action", "cedar.unknown_type"].contains($0.problem.code) }.map(\.policy))
        return findings.filter { $0.problem.code != "cedar.no_application" || !misspelt.contains($0.policy) }
    }

    /// The Cedar schema; `nil` unless all of it can be read.
    private static func schema(in bundle: PolicyBundle, _ problems: inout [PolicyProblem]) -> Schema? {
        let name = SchemaAgreement.file
        guard let content = bundle.files[name] else {
            problems.append(
                PolicyProblem(file: name, message: "the file is missing; the source has one at policies/\(name)"))
            return nil
        }
        guard let text = String(validating: content, as: UTF8.self) else {
            problems.append(PolicyProblem(file: name, message: "the file is not UTF-8"))
            return nil
        }
        do throws(CedarErrors) {
            return try Schema(parsing: text, file: name)
        } catch {
            problems += error.errors.map(PolicyProblem.init(cedar:))
            return nil
        }
    }

    /// What a JSON file says; `nil` unless all of it can be read.
    private static func parse<T>(
        _ name: String, in bundle: PolicyBundle, _ problems: inout [PolicyProblem],
        _ body: (JSON) -> (T, [JSONShapeError])
    ) -> T? {
        guard let content = bundle.files[name] else {
            problems.append(PolicyProblem(file: name, message: "the file is missing"))
            return nil
        }
        let json: JSON
        do throws(JSONError) {
            json = try JSON(parsing: content)
        } catch {
            problems.append(PolicyProblem(file: name, content, error))
            return nil
        }
        let (value, wrong) = body(json)
        guard !wrong.isEmpty else { return value }
        problems += PolicyProblem.all(wrong, in: content, file: name)
        return nil
    }
}

extension PolicyProblem {
    init(cedar error: CedarError) {
        self.init(
            file: error.position?.file ?? "policies", line: error.position?.line, column: error.position?.column,
            message: error.message, source: error.sourceLine)
    }
}
