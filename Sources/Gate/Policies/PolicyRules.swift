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
        let reading = PolicyReading(files, naming: .annotation)
        var cedar: PolicySet?
        do throws(CedarErrors) {
            cedar = try PolicySet(reading)
        } catch {
            problems += error.errors.map(PolicyProblem.init(cedar:))
        }
        let vocabulary = PolicyWords(fields: fields, purposes: purposes)
        problems += vocabulary.problems(of: reading.policies, all: words)
        var warnings: [PolicyProblem] = []
        if words {
            warnings += vocabulary.warnings(of: reading.policies)
            let schema = schema(in: bundle, &problems)
            var agreement = schema.map { SchemaAgreement($0, fields: fields, purposes: purposes) }
            let differences = agreement?.problems() ?? []
            problems += differences
            // Against a schema that is wrong itself, sound policies look wrong.
            if let schema, differences.isEmpty {
                let validation = PolicyValidation(schema)
                for policy in reading.policies {
                    let (wrong, odd) = validation.findings(in: policy)
                    problems += wrong
                    warnings += odd
                }
            } else {
                warnings.append(unlooked(SchemaAgreement.file, "the policies were not validated"))
            }
            if fields == nil {
                let names = "names of fields and classes in the policies"
                warnings.append(unlooked("schema.json", "\(names) were not looked at"))
            }
            if purposes == nil {
                warnings.append(unlooked("purposes.json", "names of purposes in the policies were not looked at"))
            }
        }
        (problems, warnings) = (PolicyProblem.inOrder(problems), PolicyProblem.inOrder(warnings))
        guard let purposes, let fields, let cedar, problems.isEmpty else { return (nil, problems, warnings) }
        return (PolicyRules(purposes: purposes, fields: fields, cedar: cedar), [], warnings)
    }

    /// Says what a broken file kept from being checked.
    private static func unlooked(_ file: String, _ what: String) -> PolicyProblem {
        PolicyProblem(file: file, message: "\(what), because of what is wrong with this file")
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
