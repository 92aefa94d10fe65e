import Audit
import Consent
import Core
import Foundation
import Gate
import Secrets
import Vault

extension OptionSpec {
    fileprivate static let checkpoint = OptionSpec(
        "checkpoint", value: "FILE", "a checkpoint that was kept elsewhere: finds a history that was rewritten")
    fileprivate static let limit = OptionSpec("limit", value: "N", "how many entries, the newest first (default: 20)")
    fileprivate static let subject = OptionSpec("subject", value: "SUBJECT", "only what concerns this person")
    fileprivate static let action = OptionSpec(
        "action", value: "ACTION", "only this action and its parts, such as `read` or `break_glass`")
}

extension CommandSpec {
    static let auditCommands: [CommandSpec] = [
        CommandSpec(
            "audit", "verify", summary: "hash the whole log anew and hold every stored row against it",
            notes: [
                "Needs the vault's keys but no session. A changed, missing, moved or added entry ends with 5 and is named; "
                    + "so is a profile, a consent, an operator, a tenant or a policy set that was removed or put back."
            ],
            options: [.checkpoint], run: AuditVerification.run),
        CommandSpec(
            "audit", "show", summary: "show the newest entries of the log", options: [.limit, .subject, .action]
        ) { context in
            let limit = try context.arguments.integer(.limit, least: 1) ?? 20
            let subject = try context.arguments[.subject].map { try context.subject($0) }
            return try context.withDoor { door in
                // Asked before the person is looked up, so that who may not see the log does not learn who is known.
                _ = try door.gate.authorize(.viewAudit, by: door.caller)
                var filter = AuditFilter()
                filter.action = context.arguments[.action]
                filter.includesParts = true
                switch subject {
                // An erased person is known no more, what was done about them still is.
                case .profile(let id)?: filter.subject = id
                case .identifier?: filter.subject = try subject.map { try door.gate.profile(of: $0) }
                case nil: break
                }
                _ = try door.gate.authorize(.viewAudit, by: door.caller, subject: filter.subject, viewing: true)
                let entries = try door.vault.audit.show(filter, limit: limit)
                if context.json {
                    for entry in entries { context.output.jsonLine(entry.json) }
                } else {
                    AuditTable(entries).write(to: context.output)
                }
                return .done
            }
        },
        auditReleased,
        CommandSpec(
            "audit", "prove", operands: "NUMBER", count: 1...1, summary: "prove that an entry is in the log",
            notes: [
                "The proof is a tlog-proof (c2sp.org): other people's tools check it with the log's key, without the vault."
            ]
        ) { context in
            guard let number = UInt64(context.arguments.operands[0]) else {
                throw CommandError(
                    CommandError.valueInvalid, "`audit prove` takes the number of an entry",
                    remedy: "`profilevault audit show` lists them")
            }
            return try context.withDoor { door in
                _ = try door.gate.authorize(.viewAudit, by: door.caller, viewing: true)
                let proof = try door.vault.audit.prove(entry: number)
                let leaf = String(decoding: proof.leaf, as: UTF8.self)
                guard !context.json else {
                    context.output.json([
                        "number": JSON(number), "leaf": JSON(leaf),
                        "path": .array(proof.path.map { JSON(Data($0).base64EncodedString()) }),
                        "checkpoint": JSON(proof.checkpoint.description), "proof": JSON(proof.description),
                        "verifier_key": JSON(door.vault.audit.noteKey.description),
                    ])
                    return .done
                }
                context.output.line(leaf)
                context.output.line()
                context.output.line(proof.description)
                context.output.line("log's key: \(door.vault.audit.noteKey)")
                return .done
            }
        },
        CommandSpec(
            "audit", "checkpoint", summary: "sign what the log holds now, to be kept elsewhere",
            notes: [
                "Keep checkpoints where this machine's administrator has no access: with one, `audit verify --checkpoint` "
                    + "finds a history that was rewritten or put back as a whole."
            ]
        ) { context in
            try context.withDoor { door in
                _ = try door.gate.authorize(.viewAudit, by: door.caller, viewing: true)
                let text = try door.vault.audit.checkpoint()
                guard !context.json else {
                    let size = try Checkpoint(text: SignedNote(parsing: text).text).size
                    context.output.json([
                        "checkpoint": JSON(text), "size": JSON(size), "origin": JSON(door.vault.audit.origin),
                        "verifier_key": JSON(door.vault.audit.noteKey.description),
                    ])
                    return .done
                }
                // As it is: what is signed is these bytes.
                context.output.line(text.hasSuffix("\n") ? String(text.dropLast()) : text)
                return .done
            }
        },
    ]
}

