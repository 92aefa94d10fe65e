import Foundation

/// A test as a paper names it: `suite › test`.
struct NamedTest: Hashable, CustomStringConvertible {
    let suite: String
    let test: String

    var description: String { "\(suite) › \(test)" }

    /// Every test that a paper names, in backquotes.
    static func named(in paper: String) -> [NamedTest] {
        paper.matches(of: #/`([^`›\n]+) › ([^`\n]+)`/#).map { match in
            NamedTest(suite: String(match.1), test: String(match.2))
        }
    }

    /// Every test of the files that has a sentence for a name, with every suite of its file.
    static func written(in files: [String]) -> Set<NamedTest> {
        Set(
            files.flatMap { file -> [NamedTest] in
                let suites = file.matches(of: #/@Suite\(\s*"([^"]+)"/#).map { String($0.1) }
                let tests = file.matches(of: #/@Test\(\s*"([^"]+)"/#).map { String($0.1) }
                return suites.flatMap { suite in tests.map { NamedTest(suite: suite, test: $0) } }
            })
    }

    /// The texts of all test files.
    static func files() throws -> [String] {
        let folder = SourceTree.root + "Tests"
        return try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".swift") }
            .map { try String(contentsOfFile: folder + "/" + $0, encoding: .utf8) }
    }
}
