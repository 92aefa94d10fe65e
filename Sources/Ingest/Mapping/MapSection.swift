import Core
import Vault

/// One object of a map file, whose keys are taken one by one; what is left over is an error that names it.
struct MapSection {
    private let object: JSONObject
    private let path: String
    private var known: Set<String> = []

    init(_ value: JSON, at path: String) throws(IngestError) {
        guard let object = value.object else { throw Self.malformed("`\(path)` is not an object") }
        self.object = object
        self.path = path
    }

    static func malformed(_ message: String, remedy: String? = "docs/import.md describes map files") -> IngestError {
        IngestError(.mapMalformed, message, remedy: remedy)
    }

    func path(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    func wrong(_ key: String, _ expected: String) -> IngestError {
        Self.malformed("`\(path(of: key))` is not \(expected)")
    }

    /// The members that are not comments: keys that begin with `//`.
    var members: [JSONObject.Member] { object.members.filter { !$0.key.hasPrefix("//") } }

    mutating func value(_ key: String) -> JSON? {
        known.insert(key)
        return object[key]
    }

    mutating func text(_ key: String) throws(IngestError) -> String? {
        guard let value = value(key) else { return nil }
        guard let text = value.string, !text.isEmpty else { throw wrong(key, "a text") }
        return text
    }

    mutating func flag(_ key: String) throws(IngestError) -> Bool {
        guard let value = value(key) else { return false }
        guard let flag = value.bool else { throw wrong(key, "`true` or `false`") }
        return flag
    }

    mutating func texts(_ key: String) throws(IngestError) -> [String]? {
        guard let value = value(key) else { return nil }
        guard let texts = value.array?.map(\.string), let names = texts as? [String], !names.isEmpty else {
            throw wrong(key, "a list of texts")
        }
        return names
    }

    mutating func choice<T: RawRepresentable & CaseIterable>(
        _ key: String, _: T.Type
    ) throws(IngestError) -> T? where T.RawValue == String {
        guard let text = try text(key) else { return nil }
        guard let choice = T(rawValue: text) else {
            throw wrong(key, "one of " + T.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", "))
        }
        return choice
    }

    /// One ASCII character that is no letter or digit; `tab` and `space` may be spelt out.
    mutating func mark(_ key: String) throws(IngestError) -> UInt8? {
        guard let text = try text(key) else { return nil }
        switch text {
        case "tab", "\t": return 0x09
        case "space", " ": return 0x20
        default:
            guard let byte = text.utf8.first, text.utf8.count == 1, (0x21...0x7E).contains(byte),
                byte != UInt8(ascii: "\""),
                !(0x30...0x39).contains(byte), !((byte | 0x20) &- 0x61 < 26)
            else { throw wrong(key, "one mark") }
            return byte
        }
    }

    /// The keys every place may have that says how values are written.
    mutating func hints() throws(IngestError) -> ColumnHints.Partial {
        var hints = ColumnHints.Partial()
        hints.dateOrder = try choice("date_order", StandardForm.Options.DateOrder.self)
        hints.decimalMark = try mark("decimal")
        hints.groupMark = try mark("group")
        if let name = try text("time_zone") {
            guard let zone = LocalTime(name) else { throw wrong("time_zone", "`UTC`, an offset or an IANA time zone") }
            hints.timeZone = zone
        }
        if let region = try text("region") {
            guard CountryForm.isCode(region) else { throw wrong("region", "an ISO 3166-1 alpha-2 code in upper case") }
            hints.region = region
        }
        return hints
    }

    mutating func cleaning() throws(IngestError) -> Cleaning {
        var cleaning = Cleaning()
        cleaning.prefix = Array((try text("strip_prefix") ?? "").utf8)
        cleaning.suffix = Array((try text("strip_suffix") ?? "").utf8)
        cleaning.others = try choice("other_values", Cleaning.Others.self) ?? .keep
        guard let table = value("values") else { return cleaning }
        for member in try MapSection(table, at: path(of: "values")).members {
            guard member.value.isNull || member.value.string != nil else {
                throw Self.malformed("`\(path(of: "values")).\(member.key)` is neither a text nor `null`")
            }
            cleaning.values[Array(member.key.utf8)] = Array((member.value.string ?? "").utf8)
        }
        return cleaning
    }

    /// - Throws: the first key that nobody asked for.
    func finish() throws(IngestError) {
        for member in members where !known.contains(member.key) {
            throw Self.malformed("`\(path(of: member.key))` is not a key of map files")
        }
    }
}
