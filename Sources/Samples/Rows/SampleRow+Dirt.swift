extension SampleRow {
    /// Spoils a few rows, each in one way.
    mutating func soil(by dice: inout SplitMix) {
        var roll = dice.below(10_000)
        for dirt in Dirt.allCases {
            if roll < dirt.frequency {
                if apply(dirt, by: &dice) { self.dirt = dirt }
                return
            }
            roll -= dirt.frequency
        }
    }

    private static let placeholders = ["n/a", "N/A", "-", "--", "none", "null", "unknown", "?", "無", "不明"]
    private static let sentences = [
        "未提供", "未填寫", "keine Angabe", "non renseigné", "same as above", "test", "asdf", "xxx",
    ]
    private static let formulas = [
        "=1+1", "@SUM(A1:A9)", "+1-1", "-2+3", "=HYPERLINK(\"http://example.com/\",\"click\")", "=cmd|'/C calc'!A0",
    ]

    /// Whether the row could be spoilt so: a name without marks has none to be garbled.
    private mutating func apply(_ dirt: Dirt, by dice: inout SplitMix) -> Bool {
        switch dirt {
        case .placeholder:
            // Never the only identifier: nobody would be left.
            let columns: [Column] = [.birthDate, .city, .gender, .address, .postalCode, .loyaltyTier]
            self[dice.pick(self[.customerID].isEmpty ? columns : columns + [.phone, .phone, .email])] =
                dice.pick(Self.placeholders)
        case .placeholderText: self[dice.pick([.city, .address, .firstName])] = dice.pick(Self.sentences)
        case .placeholderEmail:
            guard !self[.customerID].isEmpty else { return false }
            self[.email] = dice.pickCommon(["test@example.com", "noreply@example.org"])
        case .strayWhiteSpace: return addWhiteSpace(by: &dice)
        case .mojibake: return garble()
        case .punctuation, .lineBreak: return punctuate(dirt, by: &dice)
        case .formula: self[dice.pick([.firstName, .lastName, .address])] = dice.pick(Self.formulas)
        case .capitals:
            guard script == .latin, !self[.lastName].isEmpty else { return false }
            for column in [Column.firstName, .lastName] { self[column] = self[column].uppercased() }
        case .invisible:
            let column: Column = self[.email].isEmpty ? .customerID : .email
            self[column] = dice.chance(500) ? self[column] + "\u{200B}" : "\u{FEFF}" + self[column]
        default: spoil(dirt, by: &dice)
        }
        return true
    }

    private mutating func spoil(_ dirt: Dirt, by dice: inout SplitMix) {
        switch dirt {
        case .impossibleDate:
            self[.birthDate] = dice.pick(["1990-02-31", "0000-00-00", "1985-13-01", "2001/2/29", "31.04.1977"])
        case .ambiguousDate: self[.birthDate] = dice.pick(["03/04/1985", "7/11/1992", "01-12-1969"])
        case .malformedEmail:
            let name = self[.email].prefix { $0 != "@" }
            self[.email] =
                (name.isEmpty ? "info" : name) + dice.pick(["@@example.org", " example.com", ".@example.net"])
        case .malformedPhone: self[.phone] = dice.pick(["12", "未提供", "please ask", "0912-???-???"])
        default: self[.phone] = dice.pick(["+886 2 2345 6789 #12", "+1 212 555 0147 ext. 8", "+44 20 7946 0018 x301"])
        }
    }

    private mutating func addWhiteSpace(by dice: inout SplitMix) -> Bool {
        let filled = [Column.firstName, .lastName, .city, .address, .email, .customerID, .phone].filter {
            !self[$0].isEmpty
        }
        guard !filled.isEmpty else { return false }
        let column = dice.pick(filled)
        switch dice.below(5) {
        case 0: self[column] = " " + self[column]
        case 1: self[column] += "  "
        case 2: self[column] += "\t"
        case 3: self[column] += "\u{00A0}"
        default: self[column] = "\u{3000}" + self[column]
        }
        return true
    }

    /// Adds a remark to what is there already.
    private mutating func punctuate(_ dirt: Dirt, by dice: inout SplitMix) -> Bool {
        let isInName = dirt == .punctuation && (self[.address].isEmpty || dice.chance(500))
        let column: Column = isInName ? .firstName : .address
        guard !self[column].isEmpty else { return false }
        if isInName {
            self[column] += dice.pick([" \"Bobby\"", " \"小美\"", ", Dr."])
        } else if dirt == .punctuation {
            self[column] += dice.pick([", \"The Old Mill\"", ", rear, left", "; door code \"1234\""])
        } else {
            self[column] += dice.pick(["\n2nd floor", "\r\nc/o reception", "\nring twice"])
        }
        return true
    }

    private mutating func garble() -> Bool {
        var isGarbled = false
        for column in [Column.firstName, .lastName, .city] {
            if let garbled = Mojibake.of(self[column]) {
                self[column] = garbled
                isGarbled = true
            }
        }
        return isGarbled
    }
}

/// UTF-8 read as windows-1252.
private enum Mojibake {
    /// What windows-1252 has at 0x80 to 0x9F; 0 where it has nothing.
    private static let upper: [UInt32] = [
        0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
        0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E,
        0x0178,
    ]

    /// `nil` for text that stays as it is, and where a byte has no character.
    static func of(_ text: String) -> String? {
        guard text.utf8.contains(where: { $0 >= 0x80 }) else { return nil }
        var result = String.UnicodeScalarView()
        for byte in text.utf8 {
            let value = (0x80...0x9F).contains(byte) ? upper[Int(byte) - 0x80] : UInt32(byte)
            guard value != 0, let scalar = Unicode.Scalar(value) else { return nil }
            result.append(scalar)
        }
        return String(result)
    }
}
