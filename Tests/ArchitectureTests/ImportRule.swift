/// Which module a file may import: rooms its own room has an arrow to, libraries it wraps, the system.
struct ImportRule {
    struct Import: Equatable {
        let module: String
        let line: Int
        /// `@testable` and the like.
        let attributes: [String]
    }

    let house: House

    static func imports(of text: SwiftText) -> [Import] {
        text.codeLines.flatMap { line in
            line.text.split(separator: ";").compactMap { statement -> Import? in
                var words = statement.split { $0 == " " || $0 == "\t" || $0 == "\r" }.map(String.init)[...]
                var attributes: [String] = []
                while let word = words.first, word.hasPrefix("@") || Self.access.contains(word) {
                    if word.hasPrefix("@") { attributes.append(word) }
                    words.removeFirst()
                }
                guard words.popFirst() == "import" else { return nil }
                if let word = words.first, Self.kinds.contains(word) { words.removeFirst() }
                guard let name = words.first else { return nil }
                return Import(module: String(name.prefix { $0 != "." }), line: line.number, attributes: attributes)
            }
        }
    }

    private static let access: Set<String> = ["public", "package", "internal", "fileprivate", "private"]
    private static let kinds: Set<String> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]

    func violations(in files: [SourceFile]) -> [Violation] {
        files.flatMap { file -> [Violation] in
            guard let room = house.room(file.room) else {
                return [Violation(path: file.path, line: 1, what: "the room \(file.room) is not in the table")]
            }
            return Self.imports(of: file.text).flatMap { found in
                var wrong: [String] = []
                if let reason = refusal(of: found.module, in: room) { wrong.append(reason) }
                wrong += found.attributes.map { "\($0) has no place in Sources" }
                return wrong.map { Violation(path: file.path, line: found.line, what: $0) }
            }
        }
    }

    private func refusal(of module: String, in room: House.Room) -> String? {
        if let target = house.room(module) {
            if room.imports.contains(module) { return nil }
            if target.floor > room.floor { return "\(room.name) -> \(module) goes up" }
            if target.floor == room.floor { return "\(room.name) -> \(module) goes sideways" }
            return "\(room.name) -> \(module) is a new arrow"
        }
        let owners = house.rooms.filter { $0.libraries.contains(module) }.map(\.name)
        if !owners.isEmpty {
            return owners.contains(room.name)
                ? nil : "\(module) is wrapped by \(owners.joined(separator: " and ")) alone"
        }
        return House.system.contains(module) ? nil : "\(module) is neither a room nor a wrapped library"
    }

    /// Arrows of the table that no file uses.
    func unusedArrows(in files: [SourceFile]) -> [String] {
        let used = Dictionary(grouping: files, by: \.room).mapValues { files in
            Set(files.flatMap { Self.imports(of: $0.text).map(\.module) })
        }
        return house.rooms.flatMap { room -> [String] in
            guard let used = used[room.name] else { return [] }
            return room.imports.union(room.libraries).subtracting(used).sorted().map { "\(room.name) -> \($0)" }
        }
    }
}
