/// How a country's telephone numbers are dialled at home.
struct DiallingPlan: Sendable {
    let callingCode: String
    /// What stands before a number at home and not abroad: `0`, or nothing.
    let trunk: String
    /// Numbers as they are written at home, `#` for the digits that differ.
    ///
    /// Of the ranges that authorities keep for films and examples where there are any; else of mobile numbers.
    let mobiles: [String]
    /// What stands between the groups of digits.
    let separators: [String]
    /// Whether `00` dials abroad, so that people write it for `+`.
    let writesZeroZero: Bool
}

/// One telephone number in the groups in which it is written.
struct Telephone: Sendable {
    /// The number as it is dialled at home.
    let groups: [String]
    private let plan: DiallingPlan
    private let script: Script
    /// Whether the range is large enough that no two people were given this one.
    let isOnesOwn: Bool

    /// - Parameters:
    ///   - pattern: a number with `#` for the digits that differ.
    ///   - digits: eight digits that nobody else has.
    ///   - plan: the country's.
    ///   - script: whose digits the person may type.
    init(_ pattern: String, digits: String, plan: DiallingPlan, script: Script) {
        var free = pattern.utf8.reduce(0) { $0 + ($1 == UInt8(ascii: "#") ? 1 : 0) }
        isOnesOwn = free >= 7
        let fill = Array(digits.utf8)
        var groups: [[UInt8]] = [[]]
        for byte in pattern.utf8 {
            switch byte {
            case UInt8(ascii: "#"):
                groups[groups.count - 1].append(fill[fill.count - free])
                free -= 1
            case 0x30...0x39: groups[groups.count - 1].append(byte)
            default: groups.append([])
            }
        }
        self.groups = groups.filter { !$0.isEmpty }.map { String(decoding: $0, as: UTF8.self) }
        self.plan = plan
        self.script = script
    }

    /// The number as somebody may type it; without `atHome` with the country's code.
    func typed(atHome: Bool, by dice: inout SplitMix) -> String {
        guard atHome, !dice.chance(260) else { return international(by: &dice) }
        let separator = dice.pick(plan.separators)
        switch dice.below(100) {
        case 0..<28: return groups.joined()
        case 28..<36 where groups[0].utf8.count <= 3 && plan.callingCode != "33":
            return "(\(groups[0])) " + groups.dropFirst().joined(separator: separator)
        case 36..<40 where script != .latin: return Self.localDigits(groups.joined(separator: separator), script)
        default: return groups.joined(separator: separator)
        }
    }

    private func international(by dice: inout SplitMix) -> String {
        var abroad = groups
        abroad[0] = String(abroad[0].dropFirst(plan.trunk.utf8.count))
        let plus = plan.writesZeroZero && dice.chance(120) ? "00" : "+"
        switch dice.below(3) {
        case 0: return plus + plan.callingCode + abroad.joined()
        case 1: return "\(plus)\(plan.callingCode) " + abroad.joined(separator: " ")
        default: return "\(plus)\(plan.callingCode)-" + abroad.joined(separator: "-")
        }
    }

    /// The digits and dashes of an input method that was left on.
    static func localDigits(_ text: String, _ script: Script) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let moved: UInt32? =
                switch (script, scalar) {
                case (.arabic, "0"..."9"): scalar.value + 0x630
                case (.chinese, "0"..."9"), (.chinese, "-"), (.japanese, "0"..."9"), (.japanese, "-"):
                    scalar.value + 0xFEE0
                default: nil
                }
            result.append(moved.flatMap(Unicode.Scalar.init) ?? scalar)
        }
        return String(result)
    }
}
