import Foundation
import Testing

@Suite("The papers")
struct PaperTests {
    @Test("name tests that there are: each claim of SECURITY.md is held by one")
    func claims() throws {
        let security = try SourceTree.text("SECURITY.md")
        let written = try NamedTest.written(in: NamedTest.files())
        let named = NamedTest.named(in: security)
        #expect(named.count > 40)
        #expect(named.filter { !written.contains($0) } == [])
        // Every row of the section's tables has one.
        let section = try #require(security.components(separatedBy: "## Claims and their tests\n").last)
            .components(separatedBy: "\n## ")[0]
        let rows = section.split(separator: "\n").filter {
            $0.hasPrefix("| ") && !$0.hasPrefix("| claim ") && !$0.hasPrefix("|---")
        }
        #expect(rows.count > 25)
        #expect(rows.filter { NamedTest.named(in: String($0)).isEmpty } == [])
    }

    @Test("are not taken at their word about a test that is not there")
    func made() {
        let file = "@Suite(\"Cells\", .serialized)\nstruct A { @Test(\n    \"close\", arguments: [1])\nfunc a() {} }"
        let written = NamedTest.written(in: [file])
        #expect(written == [NamedTest(suite: "Cells", test: "close")])
        let named = NamedTest.named(in: "| x | `Cells › close` · `Cells › open` · `a › b\n` |")
        #expect(named.filter { !written.contains($0) } == [NamedTest(suite: "Cells", test: "open")])
    }

    /// What of a README is the same in every language: the blocks of commands and output, and where links lead.
    private struct Invariant: Equatable {
        let blocks: [String]
        let links: [String]

        init(_ readme: String) {
            blocks = readme.matches(of: #/(?m)^```\n([^`]*)^```/#).map { match in
                // What follows a command's name in a comment is prose.
                match.1.split(separator: "\n").map { $0.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces) }
                    .joined(separator: "\n")
            }
            links = readme.matches(of: #/\]\(([^)]+)\)/#).map { String($0.1) }.filter { !$0.hasPrefix("README") }
        }
    }

    @Test("say the same in both languages: README.zh-Hant.md has the commands, outputs and links of README.md")
    func languages() throws {
        let english = try SourceTree.text("README.md")
        let chinese = try SourceTree.text("README.zh-Hant.md")
        #expect(Invariant(english).blocks.count >= 2)
        #expect(Invariant(english) == Invariant(chinese))
        #expect(english.contains("](README.zh-Hant.md)") && chinese.contains("](README.md)"))
        #expect(Invariant("```\na  # one\n```\n[x](y)") == Invariant("```\na  # 一\n```\n[甲](y)"))
        #expect(Invariant("```\na\n```") != Invariant("```\nb\n```"))
    }

    @Test("lead to files that there are")
    func links() throws {
        let papers = [
            "README.md", "README.zh-Hant.md", "DESIGN.md", "SECURITY.md", "CONTRIBUTING.md", "docs/commands.md",
            "docs/import.md", "docs/performance.md", "policies/README.md", "keys-example/README.md",
        ]
        for paper in papers {
            let folder = URL(filePath: SourceTree.root + paper).deletingLastPathComponent()
            for match in try SourceTree.text(paper).matches(of: #/\]\(([^)#]+)(?:#[^)]*)?\)/#) {
                let link = String(match.1)
                guard !link.contains("://") else { continue }
                let path = folder.appending(path: link).standardizedFileURL.path(percentEncoded: false)
                #expect(FileManager.default.fileExists(atPath: path), "\(paper): \(link)")
            }
        }
    }
}
