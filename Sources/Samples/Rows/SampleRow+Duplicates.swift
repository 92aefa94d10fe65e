extension SampleRow {
    /// Makes a first row into a second one: what a person or a clerk writes who does not know that there is one.
    mutating func vary(_ person: Person, by dice: inout SplitMix) {
        switch dice.below(20) {
        // Pressed twice.
        case 0, 1: break
        // Known by the customer number: moved, seen again, or as somebody else knows them still.
        case 2...8 where person.customerID != nil: update(person, by: &dice)
        // A form without a customer number, filled in by hand.
        case 9...14 where person.email != nil: keep(.email, of: person, by: &dice)
        case 15...18 where person.telephone?.isOnesOwn == true: keep(.phone, of: person, by: &dice)
        default: misspell(by: &dice)
        }
    }

    private mutating func update(_ person: Person, by dice: inout SplitMix) {
        let later = dice.chance(700) ? person.laterTelephone : nil
        setPhone(person.telephone ?? later, of: person, by: &dice)
        switch dice.below(3) {
        case 0:
            let homeland = person.homeland
            let place = dice.pickCommon(homeland.places)
            self[.city] = place.city
            self[.postalCode] = dice.filled(place.postal)
            self[.address] = dice.pick(homeland.addresses).filled(for: place, streets: homeland.streets, by: &dice)
        case 1:
            // From a system that has not heard of what they changed since.
            setConsents(dice.pick(person.consents))
        default:
            self[.loyaltyTier] = dice.pick(["silver", "gold"])
        }
        if dice.chance(300) { misspell(by: &dice) }
    }

    /// Leaves the person with one identifier, and that one in another spelling.
    private mutating func keep(_ column: Column, of person: Person, by dice: inout SplitMix) {
        self[.customerID] = ""
        for column in [Column.loyaltyTier, .lifetimeValue, .lastSeen] { self[column] = "" }
        if column == .email {
            self[.phone] = ""
            let email = person.email ?? ""
            self[.email] = dice.chance(400) ? email.uppercased() : dice.chance(500) ? Self.capitalised(email) : email
        } else {
            self[.email] = ""
            setPhone(person.telephone, of: person, by: &dice)
        }
        if dice.chance(700) { misspell(by: &dice) }
        if dice.chance(500) {
            for column in [Column.address, .postalCode, .city, .birthDate] { self[column] = "" }
        }
    }

    /// One slip of the hand or the ear in a name.
    private mutating func misspell(by dice: inout SplitMix) {
        let column: Column = dice.chance(500) ? .firstName : .lastName
        self[column] = Misspelling.of(self[column], script, by: &dice)
    }
}
