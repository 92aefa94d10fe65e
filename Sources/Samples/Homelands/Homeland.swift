/// The script people of a country write their names in.
package enum Script: String, Sendable, CaseIterable {
    case latin
    case chinese
    case japanese
    case arabic
}

/// A country as its people write it: names, places, addresses, numbers, dates.
///
/// The lists are of the most common ones, the commonest first; whoever has such a name is meant by nobody.
struct Homeland: Sendable {
    /// ISO 3166-1 alpha-2.
    let code: String
    let script: Script
    /// How many of a thousand people live here.
    let share: Int
    /// How people write the country when they do not write its code.
    let names: [String]
    let women: [Name]
    let men: [Name]
    let families: [Name]
    let places: [Place]
    /// Streets, or what stands in their place.
    let streets: [String]
    /// Ways to write an address: see `AddressForm`.
    let addresses: [AddressForm]
    let dialling: DiallingPlan
    let dates: [DateHabit]
    /// The offset of the country's clocks from UTC in hours.
    let offset: Int
}

extension Homeland {
    static let all: [Homeland] = [
        taiwan, japan, germany, france, unitedKingdom, unitedStates, spain, italy, netherlands, poland, portugal, egypt,
        saudiArabia, emirates,
    ]

    /// Where a person lives, by the shares.
    static func drawn(by dice: inout SplitMix) -> Homeland {
        var rest = dice.below(total)
        for homeland in all {
            rest -= homeland.share
            if rest < 0 { return homeland }
        }
        return taiwan
    }

    private static let total = all.reduce(0) { $0 + $1.share }
}

/// A name as it is written, and in the letters of e-mail addresses.
struct Name: Sendable {
    let written: String
    let latin: String

    /// Reads `Müller, van den Berg` or, with the Latin spelling after a slash, `陳/Chen, 林/Lin`.
    static func list(_ text: String) -> [Name] {
        text.split(separator: ",").map { part in
            let name = part.drop { $0 == " " || $0 == "\n" }
            guard let slash = name.firstIndex(of: "/") else {
                return Name(written: String(name), latin: LatinLetters.plain(String(name)))
            }
            return Name(written: String(name[..<slash]), latin: String(name[name.index(after: slash)...]))
        }
    }
}

/// A town or a part of one.
struct Place: Sendable {
    let city: String
    let district: String
    /// Digits for `#`, letters for `@`.
    let postal: String
    /// A number on a wire there, as it is dialled at home, with `#` for the digits that differ.
    let landline: String?
    /// What stands before the city in a whole address, where something does.
    let region: String

    /// Reads a line a place: `city | district | postal code | landline | region`, the last ones optional.
    static func list(_ text: String) -> [Place] {
        text.split(separator: "\n").map { line in
            let parts = line.split(separator: "|", omittingEmptySubsequences: false).map {
                String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            }
            return Place(
                city: parts[0], district: parts.count > 1 ? parts[1] : "", postal: parts.count > 2 ? parts[2] : "",
                landline: parts.count > 3 ? parts[3] : nil, region: parts.count > 4 ? parts[4] : "")
        }
    }
}
