import Core
import Secrets
import TestSupport
import Testing

@testable import Outbound

@Suite("Strings in answers")
struct JSONStringTests {
    private func body(_ text: String) -> ResponseBody {
        let body = ResponseBody(limit: 1 << 20)
        #expect(Array(text.utf8).withUnsafeBytes { body.append($0) })
        return body
    }

    @Test("are found at the end of their path, and nowhere else")
    func found() {
        let text =
            #" {"a": [1, {"b": "no"}], "b" : {"a":"x","c":{"b":"deep"}}, "n": -1.5e3, "t": true, "z": null, "b2": "y"} "#
        #expect(body(text).string(at: "b", "a") == "x")
        #expect(body(text).string(at: "b", "c", "b") == "deep")
        #expect(body(text).string(at: "b2") == "y")
        for path in [["a"], ["b"], ["c"], ["n"]] { #expect(body(text).string(at: path[0]) == nil) }
        #expect(body(text).string(at: "a", "b") == nil)
        #expect(body(#"{"a":""}"#).string(at: "a") == "")
    }

    @Test(
        "are not in what is no JSON, goes on after its end, names a member twice, is too deep or has escapes",
        arguments: [
            "", "{", #"{"a":"x""#, #"{"a":"x"}{"#, #"{"a":"x",}"#, #"{"a":"x" "b":1}"#, #"{"a" "x"}"#, #"{a:"x"}"#,
            #"{"a":"x","a":"y"}"#, #"{"a":"\u0041"}"#, #"{"a":"x","b":[}"#, #"{"a":"x","b":?}"#, #"{"a":"x","b":[1,]}"#,
            "{\"a\":\"x\n\"}", "<html>", #"{"a":"x"#, #"{"a":"\"#, #"{"b":"\"#,
            #"{"a":"x","b":"# + String(repeating: "[", count: 40) + String(repeating: "]", count: 40) + "}",
        ])
    func refused(text: String) {
        #expect(body(text).string(at: "a") == nil)
    }

    @Test("are secrets where they are base 64 of as many bytes as were asked for")
    func secrets() throws {
        let held = try #require(
            try body(#"{"data":{"plaintext":"AQIDBA=="}}"#).secret(base64At: "data", "plaintext", count: 4))
        #expect(held.bytes.withUnsafeBytes { Array($0) } == [1, 2, 3, 4])
        for text in ["AQIDBA==", "AQI", "AQID", "AQI*BA==", ""] {
            #expect(try body(#"{"a":"\#(text)"}"#).secret(base64At: "a", count: 5) == nil)
        }
        #expect(try body("{}").secret(base64At: "a", count: 5) == nil)
    }

    @Test("are looked for in whatever a changed answer has become, and found only where it is JSON still")
    func mutations() {
        var random = SeededGenerator.announced("strings in answers")
        let text = Array(#"{"a":[1,{"b":"no"}],"data":{"plaintext":"AQID","n":null},"x":"é"}"#.utf8)
        var found = 0
        for _ in 0..<SeededGenerator.rounds(quick: 2000, soak: 200_000) {
            let changed = random.mutate(text, interesting: Array("{}[]\",:\\".utf8))
            let body = ResponseBody(limit: changed.count + 1)
            #expect(changed.withUnsafeBytes { body.append($0) })
            guard let string = body.string(at: "data", "plaintext") else { continue }
            found += 1
            // Ours takes numbers and words that are not quite any, which come to nothing.
            guard let json = try? JSON(parsing: changed) else { continue }
            #expect(json["data"]?["plaintext"]?.string == string)
        }
        #expect(found > 30)
    }

    @Test("are bytes that grow up to their bound and no further")
    func growth() {
        let body = ResponseBody(limit: 10_000)
        let part = [UInt8](repeating: 7, count: 3000)
        for _ in 0..<3 { #expect(part.withUnsafeBytes { body.append($0) }) }
        #expect(part.withUnsafeBytes { !body.append($0) })
        #expect(body.count == 9000 && body.withUnsafeBytes { $0.allSatisfy { $0 == 7 } })
        #expect(!body.contains("absent") && self.body("what is present").contains("present"))
        #expect(!self.body("x").contains("longer"))
    }
}
