/// The Reed-Solomon code over GF(1024) of a share's words (SLIP-0039, *Checksum*): any three wrong ones are found.
///
/// Bits become masks, since the words are secret.
struct RS1024 {
    /// In words.
    static let length = 3
    private static let generator: [UInt32] = [
        0x0E0_E040, 0x1C1_C080, 0x383_8100, 0x707_0200, 0xE0E_0009, 0x1C0C_2412, 0x3808_6C24, 0x3090_FC48, 0x21B1_F890,
        0x03F3_F120,
    ]

    /// Of what was added so far; 1 after words that are followed by their checksum.
    private(set) var remainder: UInt32 = 1

    /// Begins with the customization string.
    init(extendable: Bool) {
        for letter in (extendable ? "shamir_extendable" : "shamir").utf8 { add(UInt16(letter)) }
    }

    mutating func add(_ number: UInt16) {
        var top = remainder &>> 20
        remainder = ((remainder & 0xF_FFFF) &<< 10) ^ UInt32(number)
        for term in Self.generator {
            remainder ^= term & (0 &- (top & 1))
            top &>>= 1
        }
    }

    /// The numbers of the three words that follow what was added.
    var checksum: (UInt16, UInt16, UInt16) {
        var code = self
        for _ in 0..<Self.length { code.add(0) }
        let value = code.remainder ^ 1
        return (UInt16(value &>> 20), UInt16((value &>> 10) & 1023), UInt16(value & 1023))
    }
}
