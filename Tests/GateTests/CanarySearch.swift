import Foundation
import Glibc

/// A value that must be found nowhere, in all the ways it may be written down.
struct Canary: Sendable {
    let name: String
    /// The value as it was given and in its standard forms.
    let texts: [String]

    init(_ name: String, _ texts: String...) { self.init(name, texts) }

    init(_ name: String, _ texts: [String]) {
        self.name = name
        self.texts = texts
    }
}

/// One way to write a value down, as bytes to look for.
struct WrittenForm: Sendable {
    let name: String
    let bytes: [UInt8]

    /// Shorter ones stand in random bytes by chance.
    private static let shortest = 6

    /// Every form of `text`.
    static func all(of text: String) -> [WrittenForm] {
        let utf8 = Array(text.utf8)
        let utf16 = Array(text.utf16)
        let hex = utf8.map { String(format: "%02x", $0) }.joined()
        var forms = [
            WrittenForm(name: "utf-8", bytes: utf8),
            WrittenForm(name: "utf-16le", bytes: utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }),
            WrittenForm(name: "utf-16be", bytes: utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }),
            WrittenForm(name: "lower case", bytes: Array(text.lowercased().utf8)),
            WrittenForm(name: "upper case", bytes: Array(text.uppercased().utf8)),
            WrittenForm(name: "hex", bytes: Array(hex.utf8)),
            WrittenForm(name: "hex, upper case", bytes: Array(hex.uppercased().utf8)),
            WrittenForm(name: "reversed", bytes: utf8.reversed()),
            WrittenForm(name: "percent", bytes: percent(utf8, format: "%%%02X", plus: false)),
            WrittenForm(name: "percent, lower case", bytes: percent(utf8, format: "%%%02x", plus: false)),
            WrittenForm(name: "form", bytes: percent(utf8, format: "%%%02X", plus: true)),
            WrittenForm(name: "json", bytes: json(utf16, format: "\\u%04x")),
            WrittenForm(name: "json, upper case", bytes: json(utf16, format: "\\u%04X")),
        ]
        for offset in 0..<3 {
            let base64 = base64(utf8, after: offset)
            forms.append(WrittenForm(name: "base64 at \(offset)", bytes: base64))
            forms.append(
                WrittenForm(
                    name: "base64url at \(offset)",
                    bytes: base64.map { $0 == UInt8(ascii: "+") ? 0x2D : $0 == UInt8(ascii: "/") ? 0x5F : $0 }))
        }
        return forms.filter { $0.bytes.count >= shortest }
    }

    private static func percent(_ utf8: [UInt8], format: String, plus: Bool) -> [UInt8] {
        utf8.flatMap { byte -> [UInt8] in
            if plus, byte == 0x20 { return [UInt8(ascii: "+")] }
            let isPlain = UnicodeScalar(byte).properties.isAlphabetic && byte < 0x80 || (0x30...0x39).contains(byte)
            return isPlain || "-._~".utf8.contains(byte) ? [byte] : Array(String(format: format, Int(byte)).utf8)
        }
    }

    private static func json(_ utf16: [UInt16], format: String) -> [UInt8] {
        utf16.flatMap { unit in unit < 0x80 ? [UInt8(unit)] : Array(String(format: format, Int(unit)).utf8) }
    }

    /// The digits that stand for these bytes alone when `offset` bytes of a group go before them.
    private static func base64(_ utf8: [UInt8], after offset: Int) -> [UInt8] {
        let whole = Array(Data([UInt8](repeating: 0, count: offset) + utf8).base64EncodedString().utf8)
        let first = (offset * 8 + 5) / 6
        let last = (offset + utf8.count) * 8 / 6
        return Array(whole[first..<last])
    }
}

/// Looks for canaries in everything that was written.
struct CanarySearch {
    struct Find: CustomStringConvertible, Hashable {
        let canary: String
        let form: String
        let place: String

        var description: String { "\(canary), \(form), in \(place)" }
    }

    private let needles: [(canary: String, form: WrittenForm)]
    private(set) var finds: Set<Find> = []
    private(set) var places: [String] = []

    init(_ canaries: [Canary]) {
        needles = canaries.flatMap { canary in
            canary.texts.flatMap { text in WrittenForm.all(of: text).map { (canary.name, $0) } }
        }
    }

    mutating func search(_ content: [UInt8], in place: String) {
        places.append(place)
        let content = Data(content)
        for (canary, form) in needles where content.range(of: Data(form.bytes)) != nil {
            finds.insert(Find(canary: canary, form: form.name, place: place))
        }
    }

    /// Every file under a folder, whatever its name.
    mutating func search(folder: String) throws {
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder).sorted() {
            // The name of a file is written, too.
            search(Array(name.utf8), in: "the name of \(name)")
            guard let content = FileManager.default.contents(atPath: folder + "/" + name) else { continue }
            search(Array(content), in: name)
        }
    }

    /// Files that this process has open, also those that have no name any more: where SQLite puts what is temporary.
    mutating func searchOpenFiles(except folder: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? [] {
            let link = "/proc/self/fd/" + name
            var status = stat()
            guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: link), target.hasPrefix("/"),
                !target.hasPrefix(folder), stat(link, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
                let content = FileManager.default.contents(atPath: link)
            else { continue }
            search(Array(content), in: "the open file \(target)")
        }
    }
}
