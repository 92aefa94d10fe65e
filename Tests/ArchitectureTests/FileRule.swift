/// What a file may be like as a whole.
enum FileRule {
    static let longest = 400
    /// Words by which nobody can tell what is inside.
    static let emptyWords: Set<String> = ["Utils", "Utilities", "Helper", "Helpers", "Manager", "Common", "Misc"]
    /// Notes to oneself, also in comments.
    static let notes = ["TODO", "FIXME", "XXX"]
    /// Types that bear their room's name, and why these may.
    static let roomNames = [
        "Sources/Gate/Gate.swift": "the gate is the thing itself, and nothing is ever told apart by `Gate.`"
    ]

    static func tooLong(_ files: [SourceFile]) -> [Violation] {
        files.filter { $0.lineCount > longest }.map {
            Violation(path: $0.path, line: longest + 1, what: "\($0.lineCount) lines, at most \(longest)")
        }
    }

    static func noted(_ files: [SourceFile]) -> [Violation] {
        files.flatMap { file in
            let text = String(decoding: file.text.bytes, as: UTF8.self)
            return notes.flatMap { note in
                text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().filter {
                    $0.element.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.contains { $0 == note }
                }.map { Violation(path: file.path, line: $0.offset + 1, what: "a \(note) that somebody left") }
            }
        }
    }

    static func emptilyNamed(_ files: [SourceFile]) -> [Violation] {
        files.filter { file in
            file.path.split { $0 == "/" || $0 == "." || $0 == "+" }.contains { part in
                emptyWords.contains { part.hasSuffix($0) }
            }
        }.map { Violation(path: $0.path, line: 1, what: "the name does not say what is inside") }
    }

    /// Types named as their room, which make `Room.Type` mean two things.
    static func namedAsRoom(_ files: [SourceFile]) -> [Violation] {
        files.flatMap { file in
            file.text.codeLines.filter { line in
                let words = line.text.split { !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "`" }
                return zip(words, words.dropFirst()).contains { kinds.contains(String($0)) && $1 == file.room }
            }.map { Violation(path: file.path, line: $0.number, what: "a type named as its room, \(file.room)") }
        }
    }

    private static let kinds: Set<String> = ["struct", "class", "enum", "actor", "protocol", "typealias"]
}
