/// The 1,024 words that shares are written in (SLIP-0039, *Wordlist*).
///
/// Which words a share has is secret: each is looked up by going through all of them.
enum Wordlist {
    /// A word's letters in a number, the first at the top and zeros behind the last.
    typealias Letters = UInt64

    /// Of the longest word.
    static let longest = 8

    /// In alphabetical order.
    static let words: [Letters] = text.utf8.split { $0 == 0x20 || $0 == 0x0A }.map { letters(of: $0) ?? 0 }

    /// Packs the letters of a word, capitals as small ones; `nil` for more than a word has.
    static func letters(of word: some Collection<UInt8>) -> Letters? {
        guard word.count <= longest else { return nil }
        let packed = word.reduce(0 as Letters) { packed, letter in
            packed &<< 8 | Letters((0x41...0x5A).contains(letter) ? letter | 0x20 : letter)
        }
        return packed &<< (8 * (longest - word.count))
    }

    /// The place of a word, from 0; `nil` where it is none.
    static func number(of word: Letters) -> UInt16? {
        var found: UInt64 = 0
        var count: UInt64 = 0
        for candidate in words {
            count += 1
            found |= count & mask(equal: word, candidate)
        }
        return found == 0 ? nil : UInt16(found - 1)
    }

    /// The word at a place below 1,024.
    static func word(_ number: UInt16) -> Letters {
        var found: Letters = 0
        var place: UInt64 = 0
        for word in words {
            found |= word & mask(equal: UInt64(number), place)
            place += 1
        }
        return found
    }

    /// All ones where both are equal, else zero.
    private static func mask(equal left: UInt64, _ right: UInt64) -> UInt64 {
        let difference = left ^ right
        return ((difference | (0 &- difference)) &>> 63) &- 1
    }
}
