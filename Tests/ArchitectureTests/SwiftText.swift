import Foundation

/// Swift source with what is not code blanked out: offsets and line numbers stay those of the file.
struct SwiftText {
    /// The bytes as they are.
    let bytes: [UInt8]
    /// Comments and the contents of strings are spaces; code interpolated into a string stays.
    private(set) var code: [UInt8]
    /// Comments are spaces, strings stay.
    private(set) var withoutComments: [UInt8]

    init(_ text: String) {
        bytes = Array(text.utf8)
        code = bytes
        withoutComments = bytes
        var position = 0
        readCode(&position, until: nil)
    }

    /// The number of the line, from 1, that `offset` is in.
    func line(of offset: Int) -> Int { 1 + bytes[..<offset].count { $0 == 0x0A } }

    /// The code's lines with their numbers, from 1.
    var codeLines: [(number: Int, text: String)] {
        code.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated().map {
            ($0.offset + 1, String(decoding: $0.element, as: UTF8.self))
        }
    }

    /// Where `word` stands in the code, also within a longer one.
    func finds(of word: String) -> [Int] {
        let content = Data(code)
        let pattern = Data(word.utf8)
        var found: [Int] = []
        var rest = content.startIndex..<content.endIndex
        while let range = content.range(of: pattern, in: rest) {
            found.append(range.lowerBound)
            rest = range.upperBound..<content.endIndex
        }
        return found
    }

    /// Reads code; with `until`, to the parenthesis that closes an interpolation.
    private mutating func readCode(_ position: inout Int, until closing: UInt8?) {
        var depth = 0
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "/"), starts("//", at: position) {
                let end = bytes[position...].firstIndex(of: 0x0A) ?? bytes.count
                blank(position..<end, isComment: true)
                position = end
            } else if byte == UInt8(ascii: "/"), starts("/*", at: position) {
                skipBlockComment(&position)
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "#"), let hashes = hashesBeforeQuote(position)
            {
                readString(&position, hashes: hashes)
            } else {
                if closing != nil, byte == UInt8(ascii: "(") { depth += 1 }
                if byte == closing {
                    if depth == 0 { return }
                    depth -= 1
                }
                position += 1
            }
        }
    }

    private mutating func skipBlockComment(_ position: inout Int) {
        let start = position
        var depth = 0
        while position < bytes.count {
            if starts("/*", at: position) {
                depth += 1
                position += 2
            } else if starts("*/", at: position) {
                depth -= 1
                position += 2
                if depth == 0 { break }
            } else {
                position += 1
            }
        }
        blank(start..<position, isComment: true)
    }

    private mutating func readString(_ position: inout Int, hashes: Int) {
        position += hashes
        let quotes = starts("\"\"\"", at: position) ? "\"\"\"" : "\""
        position += quotes.utf8.count
        let end = quotes + String(repeating: "#", count: hashes)
        let escape = "\\" + String(repeating: "#", count: hashes)
        var start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") || !starts(end, at: position) {
            // A string of one line that does not end there is none: the file would not compile.
            if quotes == "\"", bytes[position] == 0x0A { break }
            guard bytes[position] == UInt8(ascii: "\\"), starts(escape, at: position) else {
                position += 1
                continue
            }
            let next = position + escape.utf8.count
            guard next < bytes.count, bytes[next] == UInt8(ascii: "(") else {
                position = next + 1
                continue
            }
            blank(start..<next, isComment: false)
            position = next + 1
            readCode(&position, until: UInt8(ascii: ")"))
            start = position
        }
        blank(start..<min(position, bytes.count), isComment: false)
        position = min(position + end.utf8.count, bytes.count)
    }

    private mutating func blank(_ range: Range<Int>, isComment: Bool) {
        for place in range where bytes[place] != 0x0A {
            code[place] = 0x20
            if isComment { withoutComments[place] = 0x20 }
        }
    }

    private func starts(_ text: String, at position: Int) -> Bool { bytes[position...].starts(with: text.utf8) }

    /// How many `#` stand before a quote here; `nil` when no string begins.
    private func hashesBeforeQuote(_ position: Int) -> Int? {
        let hashes = bytes[position...].prefix { $0 == UInt8(ascii: "#") }.count
        let quote = position + hashes
        return quote < bytes.count && bytes[quote] == UInt8(ascii: "\"") ? hashes : nil
    }
}
