import Core
import Testing

@Suite("Places in a JSON text")
struct JSONPlaceTests {
    private static let text = """
        {
          "a, b": [1, {"c\\u0064": "\\"}]", "é": null}, []],
          "deep": {"er": {"still": true}}
        }
        """

    @Test(
        "are where a member's key or an element begins",
        arguments: [
            ("", 1, 1), ("a, b", 2, 3), ("a, b[0]", 2, 12), ("a, b[1]", 2, 15), ("a, b[1].cd", 2, 16),
            ("a, b[1].é", 2, 35), ("a, b[2]", 2, 47), ("deep.er.still", 3, 19),
        ] as [(String, Int, Int)])
    func found(_ path: String, _ line: Int, _ column: Int) {
        let place = JSONPlaces(of: Array(Self.text.utf8))[path]
        #expect(place.line == line && place.column == column, "\(place)")
    }

    @Test(
        "are those of what is nearest above where something is missing",
        arguments: [("a, b[1].x", "a, b[1]"), ("a, b[7].x.y", "a, b"), ("deep.er.none", "deep.er"), ("none", "")])
    func missing(_ path: String, _ above: String) {
        let places = JSONPlaces(of: Array(Self.text.utf8))
        #expect(places[path] == places[above])
    }

    @Test(
        "come out of any well-formed text without end or crash",
        arguments: ["1", "\"\"", "[]", "{}", " [ [ ] , { } ] "])
    func anything(_ text: String) {
        #expect(JSONPlaces(of: Array(text.utf8))["x"].line == 1)
    }
}
