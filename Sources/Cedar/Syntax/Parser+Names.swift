extension Parser {
    /// One identifier that is not reserved.
    mutating func name(_ purpose: String) throws(Abandon) -> Text {
        guard token.kind.isWord else { throw unexpected(purpose) }
        let word = spelling(token)
        if token.kind.isReserved || word == "__cedar" {
            throw fail("reserved_name", "`\(word)` is reserved and cannot be a name", at: token.start)
        }
        advance()
        return word
    }

    /// Identifiers joined by `::`, stopping before a `::` that an id follows.
    mutating func typeName() throws(Abandon) -> Text {
        var path = try name("a type's name")
        while token.kind == .doubleColon, next.kind.isWord {
            advance()
            path = Text(path.string + "::" + (try name("a type's name")).string)
        }
        return path
    }

    /// `Type::"id"`.
    mutating func entityLiteral() throws(Abandon) -> EntityUID {
        let place = token.start
        let type = try typeName()
        guard token.kind == .doubleColon, next.kind == .string else {
            throw unexpected("`::` and an id in quotes")
        }
        advance()
        let id = stringLiteral()
        mention(type, id, at: place)
        return EntityUID(type: type, id: id)
    }

    /// The text of the string token here, which is passed; a wrong escape is noted.
    mutating func stringLiteral() -> Text {
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: literalPieces(inPattern: false).map(\.scalar))
        return Text(String(scalars))
    }

    /// The pattern of the string token here, which is passed.
    mutating func patternLiteral() -> Pattern { Pattern(literalPieces(inPattern: true)) }

    private mutating func literalPieces(inPattern: Bool) -> [Escapes.Piece] {
        let literal = token
        advance()
        do throws(Escapes.Invalid) {
            return try Escapes.pieces(source.bytes[(literal.start + 1)..<(literal.end - 1)], inPattern: inPattern)
        } catch {
            let found = source.isPersonal ? "this" : "`\(error.text)`"
            note("invalid_escape", "\(found) is not an escape of Cedar", at: error.offset)
            return []
        }
    }
}
