import Core
import Foundation
import Gate

extension OptionSpec {
    fileprivate static let policies = OptionSpec(
        "policies", value: "DIR", "the policy set (default: as with `policy check`)")
    fileprivate static let inForce = OptionSpec("in-force", "the set in force in the vault, which needs a session")
    fileprivate static let service = OptionSpec("service", value: "NAME", "a program asks, not an operator")
    fileprivate static let action = OptionSpec("action", value: "ACTION", "what is asked for (default: read)")
    fileprivate static let field = OptionSpec("field", value: "FIELD", "the field to be read (default: each)")
    fileprivate static let consent = OptionSpec(
        "consent", value: "WORD", "what the person said before, a word of policy tests (default: it holds)")
}

extension CommandSpec {
    static let policyExplain = CommandSpec(
        "policy", "explain", operands: "[REQUEST]", count: 0...1,
        summary: "say which policies decide a request, what keeps the others out, and what would have to change",
        notes: [
            "REQUEST is a JSON object, a file with one, or `-` for standard input: `roles` or `service`, `action`, `purpose`, "
                + "`field` and `consent` as in policies/README.md. The options say the same without JSON.",
            "No person is looked at. Exit status: 0 whatever the answer is.",
        ],
        options: [.role, .service, .action, .purpose, .field, .consent, .policies, .inForce]
    ) { context in
        let explaining = try PolicyExplaining(context)
        return try explaining.run()
    }
}

/// `policy explain`: from a request to why it is answered so.
private struct PolicyExplaining {
    private static let requestOptions: [OptionSpec] = [.role, .service, .action, .purpose, .field, .consent]
    private static let largest = 1 << 20

    private let context: Context
    private let question: PolicyQuestion

    init(_ context: Context) throws {
        self.context = context
        try context.arguments.exclude(.policies, .inForce)
        let request = try Self.request(context)
        do throws(JSONShapeError) {
            question = try PolicyQuestion(request)
        } catch {
            throw CommandError(
                CommandError.valueInvalid, "the request cannot be read: \(error.message)",
                remedy: "policies/README.md says what a request looks like, in the words of policy tests")
        }
    }

    func run() throws -> ExitStatus {
        guard context.arguments.has(.inForce) else {
            let proposal = try Proposal(context, folder: context.arguments[.policies])
            try explain(under: proposal.sound(on: context))
            return .done
        }
        return try context.withDoor { door in
            try explain(under: door.gate.policies.rules)
            return .done
        }
    }

    private func explain(under rules: PolicyRules) throws {
        let explanation = try PolicyExplanation(question, under: rules, tenant: context.tenantName)
        if context.json {
            context.output.json(explanation.json)
        } else {
            ExplanationView(explanation, context.output).write()
        }
    }

    /// The request as JSON, whichever way it was given.
    private static func request(_ context: Context) throws -> JSON {
        let given = requestOptions.first { context.arguments.has($0) }
        guard let operand = context.arguments.operands.first else {
            guard given != nil else {
                throw CommandError(
                    CommandError.argumentMissing, "there is no request to explain",
                    remedy: "write it as JSON, or as in `--role marketer --purpose personalization --field email`")
            }
            return fromOptions(context.arguments)
        }
        if let given {
            throw CommandError(
                CommandError.conflict, "a request and `--\(given.name)` exclude each other",
                remedy: "write everything into the request, or everything as options")
        }
        let bytes = try bytes(of: operand)
        do throws(JSONError) {
            return try JSON(parsing: bytes)
        } catch {
            throw CommandError(
                CommandError.valueInvalid, "the request is not JSON: \(error.message)",
                remedy: "such as {\"roles\": [\"marketer\"], \"purpose\": \"personalization\", \"field\": \"email\"}")
        }
    }

    private static func bytes(of operand: String) throws(CommandError) -> [UInt8] {
        if operand.drop(while: \.isWhitespace).hasPrefix("{") { return Array(operand.utf8) }
        let handle = operand == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: absolutePath(operand))
        guard let data = try? handle?.read(upToCount: largest) else {
            throw CommandError(
                CommandError.fileUnreadable, "the request `\(operand)` cannot be read",
                remedy: "name a file, write `-` for standard input, or the JSON itself")
        }
        return Array(data)
    }

    private static func fromOptions(_ arguments: Arguments) -> JSON {
        var object = JSONObject()
        object["roles"] = JSON(arguments.all(.role).map { JSON($0) })
        for option: OptionSpec in [.service, .action, .purpose, .field, .consent] {
            object[option.name] = arguments[option].map { JSON($0) }
        }
        return .object(object)
    }
}
