/// Words of code that only some rooms may use, or none.
struct WordRule {
    /// As it stands in code; a word that ends with `(` is a call.
    let word: String
    /// The rooms that may, and why.
    let rooms: Set<String>
    let reason: String
    /// Files that may all the same, and why.
    var exceptions: [String: String] = [:]

    /// The three kinds of opening, and what only the gate makes.
    static let openings = [
        WordRule(word: "Opener", rooms: ["Secrets", "Gate"], reason: "cells and events are opened behind the gate"),
        WordRule(word: "KeyUnwrapper", rooms: ["Secrets", "Vault"], reason: "keys are unwrapped in the key tree"),
        WordRule(
            word: "BoxOpener", rooms: ["Secrets", "Accounts", "Audit"],
            reason: "boxes are for operational secrets and the log's detail"),
        WordRule(word: "Permit(", rooms: ["Gate"], reason: "only the gate says yes"),
        WordRule(word: "SetPermit(", rooms: ["Gate"], reason: "only the gate says yes"),
        WordRule(word: "Export(", rooms: ["Gate"], reason: "only the gate says yes"),
        WordRule(word: "Authorization(", rooms: ["Gate"], reason: "only the gate allows a change"),
        WordRule(word: "Authorization.init(", rooms: ["Gate"], reason: "only the gate allows a change"),
        WordRule(word: ".init(principal:", rooms: ["Gate"], reason: "only the gate allows a change"),
        WordRule(word: "Mutation(", rooms: ["Audit"], reason: "a change without an entry in the log must not exist"),
    ]

    /// What nobody writes here: each has a better form in the language or ends the program.
    static let refused =
        ["fatalError(", "try!", "as!", "nonisolated(unsafe)", "@_exported", "XCTest"].map {
            WordRule(word: $0, rooms: [], reason: "not in this house")
        } + [
            WordRule(
                word: "DispatchQueue", rooms: [], reason: "work has threads of its own, which end with it",
                exceptions: [
                    "Sources/Core/Worker.swift":
                        "`concurrentPerform` makes no queue: it returns when all parts are done"
                ])
        ]

    func violations(in files: [SourceFile]) -> [Violation] {
        files.filter { !rooms.contains($0.room) && exceptions[$0.path] == nil }.flatMap { file in
            file.text.places(of: word).map { place in
                Violation(
                    path: file.path, line: file.text.line(of: place),
                    what:
                        "`\(word)` is for \(rooms.isEmpty ? "nobody" : rooms.sorted().joined(separator: ", ")): \(reason)"
                )
            }
        }
    }
}

extension SwiftText {
    /// Where `word` stands in code as a word of its own.
    func places(of word: String) -> [Int] {
        guard let first = word.utf8.first, let last = word.utf8.last else { return [] }
        return finds(of: word).filter { place in
            let end = place + word.utf8.count
            // `self.init(` names its type, `.init(` does not.
            let joinsBefore =
                (Self.isWord(first) || first == UInt8(ascii: ".")) && place > 0 && Self.isWord(code[place - 1])
            let joinsAfter = Self.isWord(last) && end < code.count && Self.isWord(code[end])
            return !joinsBefore && !joinsAfter
        }
    }
}
