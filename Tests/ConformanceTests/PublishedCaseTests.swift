import Foundation
import Testing

@testable import profilevault_conformance

/// Agreement with the reference engine, case by case, through the program that anyone can run.
@Suite("Published cases")
struct PublishedCaseTests {
    /// The folder `shared/vectors/cedar` next to the package; `nil`, said out loud, where it is absent.
    private static func folder(for what: String) -> URL? {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let shared =
            ProcessInfo.processInfo.environment["PROFILEVAULT_SHARED"].map { URL(filePath: $0) }
            ?? package.deletingLastPathComponent().appending(path: "shared")
        let folder = shared.appending(path: "vectors/cedar")
        if FileManager.default.fileExists(atPath: folder.path(percentEncoded: false)) { return folder }
        print("\(what): not found, skipped")
        return nil
    }

    private func expect(_ report: Report, _ what: String, cases: Int, requests: Int) {
        report.tell { print("\(what): \($0)") }
        #expect(report.failures.isEmpty)
        #expect(report.passed == cases)
        #expect(report.requests == requests)
    }

    @Test("every expression probe has the value the reference gives it")
    func probes() throws {
        guard let folder = Self.folder(for: "expression probes") else { return }
        let report = try ExpressionProbes(folder.appending(path: "expr_probes.json")).run()
        expect(report, "expression probes", cases: 170, requests: 170)
    }

    @Test("every handwritten case of cedar-integration-tests is decided and validated as published")
    func handwritten() throws {
        guard let folder = Self.folder(for: "handwritten cases") else { return }
        expect(try CaseFolder(folder).run(), "handwritten cases", cases: 22, requests: 74)
    }

    @Test("every corpus case is decided and validated as published")
    func corpus() throws {
        guard let folder = Self.folder(for: "corpus cases") else { return }
        let scratch = FileManager.default.temporaryDirectory.appending(path: "cedar-corpus-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let tar = Process()
        tar.executableURL = URL(filePath: "/usr/bin/env")
        tar.arguments = [
            "tar", "-xzf", folder.appending(path: "corpus-tests.tar.gz").path(percentEncoded: false),
            "-C", scratch.path(percentEncoded: false),
        ]
        try tar.run()
        tar.waitUntilExit()
        try #require(tar.terminationStatus == 0)
        expect(try CaseFolder(scratch).run(), "corpus cases", cases: 2_000, requests: 16_000)
    }

    @Test("sets of several policies, templates and links are decided as the reference decides them")
    func multiplePolicies() throws {
        guard let folder = Self.folder(for: "multi-policy cases") else { return }
        let report = try LinkedCases(folder.appending(path: "multi_policy_templates.json")).run()
        expect(report, "multi-policy cases", cases: 409, requests: 1_636)
    }
}
