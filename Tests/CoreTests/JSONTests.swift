import TestSupport
import Testing

@testable import Core

@Suite("JSON")
struct JSONTests {
    @Test(
        "accepts every shape of RFC 8259",
        arguments: [
            "null", " true\t\n\r", "false", "0", "-0", "1.5e+10", "1E-2", "\"\"", "[]", "{}", "[1,[2,[3]]]",
            #"{"a":{"b":[null,true]},"c":""}"#, #""\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00""#, "\"é\u{1F600}\u{7F}\"",
            "\"\u{2028}\"", #""\u0000""#, "123456789012345678901234567890.000",
        ])
    func accepts(_ text: String) throws {
        let value = try JSON(parsing: text)
        #expect(try JSON(parsing: value.bytes()) == value)
        #expect(try JSON(parsing: value.text(.pretty)) == value)
    }

    @Test(
        "refuses what RFC 8259 does not allow",
        arguments: [
            "", " ", "nul", "True", "01", "-", "1.", ".5", "+1", "1e", "1e+", "0x1", "NaN", "Infinity", "[1,]", "[,1]",
            "[1 2]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{'a':1}", "{1:1}", "\"", "\"\\x\"",
            "\"\\u12\"",
            "\"\\u12G4\"", "\"a\nb\"", "\"a\tb\"", "1 2", "[]]", "[", "//", "/**/1", "\"\\uD800\"", "\"\\uDC00\"",
            "\"\\uD800\\u0041\"", "\"\\uD800x\"", "\u{FEFF}1", "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "\"\\",
            "\"\\u",
        ])
    func refuses(_ text: String) {
        #expect(throws: JSONError.self) { _ = try JSON(parsing: text) }
    }

    @Test(
        "refuses bytes that are not UTF-8 and says where they are",
        arguments: [
            ([0x80], 0), ([0xC0, 0xAF], 0), ([0xED, 0xA0, 0x80], 0), ([0x41, 0xF4, 0x90, 0x80, 0x80], 1),
            ([0xC3, 0xA9, 0xE2, 0x82], 2), ([0xFF], 0),
        ] as [([UInt8], Int)])
    func refusesInvalidUTF8(_ content: [UInt8], _ place: Int) {
        let error = #expect(throws: JSONError.self) {
            _ = try JSON(parsing: Array("[\"\\n".utf8) + content + Array("\"]".utf8))
        }
        #expect(error?.offset == place + 4)
    }

    @Test("says the line, column and byte of an error")
    func places() throws {
        let error = try #require(throws: JSONError.self) { _ = try JSON(parsing: "{\n  \"é\": tru\n}") }
        #expect((error.line, error.column, error.offset) == (2, 8, 10))
        #expect(error.message == "line 2, column 8: a value is missing")
    }

    @Test("keeps numbers as they were written")
    func keepsNumbers() throws {
        let value = try JSON(parsing: "[1.10,1e400,12345678901234567890,-7]")
        #expect(value.text() == "[1.10,1e400,12345678901234567890,-7]")
        #expect(value[0]?.double == 1.1)
        #expect(value[2]?.integer == nil)
        #expect(value[3]?.integer == -7)
        #expect(JSONNumber(literal: "1.") == nil)
        #expect(JSON(Double.infinity).isNull)
        #expect(JSON(2.0).text() == "2")
    }

    @Test("takes canonically equivalent keys and strings for different ones")
    func comparesBytes() throws {
        let composed = "\u{E9}"
        let decomposed = "e\u{301}"
        let value = try JSON(parsing: "{\"\(composed)\":1,\"\(decomposed)\":2}")
        #expect(value[composed]?.integer == 1)
        #expect(value[decomposed]?.integer == 2)
        #expect(JSON(composed) != JSON(decomposed))
    }

    @Test("keeps members in order, and finds them however many there are", arguments: [3, 12, 13, 500])
    func keepsOrder(_ count: Int) throws {
        let text = "{" + (0..<count).map { "\"k\(count - $0)\":\($0)" }.joined(separator: ",") + "}"
        var value = try #require(try JSON(parsing: text).object)
        #expect(JSON.object(value).text() == text)
        for place in 0..<count { #expect(value["k\(count - place)"]?.integer == place) }
        value["k2"] = nil
        #expect(value["k2"] == nil)
        #expect(value["k1"]?.integer == count - 1)
        #expect(value.count == count - 1)
        #expect(throws: JSONError.self) { _ = try JSON(parsing: text.dropLast() + ",\"k1\":0}") }
    }

    @Test("orders keys by UTF-16 for hashing, at every depth")
    func sorts() throws {
        let value = try JSON(
            parsing: #"{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":{"b":[{"z":1,"a":2}],"a":0}}"#)
        #expect(
            value.sortedKeys.text()
                == "{\"\\r\":2,\"1\":4,\"\u{80}\":{\"a\":0,\"b\":[{\"a\":2,\"z\":1}]},\"\u{20AC}\":1,\"\u{1F600}\":5,\"\u{FB33}\":3}"
        )
    }

    @Test("writes the pretty form with two spaces a level")
    func pretty() {
        let value: JSON = ["a": [1, "x\n"], "b": [:], "c": nil]
        #expect(value.text(.pretty) == "{\n  \"a\": [\n    1,\n    \"x\\n\"\n  ],\n  \"b\": {},\n  \"c\": null\n}")
    }

    @Test("bounds the depth")
    func boundsDepth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSON(parsing: nested(JSON.depthLimit))
        #expect(throws: JSONError.self) { _ = try JSON(parsing: nested(JSON.depthLimit + 1)) }
        #expect(throws: JSONError.self) { _ = try JSON(parsing: String(repeating: "[", count: 1_000_000)) }
        #expect(throws: JSONError.self) { _ = try JSON(parsing: "[[1]]", depthLimit: 1) }
    }

    @Test("survives mutated input, and reads back whatever it accepts")
    func survives() throws {
        var generator = SeededGenerator.announced("JSON mutations")
        let text =
            #"{"id":"u1","n":[-1.5e3,0,true,null],"é":{"\u00e9\ud83d\ude00":"a\\b\"","x":[[],{}]},"last":"2026-11-24"}"#
        let input = Array(text.utf8)
        let interesting = Array("{}[]:,\"\\u0eE+-.tfn \n".utf8) + [0x80, 0xC3, 0xED, 0xFF]
        var accepted = 0
        for _ in 0..<SeededGenerator.rounds(quick: 100_000, soak: 2_000_000) {
            let mutated = generator.mutate(input, interesting: interesting)
            do throws(JSONError) {
                let value = try JSON(parsing: mutated)
                accepted += 1
                #expect(try JSON(parsing: value.bytes()) == value)
            } catch {
                #expect(error.offset >= 0 && error.offset <= mutated.count && error.line > 0 && error.column > 0)
            }
        }
        #expect(accepted > 0)
    }
}
