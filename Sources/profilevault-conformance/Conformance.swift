import Foundation

/// Compares what this project's engines answer with what published cases say they should.
enum Conformance {
    static let usage = """
        usage: profilevault-conformance cedar FOLDER        cases in the layout of cedar-integration-tests
               profilevault-conformance cedar-probes FILE   expressions and their values
               profilevault-conformance cedar-links FILE    sets of several policies, with templates and links

        Names what fails, then says `N passed, M failed`. A case that cannot be run has failed.
        """

    /// Runs what the words of a command line ask for.
    ///
    /// - Returns: the exit status: 0, 1 where a case failed or there was none, 2 where nothing could be done.
    static func run(_ words: [String], say: (String) -> Void) -> Int32 {
        guard words.count == 2 else {
            say(usage)
            return 2
        }
        let place = URL(filePath: words[1])
        do {
            let report: Report
            switch words[0] {
            case "cedar": report = try CaseFolder(place).run()
            case "cedar-probes": report = try ExpressionProbes(place).run()
            case "cedar-links": report = try LinkedCases(place).run()
            default:
                say(usage)
                return 2
            }
            report.tell(say)
            return report.failures.isEmpty && report.passed > 0 ? 0 : 1
        } catch {
            say("\(place.path(percentEncoded: false)): \(error)")
            return 2
        }
    }

    /// A file's text, whatever bytes are in it.
    static func text(_ url: URL) throws -> String {
        do { return String(decoding: try Data(contentsOf: url), as: UTF8.self) } catch {
            throw Unreadable("`\(url.lastPathComponent)` cannot be read: is it there, and a file?")
        }
    }
}

/// A file or folder that cannot be read, in a sentence.
struct Unreadable: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
