extension Share {
    /// Reads words as they were typed, in either case and with blanks and line ends between them.
    ///
    /// The text itself is a `String` that nobody can wipe: what is read from a file comes as `SecretBytes`.
    ///
    /// - Throws: `shareWordUnknown` with the word's place, or what else is wrong with the share.
    public init(words: String) throws(SecretsError) {
        var words = words
        guard !words.isEmpty else { throw .shareLength(0) }
        let text = try unsafe SecretBytes(count: words.utf8.count) { output throws(SecretsError) in
            words.withUTF8 { unsafe output.copyBytes(from: $0) }
        }
        try self.init(words: text)
    }

    /// Reads words out of guarded memory.
    public init(words text: borrowing SecretBytes) throws(SecretsError) {
        self = try unsafe text.withUnsafeBytes { text throws(SecretsError) in
            let words = unsafe text.split { $0 == 0x20 || (0x09...0x0D).contains($0) }
            guard unsafe Self.isLength(words.count) else { throw unsafe .shareLength(words.count) }
            let numbers = try unsafe SecretBytes(
                count: words.count * MemoryLayout<UInt16>.size
            ) { memory throws(SecretsError) in
                let numbers = unsafe memory.assumingMemoryBound(to: UInt16.self)
                for place in unsafe words.indices {
                    guard let letters = unsafe Wordlist.letters(of: words[place]),
                        let number = Wordlist.number(of: letters)
                    else { throw .shareWord(place + 1) }
                    unsafe numbers[place] = number
                }
            }
            return try unsafe numbers.withUnsafeBytes { memory throws(SecretsError) in
                try unsafe Share(numbers: memory.assumingMemoryBound(to: UInt16.self))
            }
        }
    }

    /// Its words with blanks between them, in guarded memory.
    public func words() throws(SecretsError) -> SecretBytes {
        let numbers = try numbers()
        var length = 0
        let capacity = numbers.count / MemoryLayout<UInt16>.size * (Wordlist.longest + 1)
        let text = try unsafe SecretBytes(count: capacity) { output throws(SecretsError) in
            unsafe numbers.withUnsafeBytes { numbers in
                let numbers = unsafe numbers.assumingMemoryBound(to: UInt16.self)
                for index in numbers.indices {
                    if index > 0 {
                        unsafe output[length] = 0x20
                        length += 1
                    }
                    let word = unsafe Wordlist.word(numbers[index])
                    for place in 0..<(Wordlist.longest - word.trailingZeroBitCount / 8) {
                        unsafe output[length] = UInt8(truncatingIfNeeded: word &>> UInt64(56 - 8 * place))
                        length += 1
                    }
                }
            }
        }
        return try unsafe SecretBytes(count: length) { output throws(SecretsError) in
            unsafe text.withUnsafeBytes { unsafe output.copyBytes(from: $0.prefix(length)) }
        }
    }
}
