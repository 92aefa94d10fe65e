import Testing

@Suite("The import graph")
struct ImportTests {
    private let house = House.profileVault
    private let rule = ImportRule(house: .profileVault)

    @Test("of the table only points down")
    func table() {
        #expect(house.crookedArrows.isEmpty)
        let crooked = House(rooms: [
            House.Room(name: "Low", floor: 0, imports: ["High"]), House.Room(name: "High", floor: 1, imports: ["Side"]),
            House.Room(name: "Side", floor: 1, imports: ["Nowhere"]),
        ])
        #expect(crooked.crookedArrows.count == 3)
    }

    @Test("of the sources has no arrow that the table lacks, and the table none that nobody uses")
    func sources() throws {
        let tree = try SourceTree.whole.get()
        #expect(tree.files.count > 100)
        #expect(rule.violations(in: tree.files) == [])
        #expect(rule.unusedArrows(in: tree.files) == [])
    }

    @Test("is the one that Package.swift declares")
    func manifest() throws {
        let manifest = Manifest(try SourceTree.text("Package.swift"))
        let rooms = try SourceTree.whole.get().rooms
        #expect(Set(manifest.dependencies.keys) == rooms)
        for room in house.rooms where rooms.contains(room.name) {
            #expect(manifest.dependencies[room.name] == room.imports.union(room.libraries), "\(room.name)")
        }
    }

    @Test("stands on the floors that DESIGN.md draws")
    func figure() throws {
        let design = try SourceTree.text("DESIGN.md")
        let figure = try #require(design.firstMatch(of: #/## The house\s+```\n([^`]*)CLibraries/#)?.1)
        let floors = figure.split(separator: "\n").map { line in
            Set(line.split(separator: #/\ \ +/#).prefix { !$0.contains(" ") }.map(String.init))
        }
        let wanted = Dictionary(grouping: house.rooms, by: \.floor).sorted { $0.key > $1.key }.map { floor in
            Set(floor.value.map(\.name))
        }
        #expect(floors == wanted)
    }

    @Test(
        "refuses an arrow up, sideways or new, a library outside its room, and what is nobody's",
        arguments: [
            ("Audit", "package import Gate", "goes up"), ("Vault", "import Consent", "goes sideways"),
            ("Storage", "import Secrets", "is a new arrow"), ("Gate", "import CSodium", "is wrapped by Secrets alone"),
            ("Ingest", "public import struct CSQLite.sqlite3", "is wrapped by Storage alone"),
            ("Vault", "import CZlib", "is wrapped by Factors and Ingest alone"),
            ("Core", "import Crypto", "is neither"), ("Gate", "@testable import Vault", "@testable has no place"),
            ("Cedar", "#if canImport(Core)\n    import Core\n#endif", "goes sideways"),
            ("Attic", "let one = 1", "is not in the table"), ("Vault", "import Foundation; import Ingest", "goes up"),
        ])
    func planted(room: String, line: String, complaint: String) {
        let file = SourceFile(room: room, path: "Sources/\(room)/Planted.swift", "/// A room.\n" + line + "\n")
        let found = rule.violations(in: [file])
        #expect(found.count == 1)
        #expect(found.first?.what.contains(complaint) == true, "\(found)")
    }

    @Test("is not misled by comments and strings")
    func noCode() {
        let text = """
            // import Gate
            /* import Gate /* nested */
            import Gate */
            let shown = "import Gate"
            let long = \"""
                import Gate
                \"""
            import Core
            """
        let imports = ImportRule.imports(of: SwiftText(text))
        #expect(imports == [ImportRule.Import(module: "Core", line: 8, attributes: [])])
    }

    @Test("of a manifest is read with its conditions, its empty rooms and without its benchmarks")
    func reading() {
        let text = """
            func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target { .target(name: name) }
            room("Core"), room("Cedar", exclude: ["README.md"]),
            room("Vault", ["Core", .target(name: "CIDN2", condition: .when(traits: ["Domains"]))], settings: wrapping),
            .executableTarget(name: "tool", dependencies: ["Core", "Vault"], swiftSettings: house),
            .executableTarget(name: "bench", dependencies: ["CSodium"], path: "Benchmarks"),
            """
        #expect(
            Manifest(text).dependencies == [
                "Core": [], "Cedar": [], "Vault": ["Core", "CIDN2"], "tool": ["Core", "Vault"],
            ])
    }

    @Test("knows an arrow that nobody uses")
    func unused() {
        let file = SourceFile(room: "Audit", path: "a", "import Core\nimport Secrets\n")
        #expect(rule.unusedArrows(in: [file]) == ["Audit -> Storage"])
    }
}
