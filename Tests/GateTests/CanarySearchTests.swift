import Foundation
import TestSupport
import Testing

@Suite("The search for canaries")
struct CanarySearchTests {
    private static let text = "Kanarien Vogel/Zürich+7"
    private let canary = Canary("bird", Self.text)

    /// The value in the middle of something, written down by other means than those that search for it.
    private static let planted: [(String, Data)] = [
        ("utf-8", Data("<\(text)>".utf8)),
        ("utf-16le", "<\(text)>".data(using: .utf16LittleEndian) ?? Data()),
        ("utf-16be", "<\(text)>".data(using: .utf16BigEndian) ?? Data()),
        ("lower case", Data("<\(text.lowercased())>".utf8)), ("upper case", Data("<\(text.uppercased())>".utf8)),
        ("hex", Data("003c4b616e617269656e20566f67656c2f5ac3bc726963682b373e00".utf8)),
        ("hex, upper case", Data("003C4B616E617269656E20566F67656C2F5AC3BC726963682B373E00".utf8)),
        ("reversed", Data(Array("<\(text)>".utf8).reversed())),
        ("percent", Data("q=Kanarien%20Vogel%2FZ%C3%BCrich%2B7&r=1".utf8)),
        ("percent, lower case", Data("q=Kanarien%20Vogel%2fZ%c3%bcrich%2b7&r=1".utf8)),
        ("form", Data("q=Kanarien+Vogel%2FZ%C3%BCrich%2B7&r=1".utf8)),
        ("json", Data(#"{"q":"Kanarien Vogel/Z\u00fcrich+7"}"#.utf8)),
        ("json, upper case", Data(#"{"q":"Kanarien Vogel/Z\u00FCrich+7"}"#.utf8)),
    ]

    @Test("finds a value however it was written", arguments: planted)
    func finds(form: String, content: Data) {
        var search = CanarySearch([canary])
        search.search([0x00, 0xFF, 0x80] + content + [0x80, 0x00], in: "scratch")
        #expect(search.finds.contains(CanarySearch.Find(canary: "bird", form: form, place: "scratch")))
    }

    @Test("finds a value in base64 wherever in a group it begins and ends", arguments: 0..<3, 0..<3)
    func findsBase64(before: Int, after: Int) {
        let message = Data([UInt8](repeating: 0xA7, count: before) + Array(Self.text.utf8))
        let digits = (message + [UInt8](repeating: 0x5C, count: after)).base64EncodedString()
        let url = digits.replacing("+", with: "-").replacing("/", with: "_")
        for (name, digits) in [("base64", digits), ("base64url", url)] {
            var search = CanarySearch([canary])
            search.search(Array("..\(digits)..".utf8), in: "scratch")
            #expect(
                search.finds.contains(
                    CanarySearch.Find(canary: "bird", form: "\(name) at \(before)", place: "scratch")))
        }
    }

    @Test("finds a value in files of folders below, in their names, and in open files that have no name any more")
    func findsFiles() throws {
        let folder = try TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: folder.file("deep/er"), withIntermediateDirectories: true)
        try Data("x\(Self.text)x".utf8).write(to: URL(filePath: folder.file("deep/er/file")))
        try Data().write(to: URL(filePath: folder.file("deep/a-nightingale-7")))
        let nameless = folder.file("nameless")
        _ = FileManager.default.createFile(atPath: nameless, contents: Data("a nameless-wren-31".utf8))
        let handle = try FileHandle(forUpdating: URL(filePath: nameless))
        try FileManager.default.removeItem(atPath: nameless)
        var search = CanarySearch([canary, Canary("name", "nightingale-7"), Canary("open", "nameless-wren-31")])
        try search.search(folder: folder.path)
        search.searchOpenFiles(except: "/nowhere")
        #expect(search.finds.contains { $0.canary == "bird" && $0.place == "deep/er/file" })
        #expect(search.finds.contains { $0.canary == "name" })
        #expect(search.finds.contains { $0.canary == "open" && $0.place.hasSuffix("(deleted)") })
        try handle.close()
    }

    @Test("finds nothing where nothing is")
    func findsNothing() {
        var search = CanarySearch([canary, Canary("short", "ab")])
        search.search(Array("Kanarien-Vogel/Zurich+7 ab".utf8), in: "scratch")
        #expect(search.finds.isEmpty)
    }
}
