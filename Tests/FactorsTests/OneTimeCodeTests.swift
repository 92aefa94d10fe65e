import Core
import Foundation
import Secrets
import TestSupport
import Testing

@testable import Factors

#if OneTimeCodes
    @Suite("One-time codes")
    struct OneTimeCodeTests {
        private static let time = Timestamp(milliseconds: 1_800_000_015_000)
        private static let step: Int64 = 60_000_000

        private func secret() throws -> SecretBytes { try SecretBytes(copying: Array("12345678901234567890".utf8)) }

        private func code(at step: Int64) throws -> String {
            String(
                decoding: try Oath.code(at: step, secret: secret(), digits: 6, hash: .sha1), as: UTF8.self)
        }

        private func accepted(_ code: String, at time: Timestamp = time, after last: Int64? = nil) throws -> Int64? {
            try OneTimeCodes.acceptedStep(of: code, secret: secret(), at: time, after: last)
        }

        private struct CounterTable: Decodable {
            let secret_hex: String
            let digits: Int
            let hotp: [String]
        }

        @Test("of counters are those of RFC 4226, appendix D")
        func counters() throws {
            guard let path = SharedFile.path("vectors/rfc/rfc4226_hotp.json") else { return }
            let table = try JSONDecoder().decode(CounterTable.self, from: Data(contentsOf: URL(filePath: path)))
            #expect(table.hotp.count == 10)
            let secret = try SecretBytes(copying: #require(bytes(hex: table.secret_hex)))
            for (counter, expected) in table.hotp.enumerated() {
                let code = try Oath.code(at: Int64(counter), secret: secret, digits: table.digits, hash: .sha1)
                #expect(String(decoding: code, as: UTF8.self) == expected, "counter \(counter)")
            }
        }

        private struct TimeTable: Decodable {
            struct Row: Decodable {
                let algorithm: String
                let time: Int64
                let totp: String
            }
            let step: Int64
            let digits: Int
            let secrets_hex: [String: String]
            let vectors: [Row]
        }

        @Test("of times are those of RFC 6238, appendix B, with SHA-1, SHA-256 and SHA-512")
        func times() throws {
            guard let path = SharedFile.path("vectors/rfc/rfc6238_totp.json") else { return }
            let table = try JSONDecoder().decode(TimeTable.self, from: Data(contentsOf: URL(filePath: path)))
            #expect(table.vectors.count == 18 && table.step == OneTimeCodes.period)
            let hashes: [String: Oath.Hash] = ["SHA1": .sha1, "SHA256": .sha256, "SHA512": .sha512]
            for row in table.vectors {
                let secret = try SecretBytes(
                    copying: #require(table.secrets_hex[row.algorithm].flatMap { bytes(hex: $0) }))
                let code = try Oath.code(
                    at: row.time / table.step, secret: secret, digits: table.digits,
                    hash: #require(hashes[row.algorithm]))
                #expect(String(decoding: code, as: UTF8.self) == row.totp, "\(row.algorithm) at \(row.time)")
            }
        }

        @Test(
            "are accepted one step early, on time and one step late, and not beyond",
            arguments: -3...3 as ClosedRange<Int64>)
        func window(offset: Int64) throws {
            let code = try code(at: Self.step + offset)
            #expect(try accepted(code) == (abs(offset) <= 1 ? Self.step + offset : nil))
        }

        @Test("last from the first to the last millisecond of their step")
        func edges() throws {
            let (code, start) = (try code(at: Self.step), Self.step * 30_000)
            for (milliseconds, taken) in [
                (start - 30_001, false), (start - 30_000, true), (start, true), (start + 29_999, true),
                (start + 59_999, true), (start + 60_000, false),
            ] {
                #expect(try (accepted(code, at: Timestamp(milliseconds: milliseconds)) != nil) == taken)
            }
        }

        @Test("are accepted once, and none of an earlier step after a later one")
        func replay() throws {
            let codes = try (-1...1 as ClosedRange<Int64>).map { try code(at: Self.step + $0) }
            #expect(try accepted(codes[1], after: Self.step - 1) == Self.step)
            #expect(try accepted(codes[1], after: Self.step) == nil)
            #expect(try accepted(codes[0], after: Self.step) == nil)
            #expect(try accepted(codes[2], after: Self.step) == Self.step + 1)
        }

        @Test("may have blanks in them")
        func blanks() throws {
            let code = try code(at: Self.step)
            #expect(try accepted(" \(code.prefix(3)) \(code.suffix(3))\u{00A0}\n") == Self.step)
        }

        @Test("have six digits of ASCII and nothing else")
        func malformed() throws {
            let code = try code(at: Self.step)
            let wide = String(
                String.UnicodeScalarView(code.unicodeScalars.compactMap { Unicode.Scalar($0.value + 0xFEE0) }))
            for text in [
                "", String(code.dropLast()), code + "0", "0" + code, code + "a", "a" + code.dropFirst(), wide,
                "-" + code.dropFirst(),
            ] {
                #expect(try accepted(text) == nil, "\(text)")
            }
        }

        @Test("work at the first moment of the clock, and not before it")
        func first() throws {
            #expect(try accepted(code(at: 0), at: Timestamp(milliseconds: 0)) == 0)
            #expect(try accepted(code(at: 0), at: Timestamp(milliseconds: -1)) == nil)
            #expect(try accepted("000000", at: Timestamp(milliseconds: .max)) == nil)
        }

        @Test("of another secret are refused")
        func otherSecret() throws {
            let other = try OneTimeCodes.makeSecret()
            #expect(other.count == 20)
            let codes = try (-1...1 as ClosedRange<Int64>).map {
                try Oath.code(at: Self.step + $0, secret: other, digits: 6, hash: .sha1)
            }
            let mine = try code(at: Self.step)
            // One in a third of a million secrets has the same digits by chance.
            let expected = codes.contains(Array(mine.utf8))
            #expect(
                try (OneTimeCodes.acceptedStep(of: mine, secret: other, at: Self.time, after: nil) != nil) == expected)
        }

        @Test("are enrolled by a Key URI with the secret in base 32")
        func enrolment() throws {
            let enrolment = try OneTimeCodes.enrolment(
                secret: secret(), account: "zoë@example.com", issuer: "Shop & Co/1")
            #expect(enrolment.secretText == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
            #expect(
                enrolment.uri
                    == "otpauth://totp/Shop%20%26%20Co%2F1:zo%C3%AB%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                    + "&issuer=Shop%20%26%20Co%2F1&algorithm=SHA1&digits=6&period=30")
            let parts = try #require(URLComponents(string: enrolment.uri))
            #expect(parts.host == "totp" && parts.path == "/Shop & Co/1:zoë@example.com")
            #expect(parts.queryItems?.first { $0.name == "issuer" }?.value == "Shop & Co/1")
            #expect("\(enrolment)" == "(secret)")
        }

        @Test("have base 32 as RFC 4648 §10 has it, without its padding")
        func base32() throws {
            for (text, encoded) in [("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foobar", "MZXW6YTBOI")] {
                #expect(try Oath.base32(SecretBytes(copying: Array(text.utf8))) == encoded)
            }
        }

        @Test("are not enrolled under a name that an app would misread", arguments: ["", "a:b", ":"])
        func names(name: String) throws {
            for (account, issuer) in [(name, "Shop"), ("ann", name)] {
                let error = #expect(throws: FactorsError.self) {
                    _ = try OneTimeCodes.enrolment(secret: secret(), account: account, issuer: issuer)
                }
                #expect(error?.code == FactorsError.invalidName)
            }
        }

        @Test("are those of oathtool")
        func oathtool() throws {
            let tool = URL(filePath: "/usr/bin/oathtool")
            guard FileManager.default.isExecutableFile(atPath: tool.path(percentEncoded: false)) else {
                print("oathtool: not found, skipped")
                return
            }
            for step in [1, 37_037_036, Self.step, 666_666_666] {
                let process = Process()
                let output = Pipe()
                process.executableURL = tool
                process.arguments = [
                    "--totp=sha1", "--now", "@\(step * 30 + 7)", "-b", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
                ]
                process.standardOutput = output
                try process.run()
                let printed = output.fileHandleForReading.readDataToEndOfFile()
                process.waitUntilExit()
                #expect(String(decoding: printed, as: UTF8.self) == (try code(at: step)) + "\n", "step \(step)")
            }
        }
    }
#else
    @Suite("One-time codes of a build without them")
    struct NoOneTimeCodeTests {
        @Test("are refused by name")
        func unavailable() throws {
            #expect(!OneTimeCodes.isAvailable)
            let error = #expect(throws: FactorsError.self) { _ = try OneTimeCodes.makeSecret() }
            #expect(error?.code == FactorsError.unavailable)
            let secret = try SecretBytes.random(count: 20)
            #expect(throws: FactorsError.self) {
                try OneTimeCodes.acceptedStep(of: "000000", secret: secret, at: Timestamp(milliseconds: 0), after: nil)
            }
            #expect(throws: FactorsError.self) {
                try OneTimeCodes.enrolment(secret: secret, account: "a", issuer: "b")
            }
        }
    }
#endif
