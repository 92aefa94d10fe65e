/// How names are got wrong: letters by the hand, characters by the ear.
enum Misspelling {
    /// Characters that sound or look alike.
    private static let alike: [Character: Character] = [
        "怡": "宜", "宜": "怡", "雅": "亞", "志": "智", "智": "志", "豪": "毫", "婷": "庭", "庭": "廷", "廷": "庭", "芬": "芳",
        "俊": "峻", "偉": "瑋", "瑋": "偉", "宏": "弘", "傑": "杰", "惠": "慧", "慧": "惠", "佩": "珮", "珮": "佩", "君": "均",
        "欣": "心", "心": "欣", "黃": "王", "王": "黃", "陳": "程", "林": "凌", "張": "章", "吳": "伍", "許": "徐", "徐": "許",
        "鄭": "曾", "曾": "鄭", "莊": "庄", "高": "髙", "斎": "斉", "辺": "邊", "崎": "﨑", "島": "嶋", "沢": "澤", "恵": "惠",
        "広": "廣", "浩": "宏", "翔": "祥", "健": "建", "建": "健", "子": "代", "أ": "ا", "إ": "ا", "ة": "ه", "ى": "ي",
        "ض": "ظ", "س": "ص",
    ]

    /// The name with one mistake, or as it is where none comes easily.
    static func of(_ name: String, _ script: Script, by dice: inout SplitMix) -> String {
        guard script == .latin else { return ofAnotherScript(name, by: &dice) }
        if name.utf8.contains(where: { $0 >= 0x80 }), dice.chance(600) { return LatinLetters.plain(name) }
        var letters = Array(name)
        guard letters.count > 3 else { return name.lowercased() }
        let place = 1 + dice.below(letters.count - 2)
        switch dice.below(4) {
        case 0: letters.swapAt(place, place + 1)
        case 1: letters.remove(at: place)
        case 2: letters.insert(letters[place], at: place)
        default: return dice.chance(500) ? name.lowercased() : name.uppercased()
        }
        return String(letters)
    }

    private static func ofAnotherScript(_ name: String, by dice: inout SplitMix) -> String {
        let characters = Array(name)
        let places = characters.indices.filter { alike[characters[$0]] != nil }
        guard !places.isEmpty else { return name }
        var changed = characters
        let place = dice.pick(places)
        changed[place] = alike[characters[place]] ?? characters[place]
        return String(changed)
    }
}
