import Consent
import Core
import Foundation
import Gate
import Vault

extension OptionSpec {
    fileprivate static let notice = OptionSpec(
        "notice", value: "ID[@VERSION]", "what the person was told (default: the purpose's own notice)")
    fileprivate static let expires = OptionSpec(
        "expires", value: "DATE", "when the consent ends: a day (from its first moment, UTC) or a time with its offset")
    fileprivate static let restriction = OptionSpec("restriction", "end the restriction")
    fileprivate static let objection = OptionSpec("objection", "end the objection")
    fileprivate static let evidence = OptionSpec(
        "evidence", value: "TEXT|@FILE", "what proves it; sealed under the person's own key")
}

extension CommandSpec {
    static let consentCommands: [CommandSpec] = [
        change("grant", "record that a person consents to a purpose", needsPurpose: true, [.expires]) {
            purpose, context in
            guard let purpose else { return [] }
            let notice = try notice(context, for: purpose)
            return [.grant(purpose, lifetime: try expiry(context), notice: notice)]
        },
        change("withdraw", "record that a person withdraws a consent", needsPurpose: true) { purpose, context in
            [.record(.withdrawn, purpose, notice: try purpose.flatMap { try notice(context, for: $0) })]
        },
        change("refuse", "record that a person was asked and said no", needsPurpose: true) { purpose, context in
            [.record(.refused, purpose, notice: try purpose.flatMap { try notice(context, for: $0) })]
        },
        change("restrict", "restrict the use of a person's data, for one purpose or all (article 18)") { purpose, _ in
            [.record(.restricted, purpose)]
        },
        change("object", "record that a person objects, to one purpose or all (article 21)") { purpose, _ in
            [.record(.objected, purpose)]
        },
        change(
            "lift", "end a restriction, an objection or (without either option) both, for one purpose or those for all",
            [.restriction, .objection]
        ) { purpose, context in
            let both = context.arguments.has(.restriction) == context.arguments.has(.objection)
            var changes: [ConsentChange] = []
            if both || context.arguments.has(.restriction) { changes.append(.record(.restrictionLifted, purpose)) }
            if both || context.arguments.has(.objection) { changes.append(.record(.objectionLifted, purpose)) }
            return changes
        },
        CommandSpec(
            "consent", "show", operands: "SUBJECT", count: 1...1,
            summary: "show where a person stands, purpose by purpose",
            options: [.purpose], run: ConsentStanding.show),
        CommandSpec(
            "consent", "history", operands: "SUBJECT", count: 1...1,
            summary: "show everything a person said, in order, checked", options: [.purpose], run: ConsentHistory.show),
    ]

    private static func change(
        _ word: String, _ summary: String, needsPurpose: Bool = false, _ options: [OptionSpec] = [],
        _ changes: @escaping @Sendable (PurposeDefinition?, Context) throws -> [ConsentChange]
    ) -> CommandSpec {
        CommandSpec(
            "consent", word, operands: "SUBJECT", count: 1...1, summary: summary,
            notes: [
                "An answer is recorded each time it is given, because an import may yet bring one of a time between. A "
                    + "restriction or an objection that stands already is not recorded again; the command says so and "
                    + "ends with 0."
            ],
            options: [.purpose, .notice, .evidence] + options
        ) { context in
            let name = needsPurpose ? try context.arguments.required(.purpose) : context.arguments[.purpose]
            let evidence = try evidence(context)
            let subject = try context.subject(context.arguments.operands[0])
            return try context.withDoor { door in
                let purpose = try name.map { try door.gate.purpose($0) }
                let changes = try changes(purpose, context)
                let receipt = try door.gate.record(
                    changes, from: "command line", evidence: evidence, of: subject, by: door.caller)
                report(receipt, purpose: purpose, context)
                return .done
            }
        }
    }

