import Testing

@Suite("What opens and what allows")
struct OpeningTests {
    @Test("is used where it belongs and nowhere else", arguments: WordRule.openings.indices)
    func sources(index: Int) throws {
        let rule = WordRule.openings[index]
        #expect(rule.violations(in: try SourceTree.whole.get().files) == [])
    }

    @Test("has rooms that really use it: a rule about nothing would hold for ever")
    func alive() throws {
        let files = try SourceTree.whole.get().files
        for word in [
            "Opener", "KeyUnwrapper", "BoxOpener", "Permit(", "SetPermit(", "Export(", "Authorization(", "Mutation(",
        ] {
            let rule = try #require(WordRule.openings.first { $0.word == word })
            let using = Set(files.filter { !$0.text.places(of: word).isEmpty }.map(\.room))
            #expect(using == rule.rooms, "\(word)")
        }
    }

    @Test(
        "is found wherever it is planted",
        arguments: [
            ("Ingest", "let opener = Opener(key)", "Opener"), ("profilevault", "typealias Key = Opener", "Opener"),
            ("Consent", #"let text = "\(Opener(key).open(cell))""#, "Opener"),
            ("Gate", "func unwrap(_ one: KeyUnwrapper) {}", "KeyUnwrapper"), ("Gate", "BoxOpener(key)", "BoxOpener"),
            ("Ingest", "let yes = Permit(verdict: v)", "Permit("), ("Ingest", "SetPermit(decision: d)", "SetPermit("),
            ("Activation", "let yes = Export(gate: g)", "Export("),
            ("Vault", "return Authorization(\n    principal: p)", "Authorization("),
            ("profilevault", "let a: Authorization = .init(principal: p)", ".init(principal:"),
            ("Accounts", "Authorization.init(principal: p)", "Authorization.init("),
            ("Vault", "Mutation(authorization, on: connection)", "Mutation("),
        ])
    func planted(room: String, code: String, word: String) {
        let file = SourceFile(room: room, path: "p", "// a line\n" + code + "\n")
        let found = WordRule.openings.flatMap { rule in rule.violations(in: [file]).map { (rule.word, $0.line) } }
        #expect(found.contains { $0 == (word, 2) }, "\(found)")
    }

    @Test("is not seen in comments, strings and longer words")
    func otherWords() {
        let text = """
            /// An `Opener` opens. Permit(…)
            let text = "Opener and \\(count) Permit("
            let opener = CanOpener(), reOpener_2 = SetPermits(), body = MyMutation()
            """
        let file = SourceFile(room: "Ingest", path: "p", text)
        #expect(WordRule.openings.flatMap { $0.violations(in: [file]) } == [])
    }
}
