/// A share as numbers of ten bits, one a word (SLIP-0039, *Format of the share mnemonic*).
extension Share {
    /// Of identifier, flag, exponent, indices and thresholds, in words.
    private static let headerCount = 4

    /// How many words a share with a value of `count` bytes has.
    static func wordCount(valueOf count: Int) -> Int { headerCount + (8 * count + 9) / 10 + RS1024.length }

    private static let valueCounts = Dictionary(
        uniqueKeysWithValues: ShareValue.lengths.map { (wordCount(valueOf: $0), $0) })

    /// Whether a share can have so many words.
    static func isLength(_ words: Int) -> Bool { valueCounts[words] != nil }

    /// Reads the numbers of a share's words.
    ///
    /// - Throws: the first that holds of `shareLengthWrong`, `shareChecksumWrong`, `shareParametersWrong` and
    ///   `sharePaddingWrong`.
    init(numbers: UnsafeBufferPointer<UInt16>) throws(SecretsError) {
        guard let count = Self.valueCounts[numbers.count] else { throw .shareLength(numbers.count) }
        let header =
            unsafe (UInt64(numbers[0]) << 30) | (UInt64(numbers[1]) << 20) | (UInt64(numbers[2]) << 10)
            | UInt64(numbers[3])
        // The four bits that end `offset` bits before the end of the header.
        func nibble(_ offset: UInt64) -> Int { Int((header >> offset) & 15) }

        let isExtendable = (header >> 24) & 1 == 1
        var code = RS1024(extendable: isExtendable)
        for index in numbers.indices { unsafe code.add(numbers[index]) }
        guard code.remainder == 1 else { throw .shareChecksum }

        parameters = ShareParameters(
            identifier: UInt16(header >> 25), isExtendable: isExtendable, iterationExponent: nibble(20),
            groupThreshold: nibble(12) + 1, groupCount: nibble(8) + 1)
        groupIndex = nibble(16)
        memberIndex = nibble(4)
        memberThreshold = nibble(0) + 1
        guard parameters.groupThreshold <= parameters.groupCount else {
            throw .shareParameters("it takes more groups than there are")
        }
        guard groupIndex < parameters.groupCount else {
            throw .shareParameters("it is of a group that there is not")
        }
        value = try unsafe ShareValue(count: count) { output throws(SecretsError) in
            let digits = Self.headerCount..<(numbers.count - RS1024.length)
            var pending: UInt32 = 0
            // As many bits as the first digit has of padding count as read before it.
            var bits = 8 * count - 10 * digits.count
            var written = 0
            for place in digits {
                pending = unsafe (pending &<< 10) | UInt32(numbers[place])
                bits += 10
                if place == digits.lowerBound, pending &>> UInt32(bits) != 0 { throw .sharePadding }
                while bits >= 8 {
                    bits -= 8
                    unsafe output[written] = UInt8(truncatingIfNeeded: pending &>> UInt32(bits))
                    written += 1
                }
            }
        }
    }

    /// The numbers of its words, two bytes each.
    func numbers() throws(SecretsError) -> SecretBytes {
        let words = Self.wordCount(valueOf: value.count)
        return try unsafe SecretBytes(count: words * MemoryLayout<UInt16>.size) { memory throws(SecretsError) in
            let numbers = unsafe memory.assumingMemoryBound(to: UInt16.self)
            let header = header
            for place in 0..<Self.headerCount {
                unsafe numbers[place] = UInt16((header >> UInt64(10 * (Self.headerCount - 1 - place))) & 1023)
            }
            var place = Self.headerCount
            unsafe value.withBytes { value in
                var pending: UInt32 = 0
                var bits = 10 * (words - Self.headerCount - RS1024.length) - 8 * value.count
                for index in value.indices {
                    pending = unsafe (pending &<< 8) | UInt32(value[index])
                    bits += 8
                    guard bits >= 10 else { continue }
                    bits -= 10
                    unsafe numbers[place] = UInt16((pending &>> UInt32(bits)) & 1023)
                    place += 1
                }
            }
            var code = RS1024(extendable: parameters.isExtendable)
            for place in 0..<place { unsafe code.add(numbers[place]) }
            let checksum = code.checksum
            unsafe numbers[place] = checksum.0
            unsafe numbers[place + 1] = checksum.1
            unsafe numbers[place + 2] = checksum.2
        }
    }

    private var header: UInt64 {
        let fields: [(value: Int, bits: UInt64)] = [
            (parameters.isExtendable ? 1 : 0, 1), (parameters.iterationExponent, 4), (groupIndex, 4),
            (parameters.groupThreshold - 1, 4), (parameters.groupCount - 1, 4), (memberIndex, 4),
            (memberThreshold - 1, 4),
        ]
        return fields.reduce(UInt64(parameters.identifier)) { ($0 << $1.bits) | UInt64($1.value) }
    }
}
