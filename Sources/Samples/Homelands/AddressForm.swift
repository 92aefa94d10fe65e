/// One way to write an address: text with places to fill.
///
/// `{region}`, `{city}`, `{district}` and `{street}` are taken from the homeland; `{section}` is a number from one to five in Chinese;
/// `{9}`, `{30}` and the like are numbers from 1 to that one.
struct AddressForm: Sendable, ExpressibleByStringLiteral {
    private enum Part: Sendable {
        case text(String)
        case region, city, district, street, section
        case number(Int)
    }

    private let parts: [Part]

    init(stringLiteral text: String) {
        var parts: [Part] = []
        for piece in text.split(separator: "{", omittingEmptySubsequences: false) {
            guard let end = piece.firstIndex(of: "}") else {
                if !piece.isEmpty { parts.append(.text(String(piece))) }
                continue
            }
            let part: Part =
                switch piece[..<end] {
                case "region": .region
                case "city": .city
                case "district": .district
                case "street": .street
                case "section": .section
                case let number: .number(Int(number) ?? 1)
                }
            parts.append(part)
            let rest = piece[piece.index(after: end)...]
            if !rest.isEmpty { parts.append(.text(String(rest))) }
        }
        self.parts = parts
    }

    func filled(for place: Place, streets: [String], by dice: inout SplitMix) -> String {
        var result = ""
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .region: result += place.region
            case .city: result += place.city
            case .district: result += place.district
            case .street: result += dice.pick(streets)
            case .section: result += dice.pickCommon(["一", "二", "三", "四", "五"])
            case .number(let most): result += String(1 + dice.below(most))
            }
        }
        return result
    }
}

extension SplitMix {
    /// The text with digits for `#` and capital letters for `@`.
    mutating func filled(_ pattern: String) -> String {
        var result: [UInt8] = []
        for byte in pattern.utf8 {
            switch byte {
            case UInt8(ascii: "#"): result.append(0x30 + UInt8(below(10)))
            case UInt8(ascii: "@"): result.append(0x41 + UInt8(below(26)))
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
