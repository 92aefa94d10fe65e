import Foundation
import Testing

@testable import Cedar

/// Whatever the text, there is an answer: a policy set or an error with a place.
@Suite("Robustness")
struct RobustnessTests {
    private static let seeds = [
        """
        @id("x") @reveal permit (principal in Role::"staff", action in [Action::"a", Action::"b"], resource is Ns::Doc in Folder::"f")
        when { principal.age >= 18 && !(context has a.b) || resource["x"] like "a*\\*" } unless { [1, -2].contains(3 * 4 + 1) };
        """,
        """
        forbid (principal == ?principal, action == Action::"é\\u{1F600}\\x41", resource == ?resource) // comment
        when { if ip("10.0.0.0/8").isInRange(context.ip) then {a: 1, "b c": [User::"x"]} == {} else datetime("2024-01-01") < context.now };
        """,
    ]

    @Test("ten thousand mutated policies are read or refused with a place")
    func mutatedPolicies() throws {
        let seed: UInt64 = 4_711
        var random = SplitMix(state: seed)
        let interesting = Array("(){}[]\"\\@?:;,.*+-!=<>&|/ \n\r09azA_\u{0}".utf8) + [0xC3, 0xA9, 0xFF, 0xF0, 0x80]
        var refused = 0
        for round in 0..<10_000 {
            var bytes = Array(Self.seeds[round % 2].utf8)
            for _ in 0...random.below(4) {
                let place = random.below(bytes.count)
                switch random.below(5) {
                case 0: bytes.remove(at: place)
                case 1: bytes.insert(interesting[random.below(interesting.count)], at: place)
                case 2: bytes[place] = interesting[random.below(interesting.count)]
                case 3: bytes.removeSubrange(place..<min(bytes.count, place + random.below(20)))
                default:
                    bytes.insert(contentsOf: bytes[random.below(bytes.count)...].prefix(random.below(30)), at: place)
                }
                if bytes.isEmpty { bytes = [0x20] }
            }
            do {
                let policies = try PolicySet(parsing: String(decoding: bytes, as: UTF8.self))
                _ = policies.isAuthorized(World.request(), entities: Entities())
            } catch {
                refused += 1
                #expect(
                    error.errors.allSatisfy { $0.position != nil && $0.sourceLine != nil },
                    "seed \(seed), round \(round)")
            }
        }
        print("mutated policies, seed \(seed): \(refused) of 10000 refused")
        #expect(refused > 5000)
    }

    @Test("mutated entity JSON is read or refused with a place")
    func mutatedJSON() throws {
        let seed: UInt64 = 815
        var random = SplitMix(state: seed)
        let text = #"""
            [{"uid": {"type": "U", "id": "a\u00e9"}, "attrs": {"n": -1, "s": ["x", true], "e": {"__entity": {"type": "U", "id": "b"}},
            "d": {"__extn": {"fn": "ip", "arg": "10.0.0.0/8"}}}, "parents": [{"type": "G", "id": "g"}], "tags": {"t": {}}}]
            """#
        for round in 0..<10_000 {
            var bytes = Array(text.utf8)
            for _ in 0...random.below(3) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
            do { _ = try Entities(json: String(decoding: bytes, as: UTF8.self)) } catch {
                #expect(error.position != nil, "seed \(seed), round \(round)")
            }
        }
    }

    @Test(
        "what nests too deeply is refused, in every construct",
        arguments: [
            ("(", "true", ")"), ("[", "1", "]"), ("{a: ", "1", "}"), ("!(", "true", ")"),
            ("if true then true else ", "true", ""),
            ("if ", "true", " then true else false"), ("", "1", " + 1"), ("", "1", " * 1"), ("", "context", ".a"),
            ("", "context", "[\"a\"]"),
            ("", "[1]", ".contains(1)"), ("ip(", "\"\"", ")"), ("1 == (", "1", ")"), ("-(", "1", ")"),
            ("true && (", "true", ")"),
        ])
    func depth(open: String, core: String, close: String) {
        for levels in [Expression.maximumDepth + 1, 20_000] {
            let condition = String(repeating: open, count: levels) + core + String(repeating: close, count: levels)
            #expect(World.complaints(inCondition: condition).map { $0.prefix(14) } == ["cedar.too_deep"])
        }
    }

    /// Optimised, the deepest policy takes less than 256 KiB; frames are much larger in a debug build.
    @Test("what nests just within the bound is evaluated on a small stack")
    func withinDepth() throws {
        let levels = (Expression.maximumDepth - 2) / 2
        let texts = [
            String(repeating: "(", count: 190) + "true" + String(repeating: ")", count: 190),
            String(repeating: "true && (", count: levels) + "true" + String(repeating: ")", count: levels),
            String(repeating: "if true then (", count: levels) + "true"
                + String(repeating: ") else false", count: levels),
            String(repeating: "[", count: 180) + "context" + String(repeating: "]", count: 180) + " == 1 || true",
            String(repeating: "{a: ", count: 90) + "context" + String(repeating: "}.a", count: 90) + " == {}",
            "1" + String(repeating: " + 1", count: 190) + " == 191",
            "context" + String(repeating: ".a", count: 190) + " == 1 || true",
        ]
        let thread = Thread {
            for text in texts {
                #expect(throws: Never.self) {
                    let outcome = try World.outcome(text)
                    #expect(outcome == "true" || outcome == "cedar.no_attribute")
                }
            }
        }
        #if DEBUG
            thread.stackSize = 4 << 20
        #else
            thread.stackSize = 384 << 10
        #endif
        thread.start()
        while !thread.isFinished { usleep(1000) }
    }

    @Test("a chain of thousands of conditions is one level")
    func longChains() throws {
        let chain = Array(repeating: "context has x", count: 20_000)
        #expect(try World.outcome(chain.joined(separator: " || ") + " || true") == "true")
        #expect(try World.outcome(chain.map { "!(\($0))" }.joined(separator: " && ")) == "true")
    }

    @Test("JSON that nests too deeply is refused")
    func deepJSON() {
        for levels in [201, 100_000] {
            let text = "{\"a\": " + String(repeating: "[", count: levels) + String(repeating: "]", count: levels) + "}"
            let error = #expect(throws: CedarError.self) { try Record(json: text) }
            #expect(error?.code == "cedar.too_deep")
        }
    }
}
