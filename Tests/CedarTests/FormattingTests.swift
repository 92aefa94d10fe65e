import Foundation
import TestSupport
import Testing

@testable import Cedar

@Suite("Formatted policies")
struct FormattingTests {
    private static func formatted(_ text: String, width: Int = 100) throws -> String {
        try PolicyFile(name: "p.cedar", text: text).formatted(width: width)
    }

    /// The words and comments of a text, without their layout.
    private static func words(_ text: String) -> [String] {
        PlacedToken.tokens(of: SourceText(text, file: "p")).flatMap { token in
            token.leading.map(\.text) + [token.text] + (token.trailing.map { [$0] } ?? [])
        }
    }

    @Test("stand one constraint a line, with operators at the ends of lines and lists filled")
    func layout() throws {
        let text = """
            // Who may read.
            // More.

            @id("a")@reveal ( "masked" ) permit(principal in Role::"m",action==Action::"read",resource is Field)
            when{context.purpose==Purpose::"p"&&![Field::"first_name",Field::"city",Field::"country",Field::"loyalty_tier"]
            .contains(resource)} unless { false };  // why


            forbid (principal, action, resource,); permit(principal,action in [Action::"a",Action::"b"],resource)
            when { if principal has a.b then {a: 1, "b c": - 2 + 3 * 4} == {} else principal.tags["a longer name"] like "a*" }; // last
            // end
            """
        #expect(
            try Self.formatted(text) == """
                // Who may read.
                // More.

                @id("a")
                @reveal("masked")
                permit (
                    principal in Role::"m",
                    action == Action::"read",
                    resource is Field
                )
                when {
                    context.purpose == Purpose::"p" &&
                    ![
                        Field::"first_name", Field::"city", Field::"country", Field::"loyalty_tier"
                    ].contains(resource)
                }
                unless { false }; // why

                forbid (principal, action, resource,);

                permit (
                    principal,
                    action in [Action::"a", Action::"b"],
                    resource
                )
                when {
                    if principal has a.b
                        then { a: 1, "b c": -2 + 3 * 4 } == {}
                        else principal.tags["a longer name"] like "a*"
                }; // last

                // end

                """)
        #expect(try Self.formatted("") == "")
        #expect(try Self.formatted(" // only\r\n") == "// only\n")
    }

    @Test("break where a line would be too long, and only there")
    func breaking() throws {
        let text = """
            permit (principal, action, resource) when { ip("10.0.0.1").isInRange(ip("10.0.0.0/8")) && (1 < 2 || resource.names.containsAll(["one","two","three"])) };
            """
        #expect(
            try Self.formatted(text, width: 40) == """
                permit (principal, action, resource)
                when {
                    ip("10.0.0.1").isInRange(ip("10.0.0.0/8")) &&
                    (
                        1 < 2 ||
                        resource.names.containsAll([
                            "one", "two", "three"
                        ])
                    )
                };

                """)
        let lines = try Self.formatted(text, width: 60).split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 60 } && lines.contains { $0.count > 40 })
    }

    @Test("keep every comment at the word that it stands by")
    func comments() throws {
        let text = """
            permit ( // one
              principal, // two
              // three
              action,
              resource
              // four
            ) // five
            when { // six
              [ 1, // seven
                2
                // eight
              ].contains(3) // nine
              // ten
              && true
              // eleven
            };
            """
        #expect(
            try Self.formatted(text) == """
                permit ( // one
                    principal, // two
                    // three
                    action,
                    resource
                    // four
                ) // five
                when { // six
                    [
                        1, // seven
                        2
                        // eight
                    ].contains(3) // nine
                    // ten
                    &&
                    true
                    // eleven
                };

                """)
    }

    @Test("that do not parse are not formatted: everything that is wrong is named")
    func broken() {
        let error = #expect(throws: CedarErrors.self) {
            try Self.formatted("permit (principal);\npermit (principal, action, resource) when { 1 + };")
        }
        #expect(error?.errors.count == 2)
    }

    /// Texts to lay out otherwise, and back again.
    private static let samples = [
        #"@id("x") permit (principal is A::B in C::"d", action in [Action::"r"], resource) unless { a.b == 1 };"#
            .replacing("a.b", with: "context.b"),
        #"permit (principal == ?principal, action, resource in ?resource) when { context has "a b" && !(-1 < 2) };"#,
        #"forbid (principal, action, resource) when { {"a": [1, 2, {b: "c"}]}.a.contains(principal) || 1 - -1 == 2 };"#,
        #"permit (principal, action, resource) when { principal is U in G::"x" } unless { decimal("1.0").lessThan(decimal("2.0")) };"#,
        #"permit (principal, action, resource) when { (if true then [1] else []) .isEmpty() && principal.hasTag("x") };"#,
    ]

    @Test("mean what they meant, have the words they had, and are formatted already")
    func sameAgain() throws {
        var generator = SeededGenerator.announced("FormattingTests.sameAgain")
        var texts = Self.samples
        if let archive = SharedFile.path("vectors/cedar/corpus-tests.tar.gz") {
            let folder = try TemporaryDirectory()
            let tar = Process()
            tar.executableURL = URL(filePath: "/usr/bin/env")
            tar.arguments = ["tar", "-xzf", archive, "-C", folder.path]
            try tar.run()
            tar.waitUntilExit()
            let corpus = Self.policies(in: folder.path)
            #expect(corpus.count > 1000)
            texts += corpus.shuffled(using: &generator).prefix(SeededGenerator.rounds(quick: 150, soak: 3000))
        }
        for text in texts {
            guard (try? PolicySet(parsing: text)) != nil else { continue }
            try Self.check(text)
            for _ in 0..<4 { try Self.check(Self.scattered(text, &generator)) }
        }
    }

    @Test("of mutated texts are the same words, or there are errors")
    func mutated() throws {
        var generator = SeededGenerator.announced("FormattingTests.mutated")
        var laidOut = 0
        for round in 0..<SeededGenerator.rounds(quick: 2000, soak: 100_000) {
            let sample = Array(Self.samples[round % Self.samples.count].utf8)
            let bytes = generator.mutate(sample, interesting: Array("(){}[]&|!-+*\"\\/\n\r ,;:.@?".utf8))
            guard let text = String(validating: bytes, as: UTF8.self), (try? PolicySet(parsing: text)) != nil else {
                continue
            }
            laidOut += 1
            try Self.check(text)
        }
        print("FormattingTests.mutated: \(laidOut) laid out")
        #expect(laidOut > 10)
    }

    @Test("may be long: twenty thousand words in a list, and as many operands")
    func long() throws {
        let list = (0..<20_000).map { "\"\($0)\"" }.joined(separator: ",")
        let chain = (0..<20_000).map { "context.a\($0)" }.joined(separator: "||")
        let text = "permit (principal, action, resource) when { [\(list)].contains(\"x\") } unless { \(chain) };"
        let formatted = try Self.formatted(text)
        #expect(formatted.split(separator: "\n").allSatisfy { $0.utf8.count <= 100 })
        #expect(Self.words(formatted) == Self.words(text))
    }

    private static func check(_ text: String) throws {
        for width in [100, 30] {
            let once = try formatted(text, width: width)
            try #require(words(once) == words(text), "\(text)")
            try #require(try formatted(once, width: width) == once, "\(text)")
            let before = try PolicySet(parsing: text)
            let after = try PolicySet(parsing: once)
            try #require(
                (before.policies + before.templates).map(\.meaning) == (after.policies + after.templates).map(\.meaning)
            )
        }
    }

    /// The text with other blanks between its words, and comments among them.
    private static func scattered(_ text: String, _ generator: inout SeededGenerator) -> String {
        var result = ""
        for token in PlacedToken.tokens(of: SourceText(text, file: "p")) {
            for comment in token.leading { result += "\n" + comment.text + "\n" }
            switch Int.random(in: 0..<12, using: &generator) {
            case 0: result += "\n"
            case 1: result += "  \n\n\t"
            case 2: result += " // note\n"
            case 3: result += "\n  // note\r\n\n"
            default: result += " "
            }
            result += token.text
            if let trailing = token.trailing { result += " " + trailing + "\n" }
        }
        return result
    }

    private static func policies(in folder: String) -> [String] {
        let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return files.filter { $0.hasSuffix(".cedar") }.sorted().compactMap {
            try? String(contentsOf: URL(filePath: folder).appending(path: $0), encoding: .utf8)
        }
    }
}

extension Policy {
    /// All that decides, without places.
    fileprivate var meaning: String {
        "\(effect) \(annotations.sorted { $0.key < $1.key }) \(scope) "
            + conditions.map { "\($0.isUnless) \($0.body.meaning)" }.joined(separator: " ")
    }
}

extension Cedar.Expression {
    fileprivate var meaning: String {
        let label =
            switch form {
            case .literal(let value): "\(value)"
            case .variable(let variable): "\(variable)"
            case .binary(let binary, _, _): "\(binary)"
            case .has(_, let path): "has \(path)"
            case .attribute(_, let name): ".\(name)"
            case .like(_, let pattern): "like \(pattern)"
            case .isType(_, let type, _): "is \(type)"
            case .record(let pairs): "\(pairs.map(\.0))"
            case .call(let function, _): "\(function)"
            case .and: "and"
            case .or: "or"
            case .not: "not"
            case .negate: "negate"
            case .conditional: "if"
            case .isEmpty: "isEmpty"
            case .set: "set"
            }
        return "(\(label) \(form.children.map(\.meaning).joined(separator: " ")))"
    }
}
