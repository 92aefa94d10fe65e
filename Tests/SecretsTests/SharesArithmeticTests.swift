import Core
import TestSupport
import Testing

@testable import Secrets

@Suite("The arithmetic of shares")
struct ShareArithmeticTests {
    @Test("multiplies and inverts as a plain table of the field does")
    func field() {
        var powers: [UInt8] = [1]
        for _ in 0..<254 {
            let last = powers[powers.count - 1]
            powers.append(last ^ (last << 1) ^ (last & 0x80 == 0 ? 0 : 0x1B))
        }
        var logarithms = [Int](repeating: 0, count: 256)
        for (exponent, element) in powers.enumerated() { logarithms[Int(element)] = exponent }
        #expect(Set(powers).count == 255)
        var wrong = 0
        for left in 0...255 {
            for right in 0...255 {
                let product = left * right == 0 ? 0 : powers[(logarithms[left] + logarithms[right]) % 255]
                if GF256.multiply(UInt8(left), UInt8(right)) != product { wrong += 1 }
            }
            let inverse = left == 0 ? 0 : powers[(255 - logarithms[left]) % 255]
            if GF256.inverse(UInt8(left)) != inverse { wrong += 1 }
        }
        // Eight at once are what they are one by one.
        for factor in 0...255 as ClosedRange<UInt8> {
            let elements: UInt64 = 0xFF80_7F01_00A5_5A1B
            let products = GF256.multiply(eight: elements, by: factor)
            for shift in stride(from: 0 as UInt64, to: 64, by: 8) {
                let product = GF256.multiply(UInt8(truncatingIfNeeded: elements >> shift), factor)
                if UInt8(truncatingIfNeeded: products >> shift) != product { wrong += 1 }
            }
        }
        #expect(wrong == 0)
        // FIPS 197 §4.2.
        #expect(GF256.multiply(0x57, 0x83) == 0xC1 && GF256.multiply(0x57, 0x13) == 0xFE)
    }

    @Test("gives at a known place the value that is known, and at others that of one polynomial")
    func interpolation() throws {
        let points = try (0..<5).map { SecretSharing.Point(index: $0 * 50, value: try .random(count: 16)) }
        for point in points {
            #expect(try SecretSharing.interpolate(points, at: point.index).equals(point.value))
        }
        let other = SecretSharing.Point(index: 9, value: try SecretSharing.interpolate(points, at: 9))
        for left in points.indices {
            var others = points
            others[left] = other
            #expect(try SecretSharing.interpolate(others, at: points[left].index).equals(points[left].value))
        }
    }

    @Test("gives the secret from any quorum of up to six, and from one share less something else")
    func quorums() throws {
        for count in 2...6 {
            for threshold in 2...count {
                let secret = try ShareValue.random(count: 16)
                let points = try SecretSharing.split(secret, threshold: threshold, count: count)
                #expect(points.map(\.index) == Array(0..<UInt8(count)))
                for quorum in ShareQuorums.sets(of: threshold, among: count, atMost: 64) {
                    let recovered = try SecretSharing.recover(from: quorum.map { points[$0] }, threshold: threshold)
                    #expect(recovered?.equals(secret) == true)
                }
                for few in ShareQuorums.sets(of: threshold - 1, among: count, atMost: 64) {
                    let recovered = try SecretSharing.recover(from: few.map { points[$0] }, threshold: threshold - 1)
                    #expect(recovered?.equals(secret) != true)
                }
            }
        }
    }

    @Test("lets fewer shares than it takes fit every secret")
    func secrecy() throws {
        let few = try SecretSharing.split(.random(count: 16), threshold: 3, count: 5).prefix(2)
        for _ in 0..<20 {
            let other = SecretSharing.Point(index: SecretSharing.secretIndex, value: try .random(count: 16))
            let third = SecretSharing.Point(index: 4, value: try SecretSharing.interpolate(few + [other], at: 4))
            let secret = try SecretSharing.interpolate(few + [third], at: SecretSharing.secretIndex)
            #expect(secret.equals(other.value))
        }
    }

    @Test("tries every quorum where there are few, and different random ones where there are many")
    func quorumSets() {
        #expect(ShareQuorums.sets(of: 2, among: 3, atMost: 3) == [[0, 1], [0, 2], [1, 2]])
        #expect(Set(ShareQuorums.sets(of: 3, among: 6, atMost: 20)).count == 20)
        #expect(ShareQuorums.sets(of: 1, among: 1, atMost: 1) == [[0]])
        let random = ShareQuorums.sets(of: 8, among: 16, atMost: 100)
        #expect(random.count == 100 && Set(random.map(Set.init)).count > 90)
        #expect(random.allSatisfy { Set($0).count == 8 && Set($0).isSubset(of: 0..<16) })
    }

