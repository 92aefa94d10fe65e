import Cedar
import Foundation

/// A folder of cases: JSON files, beside or above which lie the policies, schemas and entities that they name.
struct CaseFolder {
    private let root: URL

    init(_ root: URL) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: root.path(percentEncoded: false), isDirectory: &isFolder),
            isFolder.boolValue
        else { throw Unreadable("there is no such folder") }
        self.root = root.standardizedFileURL
    }

    func run() throws -> Report {
        var report = Report()
        let base = root.path(percentEncoded: false)
        for name in try FileManager.default.subpathsOfDirectory(atPath: base).sorted() where Self.mayBeCase(name) {
            let url = root.appending(path: name)
            do {
                let json = try JSONText(try Conformance.text(url), file: name)
                // Entities beside the cases and lists of other things are no cases.
                guard json.root.member("requests") != nil || json.root.member("policies") != nil else { continue }
                let example = try IntegrationCase(json) { path in try text(path, near: url) }
                report.add(name, requests: example.requests.count, differences: example.differences())
            } catch {
                report.add(name, requests: 0, differences: ["cannot be run: \(error)"])
            }
        }
        return report
    }

    private static func mayBeCase(_ name: String) -> Bool {
        name.hasSuffix(".json") && !name.hasSuffix(".entities.json") && !name.hasSuffix(".cedarschema.json")
    }

    /// A file that a case names by its path from where the whole collection was unpacked, at or above the case.
    private func text(_ path: String, near url: URL) throws -> String {
        var folder = url.deletingLastPathComponent()
        let beside = folder.appending(path: path.split(separator: "/").last.map(String.init) ?? path)
        while true {
            let candidate = folder.appending(path: path)
            if FileManager.default.fileExists(atPath: candidate.path(percentEncoded: false)) {
                return try Conformance.text(candidate)
            }
            guard folder.pathComponents.count > 1 else { break }
            folder.deleteLastPathComponent()
        }
        return try Conformance.text(beside)
    }
}
