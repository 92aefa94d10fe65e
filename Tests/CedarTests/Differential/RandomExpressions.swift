import TestSupport

@testable import Cedar

/// Conditions in Cedar's text, of every operator and type; mostly well typed, so that they come to something.
struct RandomExpressions {
    enum Kind: CaseIterable {
        case bool, long, string, user, doc, longs, strings, entities, record, decimal, ip, datetime, duration
    }

    /// Attributes, tags and members of the context, by the kind they mostly have.
    static let attributes: [(name: String, kind: Kind)] = [
        ("b", .bool), ("active", .bool), ("n", .long), ("level", .long), ("s", .string), ("name", .string),
        ("u", .user), ("boss", .user), ("d", .doc), ("ls", .longs), ("ss", .strings), ("es", .entities),
        ("r", .record), ("dec", .decimal), ("ip", .ip), ("dt", .datetime), ("dur", .duration), ("a b", .long),
    ]
    static let tags = ["k", "n", "é", ""]
    static let types = ["User", "Role", "Doc", "Folder", "App::Thing"]
    /// The same letter in two spellings, marks that need escapes, what `like` could take for a wildcard.
    static let texts = ["a", "b", "ab", "", "é", "e\u{301}", "q\"\\", "x\ny", "*", "a*b", "日本", "10.0.0.1", "1.5"]
    static let ids = ["a", "b", "c", "é", "e\u{301}", "q\"\\"]

