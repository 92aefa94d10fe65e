#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import Core

/// Text that comes from outside: only what is UTF-8 is taken, for what is repaired is another text than was meant.
enum InputLine {
    /// The words of a command line as the system gives them.
    ///
    /// - Throws: `valueInvalid` when one is not UTF-8.
    static func words(_ words: [[UInt8]]) throws(CommandError) -> [String] {
        var texts: [String] = []
        for (place, word) in words.enumerated() {
            guard let text = String(validating: word, as: UTF8.self) else {
                throw CommandError(
                    CommandError.valueInvalid, "word \(place + 1) of the command line is not UTF-8",
                    remedy: "set the terminal, or what wrote the command, to UTF-8")
            }
            texts.append(text)
        }
        return texts
    }

    /// One line of standard input without its end; `nil` when there is none.
    ///
    /// - Throws: `valueInvalid` when it is not UTF-8.
    static func read() throws(CommandError) -> String? {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        var isEnd = true
        // One byte at a time: what follows the line belongs to the next who reads.
        while true {
            let count = readByte(&byte)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            isEnd = false
            if byte == 0x0A { break }
            line.append(byte)
        }
        guard !isEnd else { return nil }
        if line.last == 0x0D { line.removeLast() }
        guard let text = String(validating: line, as: UTF8.self) else {
            throw CommandError(
                CommandError.valueInvalid, "a line of standard input is not UTF-8",
                remedy: "convert it first, as with `iconv -t UTF-8`")
        }
        return text
    }

    private static func readByte(_ byte: inout UInt8) -> Int {
        #if canImport(Glibc)
            Glibc.read(STDIN_FILENO, &byte, 1)
        #else
            Darwin.read(STDIN_FILENO, &byte, 1)
        #endif
    }
}
