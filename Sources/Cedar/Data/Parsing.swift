extension Entities {
    /// Reads Cedar's entity JSON: a list of `{"uid", "attrs", "parents", "tags"}`.
    ///
    /// - Throws: the first thing that is wrong, with its place.
    public init(json text: String, file: String = "entities") throws(CedarError) {
        let source = SourceText(text, file: file, isPersonal: true)
        var reader = JSONReader(source)
        self = try JSONDecoding(source: source).hierarchy(try reader.document())
    }

    /// Reads entity JSON that fits a schema, whose actions are added; entities and extension values need no escapes.
    ///
    /// - Throws: the first thing that is wrong or does not fit, with its place.
    public init(json text: String, file: String = "entities", schema: Schema) throws(CedarError) {
        let source = SourceText(text, file: file, isPersonal: true)
        var reader = JSONReader(source)
        self = try JSONDecoding(source: source, schema: schema).hierarchy(try reader.document())
    }
}

extension Record {
    /// Reads a JSON object with `__entity` and `__extn` escapes, such as a context.
    ///
    /// - Throws: the first thing that is wrong, with its place.
    public init(json text: String, file: String = "context") throws(CedarError) {
        let source = SourceText(text, file: file, isPersonal: true)
        var reader = JSONReader(source)
        self = try JSONDecoding(source: source).record(try reader.document())
    }

    /// Reads the context of an action, as the schema has it; entities and extension values need no escapes.
    ///
    /// - Throws: the first thing that is wrong or does not fit, with its place.
    public init(
        json text: String, file: String = "context", schema: Schema, action: EntityUID
    ) throws(CedarError) {
        let source = SourceText(text, file: file, isPersonal: true)
        var reader = JSONReader(source)
        self = try JSONDecoding(source: source, schema: schema).context(try reader.document(), of: action)
    }
}

extension EntityUID {
    /// Reads Cedar's own spelling, `Shop::User::"ada"`.
    ///
    /// - Throws: when it is not one.
    public init(parsing text: String) throws(CedarErrors) {
        var parser = Parser(SourceText(text, file: "entity", isPersonal: true))
        var result: EntityUID?
        do throws(Parser.Abandon) {
            result = try parser.entityLiteral()
            try parser.finish()
        } catch {}
        guard parser.errors.isEmpty, let result else { throw CedarErrors(parser.errors) }
        self = result
    }
}

extension Parser {
    /// Whether a text is identifiers joined by `::`, without blanks.
    static func isTypeName(_ text: Text) -> Bool {
        // Splitting at single colons leaves an empty part between the two of each `::`.
        let parts = text.string.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        return parts.enumerated().allSatisfy { index, part in
            guard index.isMultiple(of: 2) else { return part.isEmpty }
            guard let first = part.first, first.startsName else { return false }
            guard part.allSatisfy({ $0.startsName || $0.isASCIIDigit }) else { return false }
            let word = Text(part)
            return Token.Kind.words[word] == nil && word != "__cedar"
        } && !parts.count.isMultiple(of: 2)
    }
}