    var random: SeededGenerator

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }
    mutating func oneIn(_ bound: Int) -> Bool { below(bound) == 0 }
    mutating func pick<T>(_ elements: [T]) -> T { elements[below(elements.count)] }

    mutating func uid(_ types: [String] = types) -> EntityUID { EntityUID(type: pick(types), id: pick(Self.ids)) }

    /// An operand of this kind; now and then of another, so that types are wrong.
    mutating func operand(_ kind: Kind, _ depth: Int) -> String {
        let text = value(oneIn(25) ? pick(Kind.allCases) : kind, depth - 1)
        // Without brackets the parsers must agree on how tightly operators bind, or that it is no policy.
        return oneIn(40) ? text : "(\(text))"
    }

    /// An expression of this kind that nests at most so deep.
    mutating func value(_ kind: Kind, _ depth: Int) -> String {
        if depth > 0, kind != .bool, oneIn(12) {
            return "if \(operand(.bool, depth)) then \(operand(kind, depth)) else \(operand(kind, depth))"
        }
        if oneIn(3) { return attribute(kind, depth) }
        switch kind {
        case .bool: return bool(depth)
        case .long: return long(depth)
        case .string: return pick(Self.texts).cedarLiteral
        case .user: return oneIn(2) ? "principal" : uid(["User"]).description
        case .doc: return oneIn(2) ? "resource" : uid(["Doc"]).description
        case .longs: return list(.long, depth)
        case .strings: return list(.string, depth)
        case .entities: return list(oneIn(2) ? .user : .doc, depth)
        case .record: return record(depth)
        case .decimal: return call("decimal", ["1.0", "1.5", "-3.1415", "922337203685477.5807", "1", "1.00000", ".5"])
        case .ip:
            return call(
                "ip",
                [
                    "10.0.0.1", "10.0.0.0/8", "127.0.0.1", "224.0.0.1", "::1", "ff00::/8", "fe80::1/10", "0.0.0.0/0",
                    "10.0.0.1/33", "::ffff:1.2.3.4", "010.0.0.1",
                ])
        case .datetime: return datetime(depth)
        case .duration: return duration(depth)
        }
    }

    /// A constructor of one of these texts, of which the last few are none, or of whatever text comes.
    private mutating func call(_ function: String, _ texts: [String]) -> String {
        oneIn(20) ? "\(function)(\(operand(.string, 2)))" : "\(function)(\(pick(texts).cedarLiteral))"
    }

    private mutating func list(_ kind: Kind, _ depth: Int) -> String {
        "[" + (0..<below(4)).map { _ in operand(kind, depth) }.joined(separator: ", ") + "]"
    }

    private mutating func record(_ depth: Int) -> String {
        var names = ["x", "y", "\"a b\"", "if", "n"]
        names.shuffle(using: &random)
        let pairs = names.prefix(below(4)).map { "\($0): \(operand(pick(Kind.allCases), depth))" }
        return "{" + pairs.joined(separator: ", ") + "}"
    }

    /// A variable, an entity, or what one of their attributes holds; and the attribute of it.
    private mutating func attribute(_ kind: Kind, _ depth: Int) -> String {
        if depth > 0, oneIn(8) { return "\(target(depth)).getTag(\(tagName(depth)))" }
        let names = Self.attributes.filter { $0.kind == kind }
        let name = pick(oneIn(30) ? Self.attributes : names).name
        if oneIn(20) { return "\(operand(.record, depth)).\(pick(["x", "y", "n"]))" }
        return target(depth) + (name.contains(" ") || oneIn(6) ? "[\(name.cedarLiteral)]" : ".\(name)")
    }

    private mutating func target(_ depth: Int) -> String {
        switch below(10) {
        case 0...2: "principal"
        case 3...5: "resource"
        case 6, 7: "context"
        case 8: oneIn(4) ? "action" : uid().description
        default: depth > 0 ? operand(oneIn(2) ? .user : .doc, depth) : "principal"
        }
    }

    private mutating func tagName(_ depth: Int) -> String {
        oneIn(8) ? operand(.string, depth) : pick(Self.tags).cedarLiteral
    }

    private mutating func long(_ depth: Int) -> String {
        guard depth > 0, !oneIn(3) else {
            return pick([
                "0", "1", "2", "7", "-1", "9223372036854775807", "-9223372036854775808", "4611686018427387904",
            ])
        }
        switch below(6) {
        case 0: return "-\(operand(.long, depth))"
        case 1:
            let method = pick(["toMilliseconds", "toSeconds", "toMinutes", "toHours", "toDays"])
            return "\(operand(.duration, depth)).\(method)()"
        default: return "\(operand(.long, depth)) \(pick(["+", "-", "*"])) \(operand(.long, depth))"
        }
    }

    private mutating func datetime(_ depth: Int) -> String {
        guard depth > 0, oneIn(2) else {
            return call(
                "datetime",
                [
                    "2024-02-29", "2024-10-15T11:35:00Z", "1969-12-31T23:59:59.999Z", "2024-10-15T11:35:00.000+0800",
                    "9999-12-31", "0000-01-01", "2023-02-29", "2024-10-15T24:00:00Z", "2024-10-15T11:35:00",
                ])
        }
        return oneIn(2)
            ? "\(operand(.datetime, depth)).offset(\(operand(.duration, depth)))"
            : "\(operand(.datetime, depth)).toDate()"
    }

    private mutating func duration(_ depth: Int) -> String {
        guard depth > 0, oneIn(2) else {
            return call(
                "duration", ["1d", "2h3m", "-1s", "5ms", "0d", "106751991167d", "1d2h3m4s5ms", "1m1h", "", "1", "-"])
        }
        return oneIn(2)
            ? "\(operand(.datetime, depth)).durationSince(\(operand(.datetime, depth)))"
            : "\(operand(.datetime, depth)).toTime()"
    }

    // MARK: - Truths

    private mutating func bool(_ depth: Int) -> String {
        guard depth > 0 else { return oneIn(2) ? "true" : "false" }
        switch below(17) {
        case 0: return "!\(operand(.bool, depth))"
        case 1, 2: return chain("&&", depth)
        case 3, 4: return chain("||", depth)
        case 5: return "if \(operand(.bool, depth)) then \(operand(.bool, depth)) else \(operand(.bool, depth))"
        case 6, 7:
            let kind = pick(Kind.allCases)
            return "\(operand(kind, depth)) \(pick(["==", "!="])) \(operand(kind, depth))"
        case 8, 9:
            let kind = pick([.long, .long, .datetime, .duration] as [Kind])
            return "\(operand(kind, depth)) \(pick(["<", "<=", ">", ">="])) \(operand(kind, depth))"
        case 10: return "\(operand(oneIn(2) ? .user : .doc, depth)) in \(above(depth))"
        case 11: return has(depth)
        case 12: return like(depth)
        case 13:
            let subject = operand(oneIn(2) ? .user : .doc, depth)
            return "\(subject) is \(pick(Self.types))" + (oneIn(2) ? " in \(above(depth))" : "")
        case 14: return setTest(depth)
        case 15: return "\(target(depth)).hasTag(\(tagName(depth)))"
        default: return extensionTest(depth)
        }
    }

    private mutating func chain(_ operation: String, _ depth: Int) -> String {
        (0..<(2 + below(3))).map { _ in operand(.bool, depth) }.joined(separator: " \(operation) ")
    }

    private mutating func above(_ depth: Int) -> String {
        switch below(4) {
        case 0: operand(.entities, depth)
        case 1: "[\(uid()), \(uid())]"
        default: uid().description
        }
    }

    private mutating func has(_ depth: Int) -> String {
        let subject = oneIn(5) ? operand(.record, depth) : target(depth)
        switch below(5) {
        case 0: return "\(subject) has \(pick(Self.attributes).name.cedarLiteral)"
        case 1: return "\(subject) has \(pick(["r.x", "r.y.n", "u.n", "boss.boss.s", "n.x", "d.r.y"]))"
        default: return "\(subject) has \(pick(Self.attributes.map(\.name).filter { !$0.contains(" ") }))"
        }
    }

    private mutating func like(_ depth: Int) -> String {
        let pattern = (0..<below(4)).map { _ in pick(["*", "a", "b", "\\*", "é", "\\\"", "\\u{301}", ""]) }.joined()
        return "\(operand(.string, depth)) like \"\(pattern)\""
    }

    private mutating func setTest(_ depth: Int) -> String {
        let (set, element) = pick([(.longs, .long), (.strings, .string), (.entities, .user)] as [(Kind, Kind)])
        switch below(4) {
        case 0: return "\(operand(set, depth)).isEmpty()"
        case 1: return "\(operand(set, depth)).containsAll(\(operand(set, depth)))"
        case 2: return "\(operand(set, depth)).containsAny(\(operand(set, depth)))"
        default: return "\(operand(set, depth)).contains(\(operand(element, depth)))"
        }
    }

    private mutating func extensionTest(_ depth: Int) -> String {
        switch below(3) {
        case 0:
            let method = pick(["lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual"])
            return "\(operand(.decimal, depth)).\(method)(\(operand(.decimal, depth)))"
        case 1: return "\(operand(.ip, depth)).isInRange(\(operand(.ip, depth)))"
        default: return "\(operand(.ip, depth)).\(pick(["isIpv4", "isIpv6", "isLoopback", "isMulticast"]))()"
        }
    }
}
