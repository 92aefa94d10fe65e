import Core
import Foundation
import TestSupport
import Testing

@testable import Secrets

/// The standard's own implementation, the Python package `shamir-mnemonic`, where that is installed.
private struct ReferenceShares {
    struct Splitting: Encodable {
        let secret: String
        let groups: [[Int]]
        let groupThreshold: Int
        let passphrase: String
        let exponent: Int
        let extendable: Bool
    }

    private struct Combining: Encodable {
        let mnemonics: [String]
        let passphrase: String
    }

    /// `nil`, said out loud, where there is none; `make peers` installs one that is found first.
    init?() throws {
        guard try Self.run(["--version"], input: nil) != nil else {
            print("shamir-mnemonic not found, skipped")
            return nil
        }
    }

    /// The words of each share of each group.
    func split(_ splitting: Splitting) throws -> [[String]] { try ask(splitting, [[String]].self) }

    /// The secret in hexadecimal, or the empty text where they are refused.
    func combine(_ mnemonics: [String], passphrase: String) throws -> String {
        try ask(Combining(mnemonics: mnemonics, passphrase: passphrase), String.self)
    }

    private func ask<Question: Encodable, Answer: Decodable>(
        _ question: Question, _: Answer.Type
    ) throws -> Answer {
        let answer = try #require(try Self.run([], input: try JSONEncoder().encode(question)))
        return try JSONDecoder().decode(Answer.self, from: answer)
    }

    private static func run(_ arguments: [String], input: Data?) throws -> Data? {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        var environment = ProcessInfo.processInfo.environment
        let peers = package.appending(path: ".peers/bin").path(percentEncoded: false)
        environment["PATH"] = peers + ":" + (environment["PATH"] ?? "/usr/bin:/bin")
        environment["PYTHONUTF8"] = "1"
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["python3", package.appending(path: "scripts/slip39-shares.py").path(percentEncoded: false)] + arguments
        process.environment = environment
        let (question, answer) = (Pipe(), Pipe())
        process.standardInput = question
        process.standardOutput = answer
        try process.run()
        try question.fileHandleForWriting.write(contentsOf: input ?? Data())
        try question.fileHandleForWriting.close()
        let said = answer.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? said : nil
    }
}

@Suite("Shares of other programs")
struct SharesInteroperabilityTests {
    @Test("combine here, and ours there, in random groups, with passphrases and exponents")
    func bothWays() throws {
        guard let reference = try ReferenceShares() else { return }
        var random = SeededGenerator.announced("shares of other programs")
        let rounds = SeededGenerator.rounds(quick: 6, soak: 200)
        for round in 0..<rounds {
            let length = [16, 32, 18, 20, 24, 26, 30, 28, 22][round % 9]
            let secret = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            let groups = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                let threshold = Int.random(in: 1...4, using: &random)
                return (
                    threshold: threshold, count: threshold == 1 ? 1 : threshold + Int.random(in: 0...2, using: &random)
                )
            }
            let groupThreshold = Int.random(in: 1...groups.count, using: &random)
            let (text, exponent, extendable) = (["", "TREZOR", "a b~!"][round % 3], round % 2, round % 4 < 2)

            let ours = try split(
                secret, groups, groupThreshold: groupThreshold, passphrase: passphrase(text), exponent: exponent,
                extendable: extendable)
            let quorum = ours.shuffled(using: &random).prefix(groupThreshold).flatMap {
                $0.shuffled(using: &random).prefix($0[0].memberThreshold)
            }
            #expect(try reference.combine(quorum.map { try $0.text }, passphrase: text) == hex(secret))
            if quorum.count > 1 {
                #expect(try reference.combine(quorum.dropLast().map { try $0.text }, passphrase: text).isEmpty)
            }

            let theirs = try reference.split(
                ReferenceShares.Splitting(
                    secret: hex(secret), groups: groups.map { [$0.threshold, $0.count] },
                    groupThreshold: groupThreshold, passphrase: text, exponent: exponent, extendable: extendable))
            let read = try theirs.map { try $0.map { try Share(words: $0) } }
            #expect(try combine(read.flatMap(\.self), passphrase: passphrase(text)) == secret)
            let chosen = read.shuffled(using: &random).prefix(groupThreshold).flatMap {
                $0.shuffled(using: &random).prefix($0[0].memberThreshold)
            }
            #expect(try combine(Array(chosen), passphrase: passphrase(text)) == secret)
        }
        print("sets of shares combined with shamir-mnemonic in both directions: \(rounds)")
    }
}
