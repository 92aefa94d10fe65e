/// The dependencies that Package.swift declares for the rooms, read from its text.
struct Manifest {
    /// Names of targets by room, rooms and C libraries alike.
    let dependencies: [String: Set<String>]

    init(_ text: String) {
        let source = SwiftText(text)
        var found: [String: Set<String>] = [:]
        for opening in source.calls(of: "room") {
            guard let (name, list) = Self.nameAndList(source.argument(at: opening)) else { continue }
            found[name] = Self.names(in: list)
        }
        for opening in source.calls(of: ".executableTarget") {
            let argument = source.argument(at: opening)
            guard let (name, list) = Self.nameAndList(argument), !argument.contains("Benchmarks") else { continue }
            found[name] = Self.names(in: list)
        }
        dependencies = found
    }

    /// `"Vault", ["Core", …]` and `name: "x", dependencies: ["Core", …]`; a room without a list has no dependencies.
    private static func nameAndList(_ argument: String) -> (String, String)? {
        let parts = argument.split(separator: "\"", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        var rest = parts[2].drop { $0 == "," || $0.isWhitespace }
        if rest.hasPrefix("dependencies:") { rest = rest.dropFirst(13).drop { $0.isWhitespace } }
        guard rest.first == "[" else { return (String(parts[1]), "") }
        var depth = 0
        let end = rest.indices.first { place in
            if rest[place] == "[" { depth += 1 }
            if rest[place] == "]" { depth -= 1 }
            return depth == 0
        }
        return end.map { (String(parts[1]), String(rest[...$0])) }
    }

    private static func names(in list: String) -> Set<String> {
        let bare = list.replacing(/condition:\s*\.when\(traits:\s*\[[^\]]*\]\)/, with: "")
        return Set(bare.matches(of: /"([^"]+)"/).map { String($0.1) })
    }
}

extension SwiftText {
    /// Where the parenthesis of each call of `name` opens; a definition `func name(` is no call.
    func calls(of name: String) -> [Int] {
        finds(of: name + "(").filter { place in
            let before = code[..<place]
            if let last = before.last, Self.isWord(last) { return false }
            return !String(decoding: before.suffix(5), as: UTF8.self).hasSuffix("func ")
        }.map { $0 + name.utf8.count }
    }

    /// What stands between the parenthesis at `opening` and the one that closes it.
    func argument(at opening: Int) -> String {
        var depth = 0
        let end = code[opening...].indices.first { place in
            if code[place] == UInt8(ascii: "(") { depth += 1 }
            if code[place] == UInt8(ascii: ")") { depth -= 1 }
            return depth == 0
        }
        return String(decoding: withoutComments[(opening + 1)..<(end ?? code.count)], as: UTF8.self)
    }

    static func isWord(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
            || (0x61...0x7A).contains(byte) || byte >= 0x80
    }
}