/// `audit verify`.
private enum AuditVerification {
    @Sendable static func run(_ context: Context) throws -> ExitStatus {
        let external = try context.arguments[.checkpoint].map { path -> String in
            let path = absolutePath(path)
            guard let content = FileManager.default.contents(atPath: path) else {
                throw CommandError(
                    CommandError.fileUnreadable, "the checkpoint in `\(path)` could not be read",
                    remedy: "check the path and who may read it")
            }
            return String(decoding: content, as: UTF8.self)
        }
        return try context.withVault { vault in
            let progress = ProgressLine(context.output, "verifying the log", unit: "entries")
            var heads = HeadMap()
            let report = try vault.audit.verify(
                against: external,
                progress: { done, total in progress.show(Int(done), of: Double(done) / Double(max(total, 1))) },
                heads: { heads.update($0) })
            progress.finish()
            let comparison = try HeadComparison(vault, heads: heads)
            if context.json {
                context.output.json(json(report, comparison))
            } else {
                write(report, comparison, to: context.output)
            }
            // All are in the output; the first one ends the command.
            if let finding = comparison.findings.first { throw finding }
            return .done
        }
    }

    private static func json(_ report: VerificationReport, _ comparison: HeadComparison) -> JSON {
        var object = JSONObject()
        object["entries"] = JSON(report.entries)
        object["root"] = JSON(hex(report.root))
        object["first"] = report.firstTime.map { JSON($0.description) } ?? .null
        object["last"] = report.lastTime.map { JSON($0.description) } ?? .null
        object["head_changes"] = JSON(report.headChanges)
        object["shredded_details"] = JSON(report.shreddedDetails)
        object["continues"] = report.continues.map { JSON($0) } ?? .null
        object["people"] = JSON(comparison.profiles.people)
        object["consent_records"] = JSON(comparison.consents.records)
        object["findings"] = .array(
            comparison.findings.map { ["code": JSON($0.code.name), "message": JSON($0.message)] })
        object["verifier_key"] = JSON(report.verifierKey)
        return .object(object)
    }

    private static func write(_ report: VerificationReport, _ comparison: HeadComparison, to output: Output) {
        let times = [report.firstTime, report.lastTime].compactMap { $0?.description }.joined(separator: " to ")
        output.line("the log is whole: \(grouped(Int(report.entries))) entries, \(times)")
        output.line(output.styled("root \(hex(report.root))", .dim))
        if let size = report.continues { output.line("it continues the checkpoint of \(grouped(Int(size))) entries") }
        guard comparison.findings.isEmpty else {
            for finding in comparison.findings {
                output.line("\(output.styled("broken", .red)) \(DisplayText.harmless(finding.message))")
            }
            return
        }
        output.line(
            "\(grouped(comparison.profiles.people)) profiles and \(grouped(comparison.consents.records)) consent records "
                + "stand as the log has them")
    }
}

/// Entries of the log in columns.
private struct AuditTable {
    let entries: [LoggedEntry]

    init(_ entries: [LoggedEntry]) { self.entries = entries }

    func write(to output: Output) {
        guard !entries.isEmpty else { return output.line("no entry is like that") }
        var table = Table(["no.", "time", "who", "what", "outcome", "purpose", "subject", "more"], align: [.right])
        for entry in entries {
            table.add(
                Table.Cell(String(entry.number)), Table.Cell(entry.time?.description ?? "-"),
                Table.Cell(entry.principal ?? (entry.action == Action.login.rawValue ? "somebody" : "the program")),
                Table.Cell(entry.action ?? "-"),
                Table.Cell(entry.outcome?.rawValue ?? "-", entry.outcome == .denied ? .yellow : nil),
                Table.Cell(entry.purpose ?? "-"), Table.Cell(entry.subject?.description ?? "-"),
                Table.Cell(entry.more, .dim))
        }
        output.table(table)
    }
}

extension LoggedEntry {
    /// What else the entry says, such as a reason, in one line.
    fileprivate var more: String {
        facts.members.map { member in
            let words = member.value.array.map { $0.compactMap(\.string).joined(separator: " ") }
            let text = words ?? member.value.string ?? String(decoding: member.value.bytes(), as: UTF8.self)
            return "\(member.key): \(text)"
        }.joined(separator: "; ")
    }

    /// The entry with its number first.
    fileprivate var json: JSON {
        var object = JSONObject()
        object["number"] = JSON(number)
        for member in content.object?.members ?? [] { object[member.key] = member.value }
        return .object(object)
    }
}
