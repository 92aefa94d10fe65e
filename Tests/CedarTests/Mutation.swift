/// Texts as they come from slips of the hand, broken disks and people who try what happens.
enum Mutation {
    private static let interesting =
        Array("(){}[]\"\\@?:;,.*+-!=<>&|/ \n\r09azA_\u{0}".utf8) + [0xC3, 0xA9, 0xFF, 0xF0, 0x80]

    /// The text with one to four bytes or stretches changed, left out or put in elsewhere.
    static func of(_ text: String, _ random: inout SplitMix) -> String {
        var bytes = Array(text.utf8)
        for _ in 0...random.below(4) {
            let place = random.below(bytes.count)
            switch random.below(5) {
            case 0: bytes.remove(at: place)
            case 1: bytes.insert(interesting[random.below(interesting.count)], at: place)
            case 2: bytes[place] = interesting[random.below(interesting.count)]
            case 3: bytes.removeSubrange(place..<min(bytes.count, place + random.below(20)))
            default:
                bytes.insert(contentsOf: bytes[random.below(bytes.count)...].prefix(random.below(30)), at: place)
            }
            if bytes.isEmpty { bytes = [0x20] }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
