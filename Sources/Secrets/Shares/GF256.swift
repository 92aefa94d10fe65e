/// The field with 256 elements, modulo x⁸ + x⁴ + x³ + x + 1 (SLIP-0039, *Shamir's secret-sharing*).
///
/// Time and memory accesses do not depend on the operands: bits become masks, and there is no table.
enum GF256 {
    private static let lowest: UInt64 = 0x0101_0101_0101_0101

    static func multiply(_ left: UInt8, _ right: UInt8) -> UInt8 {
        UInt8(truncatingIfNeeded: multiply(eight: UInt64(left), by: right))
    }

    /// The products of eight elements, one in each byte.
    static func multiply(eight elements: UInt64, by factor: UInt8) -> UInt64 {
        var products: UInt64 = 0
        var powers = elements
        var rest = UInt64(factor)
        for _ in 0..<8 {
            products ^= powers & (0 &- (rest & 1))
            rest &>>= 1
            // Each times x: what leaves a byte at its top comes back as x⁴ + x³ + x + 1.
            let carries = (powers &>> 7) & lowest
            powers = ((powers &<< 1) & ~lowest) ^ (carries &* 0x1B)
        }
        return products
    }

    /// What gives 1 times `element`, and 0 for 0: the power of 254.
    static func inverse(_ element: UInt8) -> UInt8 {
        var result: UInt8 = 1
        var power = element
        for _ in 0..<7 {
            power = multiply(power, power)
            result = multiply(result, power)
        }
        return result
    }
}
