/// Countries whose mobile numbers have one length and a fixed beginning, so that reading one needs no library.
///
/// libphonenumber takes 10 to 20 µs a number. These plans only ever say what it would say, which a test holds them to.
struct MobilePlan {
    let region: String
    /// The country's calling code.
    let code: [UInt8]
    /// What is dialled before a national number at home: `0`, or nothing.
    let trunk: [UInt8]
    /// The beginnings of the national number, without the trunk prefix.
    let leads: [[UInt8]]
    /// The digits of the national number.
    let length: Int

    private init(_ region: String, _ code: String, trunk: String, leads: [String], length: Int) {
        self.region = region
        self.code = Array(code.utf8)
        self.trunk = Array(trunk.utf8)
        self.leads = leads.map { Array($0.utf8) }
        self.length = length
    }

    static let all: [MobilePlan] = [
        MobilePlan("TW", "886", trunk: "0", leads: ["9"], length: 9),
        MobilePlan("JP", "81", trunk: "0", leads: ["70", "80", "90"], length: 10),
        MobilePlan("US", "1", trunk: "", leads: ["2", "3", "4", "5", "6", "7", "8", "9"], length: 10),
        MobilePlan("GB", "44", trunk: "0", leads: ["74", "75", "77", "78", "79"], length: 10),
        MobilePlan("CN", "86", trunk: "", leads: ["13", "15", "18", "19"], length: 11),
        MobilePlan("FR", "33", trunk: "0", leads: ["6", "7"], length: 9),
        MobilePlan("KR", "82", trunk: "0", leads: ["10"], length: 10),
        MobilePlan("AU", "61", trunk: "0", leads: ["4"], length: 9),
        MobilePlan("HK", "852", trunk: "", leads: ["5", "6", "9"], length: 8),
        MobilePlan("SG", "65", trunk: "", leads: ["8", "9"], length: 8),
        MobilePlan("ES", "34", trunk: "", leads: ["6"], length: 9),
        MobilePlan("IN", "91", trunk: "", leads: ["9"], length: 10),
    ]

    /// The number in E.164 when it is surely one of these mobile numbers; `nil` says nothing about it.
    static func canonical(_ clean: [UInt8], region: String) -> String? {
        var digits: [UInt8] = []
        digits.reserveCapacity(16)
        let international = clean.first == UInt8(ascii: "+")
        for byte in clean.dropFirst(international ? 1 : 0) {
            switch byte {
            case 0x30...0x39: digits.append(byte)
            case 0x20, UInt8(ascii: "-"): continue
            default: return nil
            }
        }
        for plan in all where international || plan.region == region {
            let prefix = international ? plan.code : plan.trunk
            guard digits.count == prefix.count + plan.length, digits.starts(with: prefix) else { continue }
            let national = digits.dropFirst(prefix.count)
            guard plan.leads.contains(where: national.starts) else { continue }
            return String(decoding: [UInt8(ascii: "+")] + plan.code + national, as: UTF8.self)
        }
        return nil
    }
}
