import Core

/// One row about one person, as a source would give it.
package struct SampleRow: Sendable {
    /// The person's place in the order of people.
    package let person: Int
    /// Whether the person had a row before.
    package let isDuplicate: Bool
    /// The script the person writes in.
    package let script: Script
    /// What is wrong with the row, if something is.
    package internal(set) var dirt: Dirt?
    /// What the person did; with the person's first row only.
    package internal(set) var events: [SampleEvent] = []
    /// What the person answered over time; with the person's first row only.
    package internal(set) var consents: [SampleConsent] = []
    /// The values in the order of `Column`; empty ones are blank.
    package private(set) var values = [String](repeating: "", count: Column.allCases.count)

    package internal(set) subscript(column: Column) -> String {
        get { values[column.rawValue] }
        set { values[column.rawValue] = newValue }
    }

    /// The person as they typed themselves in.
    init(_ person: Person, index: Int, isDuplicate: Bool, by dice: inout SplitMix) {
        self.person = index
        self.isDuplicate = isDuplicate
        script = person.homeland.script
        self[.customerID] = person.customerID ?? ""
        self[.email] = person.email.map { dice.chance(60) ? Self.capitalised($0) : $0 } ?? ""
        setPhone(person.telephone, of: person, by: &dice)
        if person.isNameKnown {
            self[.firstName] = person.first.written
            self[.lastName] = person.last.written
        }
        self[.gender] = dice.chance(820) ? person.gender : ""
        self[.birthDate] = person.born.map { dice.pick(person.homeland.dates).written($0) } ?? ""
        setAddress(of: person, by: &dice)
        self[.country] = person.country ?? ""
        setShopping(of: person, by: &dice)
        if let newest = person.consents.last { setConsents(newest) }
    }

    mutating func setConsents(_ moment: ConsentMoment) {
        self[.consentTime] = moment.time.description
        for (column, answer) in zip(Column.consents, moment.answers) { self[column] = answer.rawValue }
    }

    /// A number whose row names no country is written for everywhere.
    mutating func setPhone(_ telephone: Telephone?, of person: Person, by dice: inout SplitMix) {
        self[.phone] = telephone?.typed(atHome: person.country != nil, by: &dice) ?? ""
    }

    private mutating func setAddress(of person: Person, by dice: inout SplitMix) {
        let script = person.homeland.script
        let isWide = (script == .chinese || script == .japanese) && dice.chance(30)
        self[.address] = isWide ? Telephone.localDigits(person.address, script) : person.address
        self[.city] = dice.chance(900) ? person.place.city : ""
        let mark = script == .japanese && !person.postalCode.isEmpty && dice.chance(100) ? "〒" : ""
        self[.postalCode] = mark + person.postalCode
    }

    private mutating func setShopping(of person: Person, by dice: inout SplitMix) {
        let spent = person.shopping.spent
        self[.lifetimeValue] = Self.decimal(spent)
        let tiers = [(30_000, "platinum"), (12_000, "gold"), (4000, "silver"), (1, "bronze")]
        self[.loyaltyTier] = tiers.first { spent >= $0.0 }?.1 ?? ""
        guard let seen = person.shopping.lastSeen else { return }
        self[.lastSeen] = dice.chance(700) ? seen.description : Self.local(seen, person.homeland.offset)
    }

    /// RFC 3339 with the offset of the person's clock.
    static func local(_ time: Timestamp, _ hours: Int) -> String {
        let text = time.adding(seconds: Int64(hours) * 3600).description.dropLast()
        return "\(text)\(hours < 0 ? "-" : "+")0\(abs(hours)):00"
    }

    /// Cents as a number with two decimals.
    static func decimal(_ cents: Int) -> String { "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)" }

    /// As telephones write the first letter.
    static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