    private static func report(_ receipt: ConsentReceipt, purpose: PurposeDefinition?, _ context: Context) {
        let results = zip(receipt.states, receipt.results)
        let standing = purpose.map { receipt.head.standing(for: $0, at: receipt.time) }
        guard !context.json else {
            var object = JSONObject()
            object["profile"] = JSON(receipt.profile.description)
            object["purpose"] = purpose.map { JSON($0.name) } ?? .null
            object["changed"] = JSON(receipt.changed)
            object["results"] = .array(
                results.map { ["state": JSON($0.description), "result": JSON($1.word)] })
            if let standing { object["standing"] = JSON(standing.word) }
            return context.output.json(.object(object))
        }
        context.output.line("profile \(receipt.profile)")
        if !receipt.changed {
            let isOutdated = receipt.results.contains(.outdated)
            context.output.line(
                isOutdated ? "nothing changed: something later is on record" : "nothing changed: it stood so already")
        } else {
            let states = results.filter { $1 == .recorded }.map(\.0.words).joined(separator: " and ")
            context.output.line("recorded: \(states), \(purpose.map { "`\($0.name)`" } ?? "all purposes")")
        }
        if let standing, let purpose { context.output.line("`\(purpose.name)` now: \(standing.words)") }
    }

    private static func notice(_ context: Context, for purpose: PurposeDefinition) throws -> Notice? {
        guard let text = context.arguments[.notice] else { return purpose.notice }
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        if parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty { return Notice(id: parts[0], version: parts[1]) }
        guard parts.count == 1 else {
            throw CommandError(
                CommandError.valueInvalid, "`--notice` takes ID or ID@VERSION", remedy: "such as `privacy@2`")
        }
        if let own = purpose.notice, own.id.utf8.elementsEqual(text.utf8) { return own }
        return Notice(id: text, version: "1")
    }

    private static func expiry(_ context: Context) throws -> ConsentChange.Lifetime? {
        guard let text = context.arguments[.expires] else { return nil }
        // A time without its offset means another moment to each reader.
        let isDay = text.utf8.count == 10
        guard let time = Timestamp(text), isDay || text.wholeMatch(of: /.*([Zz]|[+-]\d\d:?\d\d)/) != nil else {
            throw CommandError(
                CommandError.valueInvalid, "`--expires` takes a day, or a time with its offset",
                remedy: "such as 2027-12-31 or 2027-12-31T18:00:00+08:00")
        }
        return .until(time)
    }

    private static func evidence(_ context: Context) throws -> [UInt8]? {
        guard let text = context.arguments[.evidence] else { return nil }
        guard text.hasPrefix("@") else { return Array(text.utf8) }
        let path = absolutePath(String(text.dropFirst()))
        guard let content = FileManager.default.contents(atPath: path) else {
            throw CommandError(
                CommandError.fileUnreadable, "the evidence in `\(path)` could not be read",
                remedy: "check the path and who may read it")
        }
        guard content.count <= 1 << 20 else {
            throw CommandError(
                CommandError.valueInvalid, "the evidence has more than a megabyte",
                remedy: "keep it elsewhere and give its hash here")
        }
        return Array(content)
    }
}

extension ConsentOutcome.Result {
    fileprivate var word: String {
        switch self {
        case .recorded: "recorded"
        case .unchanged: "unchanged"
        case .outdated: "outdated"
        }
    }
}

extension ConsentState {
    /// The state in words.
    var words: String {
        switch self {
        case .restrictionLifted: "restriction lifted"
        case .objectionLifted: "objection lifted"
        default: description
        }
    }
}

extension Standing {
    /// `holds`, or the reason why the purpose is closed.
    var word: String {
        switch self {
        case .holds: "holds"
        case .closed(let reason): reason.rawValue
        }
    }

    /// The same in words.
    var words: String {
        switch self {
        case .holds(let basis): "open (\(basis.words))"
        case .closed(let reason): "closed: \(reason.words)"
        }
    }
}

extension LegalBasis {
    /// The basis in words.
    var words: String { rawValue.split(separator: "_").joined(separator: " ") }
}
