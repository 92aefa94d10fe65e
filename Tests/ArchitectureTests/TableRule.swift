/// Tables come into being by a declaration with a class, and in no other way.
struct TableRule {
    struct Creation: Equatable {
        let table: String
        let line: Int
        /// The name that the surrounding `TableDeclaration` gives it; `nil` outside of one.
        let declared: String?
    }

    static func creations(in text: SwiftText) -> [Creation] {
        let declarations = text.calls(of: "TableDeclaration").map { opening in
            let argument = text.argument(at: opening)
            return (range: opening..<(opening + argument.utf8.count + 1), name: argument.firstMatch(of: /"(\w+)"/)?.1)
        }
        let content = String(decoding: text.withoutComments, as: UTF8.self)
        return content.matches(of: /(?i)create\s+(?:temp(?:orary)?\s+)?table\s+(?:if\s+not\s+exists\s+)?(\w+)/).map {
            let offset = content.utf8.distance(from: content.startIndex, to: $0.range.lowerBound)
            let around = declarations.first { $0.range.contains(offset) }
            return Creation(
                table: String($0.1), line: text.line(of: offset), declared: around.flatMap { $0.name.map(String.init) })
        }
    }

    static func violations(in files: [SourceFile]) -> [Violation] {
        files.flatMap { file in
            creations(in: file.text).filter { $0.declared != $0.table }.map { creation in
                Violation(
                    path: file.path, line: creation.line,
                    what: "the table \(creation.table) is made without a declaration of its name")
            }
        }
    }
}
