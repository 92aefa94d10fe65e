import Core

/// One made-up customer: the same for the same seed and place in the order, whoever came before.
struct Person: Sendable {
    let homeland: Homeland
    let gender: String
    let first: Name
    let last: Name
    /// Who gave no name when they signed up.
    let isNameKnown: Bool
    let born: CalendarDate?
    let place: Place
    let address: String
    let postalCode: String
    let customerID: String?
    let email: String?
    let telephone: Telephone?
    /// The number of somebody who gave none at first.
    let laterTelephone: Telephone?
    let country: String?
    /// The last one is where the person has come to.
    let consents: [ConsentMoment]
    let shopping: Shopping

    init(_ index: Int, seed: UInt64) {
        var dice = SplitMix(seed: seed, stream: UInt64(index) << 1)
        let serial = Serial(index, seed: seed)
        homeland = Homeland.drawn(by: &dice)
        let isWoman = dice.chance(520)
        gender = dice.chance(10) ? "diverse" : isWoman ? "female" : "male"
        first = dice.pickCommon(isWoman ? homeland.women : homeland.men)
        last = dice.pickCommon(homeland.families)
        isNameKnown = !dice.chance(25)
        born = dice.chance(780) ? Self.birth(&dice) : nil
        place = dice.pickCommon(homeland.places)
        let hasAddress = dice.chance(740)
        address =
            hasAddress
            ? dice.pick(homeland.addresses).filled(for: place, streets: homeland.streets, by: &dice) : ""
        postalCode = hasAddress ? dice.filled(place.postal) : ""
        customerID = dice.chance(930) ? serial.customerID : nil
        email = customerID == nil || dice.chance(930) ? Self.address(first, last, serial, &dice) : nil
        let number = Self.telephone(homeland, place, serial, &dice)
        let isNumberGiven = dice.chance(820)
        telephone = isNumberGiven ? number : nil
        laterTelephone = isNumberGiven ? nil : number
        country = dice.chance(960) ? dice.chance(650) ? homeland.code : dice.pick(homeland.names) : nil
        let answers = ConsentAnswer.drawn(by: &dice)
        shopping = Shopping(serial: serial, offset: homeland.offset, by: &dice)
        consents = ConsentMoment.drawn(upTo: answers, shopping, offset: homeland.offset, by: &dice)
    }

    /// The ages of a shop's customers: most between 30 and 55, a few much older.
    private static func birth(_ dice: inout SplitMix) -> CalendarDate? {
        let years = dice.below(15) + dice.below(15) + dice.below(15) + (dice.chance(200) ? dice.below(20) : 0)
        return CalendarDate(year: 2006 - years, month: 1 + dice.below(12), day: 1 + dice.below(31))
    }

    private static func telephone(
        _ homeland: Homeland, _ place: Place, _ serial: Serial, _ dice: inout SplitMix
    ) -> Telephone {
        let isWire = dice.chance(220)
        let pattern =
            isWire ? place.landline ?? dice.pick(homeland.dialling.mobiles) : dice.pick(homeland.dialling.mobiles)
        return Telephone(pattern, digits: serial.eightDigits, plan: homeland.dialling, script: homeland.script)
    }

    /// Only under the names that RFC 2606 keeps for examples, and nobody else's, because of the number.
    private static func address(_ first: Name, _ last: Name, _ serial: Serial, _ dice: inout SplitMix) -> String {
        let given = LatinLetters.address(first.latin)
        let family = LatinLetters.address(last.latin)
        let local =
            switch dice.below(6) {
            case 0, 1: "\(given).\(family)\(serial.short)"
            case 2: "\(given.prefix(1)).\(family)\(serial.short)"
            case 3: "\(given)\(serial.short)"
            case 4: "\(family)_\(given)\(serial.short)"
            default: "\(given)\(family.prefix(1)).\(serial.short)"
            }
        return local + "@" + dice.pickCommon(["example.com", "example.org", "example.net"])
    }
}

/// The numbers that belong to one person of a sample.
struct Serial: Sendable {
    let customerID: String
    /// Eight digits that no other of a hundred million people has.
    let eightDigits: String
    /// Four digits for the first ten thousand people, six for the first million, then eight.
    let short: String

    init(_ index: Int, seed: UInt64) {
        var dice = SplitMix(seed: seed, stream: .max)
        // The sample's own part keeps the customers of two samples apart.
        customerID = "C\(1000 + dice.below(9000))-\(Self.digits(index + 1, 7))"
        let offset = dice.below(100_000_000)
        eightDigits = Self.scattered(index, offset, 8)
        short = Self.scattered(index, offset, index < 10_000 ? 4 : index < 1_000_000 ? 6 : 8)
    }

    /// The factor shares none with ten, so every number of that many digits is met once.
    private static func scattered(_ index: Int, _ offset: Int, _ count: Int) -> String {
        var range = 1
        for _ in 0..<count { range *= 10 }
        return digits((index % range * 47_321_339 + offset) % range, count)
    }

    private static func digits(_ number: Int, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }
}