    @Test("compares values as comparing does")
    func comparing() throws {
        let value = try ShareValue.of(Array(0..<32))
        #expect(value.equals(try .of(Array(0..<32))))
        for place in 0..<32 { #expect(!value.equals(try value.flipped(at: place))) }
        #expect(!value.equals(try .of(Array(0..<16))))
    }
}

@Suite("The words of shares")
struct ShareWordTests {
    private static func text(_ letters: Wordlist.Letters) -> String {
        String(
            decoding: (0..<8).map { UInt8(truncatingIfNeeded: letters >> (56 - 8 * $0)) }.prefix { $0 != 0 },
            as: UTF8.self)
    }

    @Test("are what the standard demands: 1,024, sorted, of 4 to 8 letters, each known by its first four")
    func list() {
        let words = Wordlist.words.map(Self.text)
        #expect(words.count == 1024)
        #expect(words == words.sorted() && Set(words).count == 1024)
        #expect(
            words.allSatisfy { (4...8).contains($0.utf8.count) && $0.utf8.allSatisfy { (0x61...0x7A).contains($0) } })
        #expect(Set(words.map { $0.prefix(4) }).count == 1024)
        #expect(words.first == "academic" && words.last == "zero")
        // The published file, `wordlist.txt`: a word a line.
        let file = words.map { $0 + "\n" }.joined()
        #expect(
            hex(SHA256.digest(file.utf8)) == "bcc4555340332d169718aed8bf31dd9d5248cb7da6e5d355140ef4f1e601eec3")
    }

    @Test("are found by their letters in either case, and nothing else is")
    func lookup() {
        for (number, word) in Wordlist.words.enumerated() {
            let text = Self.text(word)
            #expect(Wordlist.letters(of: text.utf8) == word)
            #expect(Wordlist.letters(of: text.uppercased().utf8) == word)
            #expect(Wordlist.number(of: word) == UInt16(number))
            #expect(Wordlist.word(UInt16(number)) == word)
            for other in [String(text.dropLast()), text + "s"] {
                guard let letters = Wordlist.letters(of: other.utf8), !Wordlist.words.contains(letters) else {
                    continue
                }
                #expect(Wordlist.number(of: letters) == nil)
            }
        }
        #expect(Wordlist.letters(of: "academics".utf8) == nil)
        #expect(Wordlist.letters(of: "".utf8).flatMap(Wordlist.number) == nil)
        #expect(Wordlist.letters(of: "ácid".utf8).flatMap(Wordlist.number) == nil)
    }

    @Test("are read with any blanks and line ends between them, and in capitals")
    func blanks() throws {
        let share = try #require(try split(Array(0..<32), [(2, 3)]).first?.first)
        let words = try share.text.split(separator: " ")
        #expect(words.count == 33)
        for text in [
            words.joined(separator: "\n") + "\n", "  " + words.joined(separator: "\t "),
            words.joined(separator: "\r\n").uppercased(),
        ] {
            let read = try Share(words: text)
            #expect(read.value.equals(share.value) && read.parameters == share.parameters)
        }
    }

    @Test("are refused when any one of them is another, whichever and wherever")
    func substitutions() throws {
        let share = try #require(try split(Array(0..<32), [(3, 5)]).first?.last)
        let numbers = exposedNumbers(try share.numbers())
        var refused = 0
        for place in numbers.indices {
            for number in 0..<1024 as Range<UInt16> where number != numbers[place] {
                var changed = numbers
                changed[place] = number
                if isRefused(changed) { refused += 1 }
            }
        }
        #expect(refused == numbers.count * 1023)
        print("single-word substitutions of \(numbers.count) words refused: \(refused) of \(numbers.count * 1023)")
        #expect(!isRefused(numbers))
    }

    @Test("are refused when two or three are others, or two have changed places")
    func moreWords() throws {
        var random = SeededGenerator.announced("several wrong words")
        let share = try #require(try split(Array(0..<16), [(2, 2)]).first?.first)
        let numbers = exposedNumbers(try share.numbers())
        for _ in 0..<2000 {
            var changed = numbers
            for place in numbers.indices.shuffled(using: &random).prefix(Int.random(in: 2...3, using: &random)) {
                changed[place] ^= UInt16.random(in: 1...1023, using: &random)
            }
            #expect(isRefused(changed))
            changed = numbers
            let (left, right) = (
                numbers.indices.randomElement(using: &random)!, numbers.indices.randomElement(using: &random)!
            )
            changed.swapAt(left, right)
            #expect(isRefused(changed) == (changed != numbers))
        }
    }

    @Test("are refused, and end nothing, whatever was made of their text")
    func mutated() throws {
        var random = SeededGenerator.announced("mutated words")
        let share = try #require(try split(Array(0..<16), [(2, 2)]).first?.first)
        let text = Array(try share.text.utf8)
        var refused = 0
        let rounds = SeededGenerator.rounds(quick: 500, soak: 50_000)
        for _ in 0..<rounds {
            let mutant = String(decoding: random.mutate(text, interesting: Array(" \nazAZ\0".utf8)), as: UTF8.self)
            do {
                // Blanks and capitals may differ, and nothing else.
                let read = try Share(words: mutant)
                #expect(try read.text == share.text)
            } catch {
                #expect(error is SecretsError)
                refused += 1
            }
        }
        #expect(refused > rounds / 2)
    }

    @Test("that are in no list are refused by their place, and never said")
    func unknownWord() throws {
        let share = try #require(try split(Array(0..<16), [(2, 2)]).first?.first)
        let words = try share.text.split(separator: " ").map(String.init)
        for place in words.indices {
            for wrong in ["secretive", "zzzz", words[place] + "q", "äcid"] {
                var changed = words
                changed[place] = wrong
                let error = #expect(throws: SecretsError.self) { try Share(words: changed.joined(separator: " ")) }
                #expect(error?.code == SecretsError.shareWordUnknown)
                #expect(error?.message.hasPrefix("word \(place + 1) of the share ") == true)
                let said = "\(error as Any) \(error?.remedy ?? "")"
                #expect(!said.contains(wrong))
            }
        }
    }

    @Test("are refused in any other number than a share has, with the number that there is")
    func wrongLength() throws {
        let share = try #require(try split(Array(0..<32), [(2, 2)]).first?.first)
        let words = try share.text.split(separator: " ") + share.text.split(separator: " ")
        for count in 0...40 where ![20, 22, 23, 25, 27, 28, 30, 31, 33].contains(count) {
            let error = #expect(throws: SecretsError.self) {
                try Share(words: words.prefix(count).joined(separator: " "))
            }
            #expect(error?.code == SecretsError.shareLengthWrong)
            #expect(error?.message == "the share has \(count) words, and not 20, 22, 23, 25, 27, 28, 30, 31 or 33")
        }
        #expect(
            refusal { _ = try Share(words: words.prefix(31).joined(separator: " ")) } == SecretsError.shareChecksumWrong
        )
        #expect(refusal { _ = try Share(words: " \n ") } == SecretsError.shareLengthWrong)
    }

    @Test("with a right checksum are refused for a group that there is not, and for more groups than there are")
    func impossible() throws {
        let share = try #require(try split(Array(0..<16), [(2, 2), (1, 1)], groupThreshold: 2).first?.first)
        for made in [share.with(groupThreshold: 3), share.with(group: 2)] {
            #expect(refusal { _ = try Share(words: try made.words()) } == SecretsError.shareParametersWrong)
        }
        #expect(throws: Never.self) { try Share(words: try share.with(group: 1).words()) }
    }

    @Test("with a right checksum are refused where bits before the value are not zero")
    func padding() throws {
        for length in ShareValue.lengths.sorted() {
            let share = try #require(try split([UInt8](repeating: 255, count: length), [(1, 1)]).first?.first)
            let numbers = exposedNumbers(try share.numbers())
            let bits = 10 * (numbers.count - 7) - 8 * length
            for bit in 0..<bits {
                var changed = Array(numbers.dropLast(3))
                changed[4] |= 512 >> UInt16(bit)
                var code = RS1024(extendable: true)
                for number in changed { code.add(number) }
                changed += [code.checksum.0, code.checksum.1, code.checksum.2]
                #expect(refusal { _ = try read(changed) } == SecretsError.sharePaddingWrong)
            }
        }
    }

    private func read(_ numbers: [UInt16]) throws -> Share {
        try numbers.withUnsafeBufferPointer { try Share(numbers: $0) }
    }

    private func isRefused(_ numbers: [UInt16]) -> Bool {
        do {
            _ = try read(numbers)
            return false
        } catch {
            return true
        }
    }

    private func exposedNumbers(_ numbers: borrowing SecretBytes) -> [UInt16] {
        numbers.withUnsafeBytes { Array($0.assumingMemoryBound(to: UInt16.self)) }
    }
}
