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
    /// must not keep a vault from opening.
    ///
    /// - Returns: the rules, or everything that is wrong with them.
    package static func read(
        _ bundle: PolicyBundle, checkingWords words: Bool = true
    ) -> (rules: PolicyRules?, problems: [PolicyProblem]) {
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
        var policies: [Policy] = []
        do {
            let set = try PolicySet(parsing: files, naming: .annotation)
            cedar = set
            policies = set.policies + set.templates
        } catch {
            problems += error.errors.map(PolicyProblem.init(cedar:))
            // What is wrong in one file does not hide what is wrong in another.
            for file in files {
                guard let set = try? PolicySet(parsing: [file], naming: .annotation) else { continue }
                policies += set.policies + set.templates
            }
        }
        problems += PolicyWords(fields: fields, purposes: purposes).problems(of: policies, all: words)
        guard let purposes, let fields, let cedar, problems.isEmpty else { return (nil, problems) }
        return (PolicyRules(purposes: purposes, fields: fields, cedar: cedar), [])
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
            problems.append(
                PolicyProblem(file: name, line: error.line, column: error.column, message: error.reason))
            return nil
        }
        let (value, wrong) = body(json)
        guard !wrong.isEmpty else { return value }
        let places = JSONPlaces(of: content)
        problems += wrong.map { error in
            let place = places[error.path]
            return PolicyProblem(file: name, line: place.line, column: place.column, message: error.message)
        }
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
