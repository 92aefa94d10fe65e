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
    /// - Returns: the rules, or everything that is wrong with them.
    package static func read(_ bundle: PolicyBundle) -> (rules: PolicyRules?, problems: [PolicyProblem]) {
        var problems: [PolicyProblem] = []
        let purposes = parse("purposes.json", in: bundle, &problems) { try Purposes($0) }
        let fields = parse("schema.json", in: bundle, &problems) { try ProfileSchema.definitions($0) }
        var policies: [PolicyFile] = []
        for (name, content) in bundle.files.sorted(by: { $0.key < $1.key }) where name.hasSuffix(".cedar") {
            guard let text = String(validating: content, as: UTF8.self) else {
                problems.append(PolicyProblem(file: name, message: "the file is not UTF-8"))
                continue
            }
            policies.append(PolicyFile(name: name, text: text))
        }
        var cedar: PolicySet?
        do {
            cedar = try PolicySet(parsing: policies, naming: .annotation)
        } catch {
            problems += error.errors.map(PolicyProblem.init(cedar:))
        }
        guard let purposes, let fields, let cedar, problems.isEmpty else { return (nil, problems) }
        let rules = PolicyRules(purposes: purposes, fields: fields, cedar: cedar)
        let unfit = rules.unfitting
        return (unfit.isEmpty ? rules : nil, unfit)
    }

    private static func parse<T>(
        _ name: String, in bundle: PolicyBundle, _ problems: inout [PolicyProblem], _ body: (JSON) throws -> T
    ) -> T? {
        guard let content = bundle.files[name] else {
            problems.append(PolicyProblem(file: name, message: "the file is missing"))
            return nil
        }
        do {
            return try body(try JSON(parsing: content))
        } catch let error as JSONError {
            problems.append(
                PolicyProblem(file: name, line: error.line, column: error.column, message: error.reason))
        } catch let error as any ReportableError {
            problems.append(PolicyProblem(file: name, message: error.message))
        } catch {
            problems.append(PolicyProblem(file: name, message: "the file cannot be read"))
        }
        return nil
    }

    /// What each file allows alone but the set does not: annotations that nobody obeys.
    private var unfitting: [PolicyProblem] {
        cedar.policies.compactMap { policy in
            guard let reveal = policy.annotations["reveal"], reveal != "masked" else { return nil }
            return PolicyProblem(
                file: policy.position.file, line: policy.position.line, column: policy.position.column,
                message: "policy `\(policy.id)`: the obligation @reveal must be \"masked\"")
        }
    }
}

extension PolicyProblem {
    init(cedar error: CedarError) {
        self.init(
            file: error.position?.file ?? "policies", line: error.position?.line, column: error.position?.column,
            message: error.message, source: error.sourceLine)
    }
}
