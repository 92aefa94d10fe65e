import Cedar
import Core
import Foundation
import Gate

extension OptionSpec {
    fileprivate static let check = OptionSpec("check", "change nothing; 1 when a file is laid out otherwise")
}

extension CommandSpec {
    static let policyFormat = CommandSpec(
        "policy", "format", operands: "[DIR|FILE]", count: 0...1,
        summary: "put Cedar policies into one layout, comments and meaning kept",
        notes: [
            "Of a folder, every *.cedar in it. Each file is replaced at once, or not at all; one with errors is left as it is, and "
                + "they are named."
        ],
        options: [.check]
    ) { context in
        let formatting = try PolicyFormatting(context)
        return try formatting.run()
    }
}

/// `policy format`: one layout for files of Cedar policies.
private struct PolicyFormatting {
    private let context: Context
    private let paths: [String]

    private enum Outcome: String {
        case unchanged, formatted, unformatted, broken
    }

    init(_ context: Context) throws {
        self.context = context
        let place = try PoliciesFolder.find(context.arguments.operands.first, environment: context.environment)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: place, isDirectory: &isFolder) else {
            throw Self.unreadable(place)
        }
        guard isFolder.boolValue else {
            guard !place.hasSuffix(".cedarschema") else {
                throw CommandError(
                    CommandError.fileUnreadable, "`\(place)` is a schema; `policy format` lays out policies",
                    remedy: "name a file of policies, or a folder with some")
            }
            paths = [place]
            return
        }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: place) else {
            throw Self.unreadable(place)
        }
        paths = names.filter { $0.hasSuffix(".cedar") && !$0.hasPrefix(".") }.sorted().map { place + "/" + $0 }
    }

    func run() throws -> ExitStatus {
        var outcomes: [(path: String, outcome: Outcome)] = []
        for path in paths { outcomes.append((path, try format(path))) }
        if context.json {
            context.output.json([
                "files": .array(
                    outcomes.map { ["file": JSON($0.path), "result": JSON($0.outcome.rawValue)] })
            ])
        }
        let broken = outcomes.count { $0.outcome == .broken }
        guard broken == 0 else {
            throw CommandError(
                CommandError.policiesUnsound,
                "\(broken) of \(outcomes.count) files \(broken == 1 ? "has" : "have") errors",
                remedy: "mend what is named; the files are as they were")
        }
        let unformatted = outcomes.count { $0.outcome == .unformatted }
        guard unformatted == 0 else {
            throw CommandError(
                CommandError.unformatted,
                "\(unformatted) of \(outcomes.count) files \(unformatted == 1 ? "is" : "are") laid out otherwise",
                remedy: "`profilevault policy format` lays them out")
        }
        return .done
    }

    private func format(_ path: String) throws -> Outcome {
        guard let content = FileManager.default.contents(atPath: path) else { throw Self.unreadable(path) }
        let name = URL(filePath: path).lastPathComponent
        guard let text = String(validating: content, as: UTF8.self) else {
            say("\(name): the file is not UTF-8")
            return .broken
        }
        let formatted: String
        do throws(CedarErrors) {
            formatted = try PolicyFile(name: name, text: text).formatted()
        } catch {
            for error in error.errors { say(PolicyProblem(cedar: error).description) }
            return .broken
        }
        guard !formatted.utf8.elementsEqual(text.utf8) else { return .unchanged }
        guard !context.arguments.has(.check) else {
            say("\(name) is laid out otherwise")
            return .unformatted
        }
        try replace(path, with: formatted)
        say("\(name) was laid out")
        return .formatted
    }

    private func say(_ text: String) {
        if !context.json { context.output.line(text) }
    }

    /// Under the rights that the file had; a link stays one.
    private func replace(_ path: String, with text: String) throws {
        let path = URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false)
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let file = try NewFile(path, replacing: true)
        try file.write(Array(text.utf8))
        try file.finish()
        if let mode = attributes?[.posixPermissions] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        }
    }

    private static func unreadable(_ path: String) -> CommandError {
        CommandError(
            CommandError.fileUnreadable, "`\(path)` cannot be read",
            remedy: "name a file of policies, or a folder with some")
    }
}
