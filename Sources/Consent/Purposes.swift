public import Core

/// The purposes of one policy set, in the order they were written.
public struct Purposes: Sendable, Equatable {
    public let definitions: [PurposeDefinition]
    private let places: [String: Int]

    /// More than this do not fit a consent head.
    static let limit = 200

    init(checked definitions: [PurposeDefinition]) {
        self.definitions = definitions
        // Names are ASCII, so that equal strings have equal bytes.
        places = Dictionary(uniqueKeysWithValues: definitions.enumerated().map { ($1.name, $0) })
    }

    /// The purpose called `name`; `nil` for one that is not defined, which closes every request.
    public subscript(name: String) -> PurposeDefinition? { places[name].map { definitions[$0] } }

    /// The names, in order.
    public var names: [String] { definitions.map(\.name) }

    /// Reads the content of `purposes.json`.
    public init(parsing bytes: [UInt8]) throws(ConsentError) {
        let json: JSON
        do throws(JSONError) {
            json = try JSON(parsing: bytes)
        } catch {
            throw ConsentError(ConsentError.purposesMalformed, "`purposes.json` is not JSON: \(error.message)")
        }
        try self.init(json)
    }

    /// Reads and checks the content of `purposes.json`.
    ///
    /// - Throws: the first thing that is wrong.
    public init(_ json: JSON) throws(ConsentError) {
        let (purposes, problems) = Self.read(json)
        if let first = problems.first { throw ConsentError(first) }
        self = purposes
    }

    /// Reads and checks the content of `purposes.json`; unknown keys are errors, since a mistyped one would be ignored.
    ///
    /// - Returns: the purposes that can be read, and all that is wrong: at most one thing a purpose.
    public static func read(_ json: JSON) -> (purposes: Purposes, problems: [JSONShapeError]) {
        var definitions: [PurposeDefinition] = []
        var places: [Int] = []
        var problems: [JSONShapeError] = []
        do throws(JSONShapeError) {
            let top = try PurposeReader(json, at: "")
            try top.allow(["purposes"])
            guard let elements = try top.value("purposes").array else { throw top.wrong("purposes", "must be a list") }
            guard (1...limit).contains(elements.count) else {
                throw top.wrong("purposes", "must hold 1 to \(limit) purposes")
            }
            for (index, element) in elements.enumerated() {
                do throws(JSONShapeError) {
                    let definition = try PurposeReader(element, at: "purposes[\(index)]").definition()
                    if let earlier = definitions.firstIndex(where: {
                        $0.name == definition.name || $0.tag == definition.tag
                    }) {
                        throw JSONShapeError(
                            path: "purposes[\(index)].name", reason: "is taken by `purposes[\(places[earlier])]`")
                    }
                    definitions.append(definition)
                    places.append(index)
                } catch {
                    problems.append(error)
                }
            }
        } catch {
            problems.append(error)
        }
        return (Purposes(checked: definitions), problems)
    }
}

extension ConsentError {
    fileprivate init(_ error: JSONShapeError) {
        self.init(
            Self.purposesMalformed, error.path.isEmpty ? "`purposes.json` \(error.reason)" : error.message,
            remedy: "see policies/README.md for what a purpose says")
    }
}

/// One JSON object of `purposes.json` and where it is, for errors that name the place.
private struct PurposeReader {
    private let object: JSONObject
    private let path: String

    init(_ json: JSON, at path: String) throws(JSONShapeError) {
        guard let object = json.object else { throw JSONShapeError(path: path, reason: "must be an object") }
        self.object = object
        self.path = path
    }

    func wrong(_ key: String, _ what: String) -> JSONShapeError {
        JSONShapeError(path: path.isEmpty ? key : "\(path).\(key)", reason: what)
    }

    func allow(_ keys: Set<String>) throws(JSONShapeError) {
        for key in object.keys where !keys.contains(key) { throw wrong(key, "is not a known key") }
    }

    func value(_ key: String) throws(JSONShapeError) -> JSON {
        guard let value = object[key] else { throw wrong(key, "is missing") }
        return value
    }

    func text(_ key: String, limit: Int) throws(JSONShapeError) -> String {
        guard let text = try value(key).string else { throw wrong(key, "must be a text") }
        guard !text.isEmpty, text.utf8.count <= limit else { throw wrong(key, "must have 1 to \(limit) bytes") }
        guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw wrong(key, "must not hold control characters")
        }
        return text
    }

    func days(_ key: String) throws(JSONShapeError) -> Int {
        guard let days = try value(key).integer, (1...36_525).contains(days) else {
            throw wrong(key, "must be a whole number of days, 1 to 36525")
        }
        return days
    }

    func definition() throws(JSONShapeError) -> PurposeDefinition {
        try allow([
            "name", "iri", "basis", "title", "description", "retention_days", "consent_days", "notice",
            "direct_marketing",
        ])
        let basisText = try text("basis", limit: 64)
        guard let basis = LegalBasis(rawValue: basisText) else {
            let known = LegalBasis.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
            throw wrong("basis", "must be one of \(known)")
        }
        if object["consent_days"] != nil, basis != .consent {
            throw wrong("consent_days", "has no meaning for a purpose that does not rest on consent")
        }
        return PurposeDefinition(
            name: try name(), iri: try iri(), basis: basis, title: try text("title", limit: 200),
            description: try text("description", limit: 2000), retentionDays: try days("retention_days"),
            consentDays: object["consent_days"] == nil ? nil : try days("consent_days"), notice: try notice(),
            isDirectMarketing: try directMarketing())
    }

    private func name() throws(JSONShapeError) -> String {
        let name = try text("name", limit: 64)
        let isLetter = { (byte: UInt8) in byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") }
        let isOther = { (byte: UInt8) in byte >= 0x30 && byte <= 0x39 || byte == UInt8(ascii: "_") }
        guard name.utf8.first.map(isLetter) == true, name.utf8.allSatisfy({ isLetter($0) || isOther($0) }) else {
            throw wrong("name", "must be lower-case letters, digits and `_`, a letter first")
        }
        return name
    }

    private func iri() throws(JSONShapeError) -> String {
        let iri = try text("iri", limit: 500)
        guard iri.hasPrefix("https://") || iri.hasPrefix("http://") || iri.hasPrefix("urn:"), !iri.contains(" ") else {
            throw wrong("iri", "must be an absolute IRI, such as `https://w3id.org/dpv#Personalisation`")
        }
        return iri
    }

    private func notice() throws(JSONShapeError) -> Notice? {
        guard let json = object["notice"] else { return nil }
        let reader = try PurposeReader(json, at: "\(path).notice")
        try reader.allow(["id", "version"])
        return Notice(id: try reader.text("id", limit: 100), version: try reader.text("version", limit: 100))
    }

    private func directMarketing() throws(JSONShapeError) -> Bool? {
        guard let json = object["direct_marketing"] else { return nil }
        guard let flag = json.bool else { throw wrong("direct_marketing", "must be true or false") }
        return flag
    }
}
