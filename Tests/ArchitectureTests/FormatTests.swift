import Foundation
import Testing

/// That what lies on disk can be read by DESIGN.md alone.
@Suite("The formats on paper")
struct FormatTests {
    /// Columns of each table of a `CREATE TABLE` in the sources.
    private static func declared(in text: String) -> [String: Set<String>] {
        var tables: [String: Set<String>] = [:]
        for match in text.matches(of: #/CREATE TABLE (\w+) \(((?:[^()]|\([^()]*\))*)\)/#) {
            let columns = match.2.matches(of: #/(?:^|,)\s*([a-z_]+) /#).map { String($0.1) }
            tables[String(match.1)] = Set(columns)
        }
        return tables
    }

    /// Columns of each table as the section *Tables* lists them: a row without a name goes on with the table before.
    private static func written(in text: String) -> [String: Set<String>] {
        var tables: [String: Set<String>] = [:]
        var table = ""
        for match in text.matches(of: #/(?m)^\|([^|\n]*)\|([^|\n]*)\|([^|\n]+)\|$/#) {
            if let name = match.1.firstMatch(of: #/`(\w+)`/#) { table = String(name.1) }
            tables[table, default: []].formUnion(match.2.matches(of: #/`(\w+)`/#).map { String($0.1) })
        }
        return tables.filter { !$0.value.isEmpty }
    }

    @Test("have every table with every column, and none that there is not")
    func tables() throws {
        let sources = try SourceTree.whole.get().files.map { String(decoding: $0.text.withoutComments, as: UTF8.self) }
        let declared = Self.declared(in: sources.joined(separator: "\n"))
        let section = try #require(SourceTree.text("DESIGN.md").components(separatedBy: "\n## Tables\n").last)
            .components(separatedBy: "\n## ")[0]
        #expect(declared.count > 20)
        #expect(Self.written(in: section) == declared)
    }

    @Test("are read as they are written: a column that is missing or made up is found")
    func reading() {
        let made = Self.declared(
            in: "CREATE TABLE a (x INTEGER, y_z BLOB NOT NULL, PRIMARY KEY (x, y_z))\", CREATE INDEX")
        #expect(made == ["a": ["x", "y_z"]])
        #expect(Self.written(in: "| table | columns | |\n| `a` ◦ | **`x`** | of `q` |\n| | `y_z` | b |") == made)
        #expect(Self.written(in: "| `a` | `x` | one |") != made)
    }

    @Test("have every label that a key is derived by, in DESIGN.md and in keys-example/README.md")
    func labels() throws {
        let labels = Set(
            try SourceTree.whole.get().files.flatMap { file in
                String(decoding: file.text.withoutComments, as: UTF8.self)
                    .matches(of: #/(?:derive\(|label: )"([^"]+)"/#).map { String($0.1) }
            })
        #expect(labels.count > 10)
        for paper in ["DESIGN.md", "keys-example/README.md"] {
            let text = try SourceTree.text(paper)
            #expect(labels.filter { !text.contains("`\($0)`") } == [], "\(paper)")
        }
    }
}
