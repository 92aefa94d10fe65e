import Foundation

/// One source file and the room it is in.
struct SourceFile {
    let room: String
    /// Relative to the package.
    let path: String
    let text: SwiftText

    init(room: String, path: String, _ text: String) {
        self.room = room
        self.path = path
        self.text = SwiftText(text)
    }

    var lineCount: Int { text.bytes.count { $0 == 0x0A } }
}

/// Something in a file that a rule of the house does not allow.
struct Violation: Equatable, CustomStringConvertible {
    let path: String
    let line: Int
    let what: String

    var description: String { "\(path):\(line): \(what)" }
}

/// The package's own files, found from where this test lies.
struct SourceTree {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path(percentEncoded: false)

    /// Every Swift file of every room.
    let files: [SourceFile]
    /// Names of the folders that have Swift files.
    var rooms: Set<String> { Set(files.map(\.room)) }

    /// Read once for all tests.
    static let whole = Result { try SourceTree() }

    private init() throws {
        let sources = Self.root + "Sources"
        let names = try FileManager.default.subpathsOfDirectory(atPath: sources).filter { $0.hasSuffix(".swift") }
        files = try names.sorted().map { name in
            SourceFile(
                room: String(name.prefix { $0 != "/" }), path: "Sources/" + name,
                try String(contentsOfFile: sources + "/" + name, encoding: .utf8))
        }
    }

    static func text(_ name: String) throws -> String { try String(contentsOfFile: root + name, encoding: .utf8) }
}
