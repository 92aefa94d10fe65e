import Foundation

/// The rows that every contender stores: twelve fields, about 200 bytes, the same for all.
struct BenchmarkRows {
    static let header = [
        "customer_id", "email", "phone", "first_name", "last_name", "birth_date", "gender", "address", "city",
        "postal_code", "country", "loyalty_tier",
    ]

    let count: Int

    private static let first = ["Ada", "Grace", "Linus", "Mei", "Hanako", "Omar", "Zoë", "Jürgen", "Chloé", "Ravi"]
    private static let last = ["Lovelace", "Hopper", "Chen", "Tanaka", "Haddad", "Müller", "Dupont", "Iyer", "Okafor"]
    private static let cities = ["Taipei", "Berlin", "Paris", "Austin", "Osaka", "Cairo", "Oslo", "Kyoto", "Lyon"]
    private static let tiers = ["bronze", "silver", "gold"]

    /// Every field of one row; identifiers are spread so that indexes are filled in random order, as in life.
    func row(_ number: Int) -> [String] {
        let mixed = Self.mix(UInt64(number) &+ 1)
        let first = Self.first[number % Self.first.count]
        let last = Self.last[number / 3 % Self.last.count]
        let hex = String(mixed, radix: 16)
        return [
            "cus_" + hex, "\(hex)@example.org", "+88691" + String(1_000_000 + mixed % 9_000_000),
            first, last, "19\(50 + number % 49)-0\(1 + number % 9)-1\(number % 10)",
            number % 2 == 0 ? "female" : "male",
            "\(1 + number % 400) Example Street", Self.cities[number % Self.cities.count],
            String(10_000 + number % 80_000), "DE", Self.tiers[number % 3],
        ]
    }

    /// The rows as CSV.
    func writeCSV(to path: String) throws {
        var text = Self.header.joined(separator: ",") + "\n"
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        let handle = try FileHandle(forWritingTo: URL(filePath: path))
        for number in 0..<count {
            text += row(number).joined(separator: ",") + "\n"
            if text.utf8.count > 1 << 20 {
                try handle.write(contentsOf: Data(text.utf8))
                text = ""
            }
        }
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
    }

    /// SplitMix64: one number to another, without repeats.
    static func mix(_ seed: UInt64) -> UInt64 {
        var z = seed &* 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
