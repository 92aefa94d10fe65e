import Testing

@Suite("Files of the house")
struct FileTests {
    @Test("are of one idea: none is longer than the longest")
    func length() throws {
        #expect(FileRule.tooLong(try SourceTree.whole.get().files) == [])
        let line = "let one = 1\n"
        let longest = SourceFile(room: "Core", path: "p", String(repeating: line, count: FileRule.longest))
        let longer = SourceFile(room: "Core", path: "q", String(repeating: line, count: FileRule.longest + 1))
        #expect(FileRule.tooLong([longest, longer]).map(\.path) == ["q"])
    }

    @Test("say no word that this house refuses", arguments: WordRule.refused.indices)
    func refused(index: Int) throws {
        #expect(WordRule.refused[index].violations(in: try SourceTree.whole.get().files) == [])
    }

    @Test("are excepted from a rule only as long as they need it")
    func exceptions() throws {
        let files = try SourceTree.whole.get().files
        for rule in WordRule.refused {
            for path in rule.exceptions.keys {
                let file = try #require(files.first { $0.path == path }, "\(path)")
                #expect(!file.text.places(of: rule.word).isEmpty, "\(path)")
            }
        }
    }

    @Test(
        "are found with a refused word in them",
        arguments: [
            #"guard ready else { fatalError("no") }"#, "let one = try! parse(text)", "let two = any as! String",
            "DispatchQueue.main.async {}", "nonisolated(unsafe) var shared = 0", "@_exported import Core",
        ])
    func planted(code: String) {
        let file = SourceFile(room: "Core", path: "p", "\n\n" + code + "\n// try! fatalError( as! DispatchQueue\n")
        let found = WordRule.refused.flatMap { $0.violations(in: [file]) }
        #expect(found.map(\.line) == [3])
    }

    @Test("hold no notes to oneself, in code or comments")
    func notes() throws {
        #expect(FileRule.noted(try SourceTree.whole.get().files) == [])
        // Put together here, so that no search for such notes finds this file.
        let note = ["TO", "DO"].joined()
        let file = SourceFile(
            room: "Core", path: "p", "let one = 1 // \(note): two\nlet \(note)s = 2\n/* FIX\("ME") */\n")
        #expect(FileRule.noted([file]).map(\.line) == [1, 3])
    }

    @Test("have names that say what is inside")
    func names() throws {
        #expect(FileRule.emptilyNamed(try SourceTree.whole.get().files) == [])
        let paths = [
            "Sources/Core/Utils.swift", "Sources/Core/StringHelpers.swift", "Sources/Core/KeyManager.swift",
            "Sources/Core/Common/Text.swift", "Sources/Core/Text+Utilities.swift", "Sources/Core/Commonplace.swift",
        ]
        let found = FileRule.emptilyNamed(paths.map { SourceFile(room: "Core", path: $0, "") })
        #expect(found.map(\.path) == Array(paths.dropLast()))
    }

    @Test("define no type named as its room, the listed ones excepted")
    func roomNames() throws {
        let found = FileRule.namedAsRoom(try SourceTree.whole.get().files)
        #expect(Set(found.map(\.path)) == Set(FileRule.roomNames.keys), "\(found)")
        let planted = [
            SourceFile(room: "Vault", path: "a", "package final class Vault: Sendable {}"),
            SourceFile(room: "Vault", path: "b", "enum Vault {}"),
            SourceFile(room: "Vault", path: "c", "struct VaultKey {}"),
            SourceFile(room: "Vault", path: "d", "// struct Vault\nstruct Gate { let name = \"struct Vault\" }"),
        ]
        #expect(FileRule.namedAsRoom(planted).map(\.path) == ["a", "b"])
    }
}
