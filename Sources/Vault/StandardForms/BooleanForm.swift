/// Yes and no, as people and programs write them.
package enum BooleanForm {
    /// What the word says; `nil` when it says neither.
    package static func reading(_ clean: some Sequence<UInt8>) -> Bool? {
        words[clean.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }]
    }

    static func canonical(_ clean: [UInt8]) throws(StandardFormError) -> String {
        guard let flag = reading(clean) else { throw .booleanMalformed }
        return flag ? "true" : "false"
    }

    private static let words: [[UInt8]: Bool] = {
        var words: [[UInt8]: Bool] = [:]
        for word in ["true", "yes", "y", "t", "1", "on", "是", "真", "はい"] { words[Array(word.utf8)] = true }
        for word in ["false", "no", "n", "f", "0", "off", "否", "假", "いいえ"] { words[Array(word.utf8)] = false }
        return words
    }()
}
