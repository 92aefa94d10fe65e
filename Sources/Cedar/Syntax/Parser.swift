/// Reads policies and schemas by recursive descent; after an error it goes on behind the next semicolon.
struct Parser {
    /// Leaves the current policy or declaration; what is wrong has been noted.
    struct Abandon: Error {}

    /// More errors than this tell nobody anything.
    static let maximumErrors = 100

    let source: SourceText
    private let tokens: [Token]
    private var index = 0
    private(set) var errors: [CedarError]
    private var depth = 0
    /// What the current policy has named so far.
    private var mentions: [Policy.Mention] = []
    /// The slots of the current policy's scope.
    private var slots: [Policy.Slot] = []

    init(_ source: SourceText, language: Lexer.Language = .policies) {
        self.source = source
        var lexer = Lexer(source, language: language)
        lexer.run()
        tokens = lexer.tokens
        errors = lexer.errors
    }

    // MARK: - Tokens

    var token: Token { tokens[index] }
    var next: Token { tokens[min(index + 1, tokens.count - 1)] }
    var previous: Token { tokens[max(index - 1, 0)] }

    mutating func advance() { if index < tokens.count - 1 { index += 1 } }

    mutating func accept(_ kind: Token.Kind) -> Bool {
        guard token.kind == kind else { return false }
        advance()
        return true
    }

    mutating func expect(_ kind: Token.Kind, _ purpose: String) throws(Abandon) {
        guard accept(kind) else { throw unexpected(purpose) }
    }

    func spelling(_ token: Token) -> Text { Text(source.bytes[token.start..<token.end]) }

    /// Whether the token is this word, which is not a reserved one.
    func isWord(_ word: Text) -> Bool { token.kind == .identifier && spelling(token) == word }

    // MARK: - Errors

    /// Notes an error that need not end the reading of this policy.
    mutating func note(_ code: String, _ message: String, at offset: Int) {
        errors.append(CedarError(code, message, in: source, at: offset))
    }

    mutating func fail(_ code: String, _ message: String, at offset: Int) -> Abandon {
        note(code, message, at: offset)
        return Abandon()
    }

    /// Complains of the current token, which is not what `wanted` says.
    mutating func unexpected(_ wanted: String) -> Abandon {
        switch token.kind {
        case .invalid: return Abandon()
        case .end: return fail("unexpected_end", "the text ends where \(wanted) is expected", at: token.start)
        default:
            let shown = source.text(SourceSpan(start: token.start, end: min(token.end, token.start + 40)))
            let found = source.isPersonal ? "something else" : "`\(shown)`"
            return fail("unexpected_token", "found \(found) where \(wanted) is expected", at: token.start)
        }
    }

    /// Complains of what stands where a comma has to come before `word`.
    mutating func missingComma(before word: String) -> Abandon {
        guard isWord(Text(word)) else { return unexpected("`,` and then `\(word)`") }
        return fail("unexpected_token", "a `,` is missing before `\(word)`", at: token.start)
    }

    // MARK: - Mentions

    /// Notes that the current policy names a type, or an entity of it.
    mutating func mention(_ type: Text, _ id: Text? = nil, at offset: Int) {
        mentions.append(
            Policy.Mention(type: type.string, id: id?.string, position: source.position(at: offset)))
    }

    /// Notes that the token here is a slot of the current policy.
    mutating func noteSlot() {
        slots.append(Policy.Slot(name: spelling(token).string, position: source.position(at: token.start)))
    }

    /// What was noted, which is forgotten.
    mutating func takeNotes() -> (mentions: [Policy.Mention], slots: [Policy.Slot]) {
        defer { (mentions, slots) = ([], []) }
        return (mentions, slots)
    }

    // MARK: - Depth

    mutating func enter() throws(Abandon) {
        depth += 1
        guard depth <= Expression.maximumDepth else { throw tooDeep(at: token.start) }
    }

    mutating func leave() { depth -= 1 }

    mutating func tooDeep(at offset: Int) -> Abandon {
        fail("too_deep", "nested more than \(Expression.maximumDepth) levels deep", at: offset)
    }

    /// An expression of this form, unless it has become too deep.
    mutating func node(_ form: Expression.Form, _ span: SourceSpan) throws(Abandon) -> Expression {
        let expression = Expression(form, span)
        guard expression.depth <= Expression.maximumDepth else { throw tooDeep(at: span.start) }
        return expression
    }

    // MARK: - Policies

    /// The policies of the text in which nothing is wrong, with the ids that their place among all of them gives:
    /// `number` is the place of the first, and becomes that of the first of the next text.
    mutating func policies(from number: inout Int) -> [Policy] {
        var policies: [Policy] = []
        while token.kind != .end, errors.count < Self.maximumErrors {
            let known = errors.count
            do throws(Abandon) {
                let policy = try policy(number: number)
                if errors.count == known { policies.append(policy) }
            } catch {
                _ = takeNotes()
                recover()
            }
            number += 1
        }
        return policies
    }

    /// Goes on behind the next semicolon after an error.
    mutating func recover() {
        depth = 0
        while token.kind != .end, !accept(.semicolon) { advance() }
    }

    /// Nothing may follow what was read.
    mutating func finish() throws(Abandon) {
        guard token.kind == .end else { throw unexpected("the end") }
    }
}
