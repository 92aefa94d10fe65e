extension PolicyFile {
    /// The text in the one layout that policies have: four spaces a level, lines of at most `width` where that can be.
    ///
    /// No word is added, left out or moved, and every comment stays beside the word it stood at, so the policies are the
    /// same; formatting the result again changes nothing.
    ///
    /// - Throws: everything that is wrong with the text.
    public func formatted(width: Int = 100) throws(CedarErrors) -> String {
        _ = try PolicySet(parsing: [self])
        var arranging = Arranging(PlacedToken.tokens(of: SourceText(text, file: name)))
        var typesetter = Typesetter(width: width)
        return typesetter.text(of: arranging.file())
    }
}
