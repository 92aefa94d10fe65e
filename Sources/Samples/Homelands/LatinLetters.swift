/// Letters with marks, and what people type who have no such keys.
enum LatinLetters {
    private static let plain: [Character: String] = [
        "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "é": "e", "è": "e", "ê": "e",
        "ë": "e", "É": "E", "à": "a", "â": "a", "á": "a", "ã": "a", "ç": "c", "Ç": "C", "ñ": "n", "í": "i", "ì": "i",
        "î": "i", "ï": "i", "ó": "o", "ò": "o", "ô": "o", "õ": "o", "ø": "o", "œ": "oe", "ú": "u", "ù": "u", "û": "u",
        "ý": "y", "ł": "l", "Ł": "L", "ń": "n", "ś": "s", "Ś": "S", "ź": "z", "ż": "z", "Ż": "Z", "ć": "c", "ę": "e",
        "ą": "a", "Á": "A", "Í": "I", "Ó": "O", "Ú": "U",
    ]

    /// The text without marks: `Müller` is `Mueller`.
    static func plain(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 >= 0x80 }) else { return text }
        var result = ""
        for character in text { result += plain[character] ?? String(character) }
        return result
    }

    /// The letters of an e-mail address: lower case, no spaces or apostrophes.
    static func address(_ latin: String) -> String {
        var result: [UInt8] = []
        for byte in latin.utf8 {
            switch byte {
            case 0x61...0x7A, 0x30...0x39, 0x2D: result.append(byte)
            case 0x41...0x5A: result.append(byte | 0x20)
            default: continue
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
