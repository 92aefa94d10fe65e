import Core

/// What one person looked at, bought and gave back.
struct Shopping: Sendable {
    /// One thing that happened.
    struct Happening: Sendable {
        let id: String
        let type: String
        let time: Timestamp
        let order: String
        let product: Product
        let quantity: Int
    }

    let happenings: [Happening]
    /// What was paid and not paid back, in cents.
    let spent: Int
    /// When the person was last heard of; `nil` for somebody who never came back.
    let lastSeen: Timestamp?

    /// Everything lies in the three years before this moment, so that a sample does not depend on the day it is made.
    static let end = Timestamp(milliseconds: 1_782_864_000_000)
    private static let orders = [0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 6, 11]

    /// - Parameters:
    ///   - serial: the person's numbers, from which orders take theirs.
    ///   - offset: the hours of the person's clock before UTC, because people shop by day.
    ///   - dice: the person's.
    init(serial: Serial, offset: Int, by dice: inout SplitMix) {
        var happenings: [Happening] = []
        var spent = 0
        var number = 0
        func add(_ type: String, _ time: Timestamp, order: String = "", _ product: Product, _ quantity: Int = 1) {
            number += 1
            happenings.append(
                Happening(
                    id: "\(serial.customerID)-\(number)", type: type, time: time, order: order, product: product,
                    quantity: quantity))
        }
        for order in 0..<dice.pick(Self.orders) {
            let time = Self.time(offset, &dice)
            let id = "O\(serial.customerID.dropFirst())-\(order + 1)"
            for _ in 0..<(1 + min(dice.below(4), dice.below(4))) {
                let product = dice.pickCommon(Product.all)
                let quantity = 1 + min(dice.below(5), dice.below(5), dice.below(5))
                if dice.chance(600) {
                    add("Product Viewed", time.adding(seconds: -Int64(60 + dice.below(7200))), product)
                }
                add("Order Completed", time, order: id, product, quantity)
                spent += product.cents * quantity
                if dice.chance(60) {
                    let days = Int64(2 + dice.below(20))
                    add("Order Refunded", time.adding(seconds: days * 86_400), order: id, product, quantity)
                    spent -= product.cents * quantity
                }
            }
        }
        if dice.chance(700) { add("Product Viewed", Self.time(offset, &dice), dice.pick(Product.all)) }
        happenings.sort { ($0.time, $0.id) < ($1.time, $1.id) }
        self.happenings = happenings
        self.spent = spent
        lastSeen = happenings.last?.time
    }

    /// A moment between seven in the morning and midnight of some day; recent days are more likely.
    static func time(_ offset: Int, _ dice: inout SplitMix) -> Timestamp {
        let day = 22 + min(dice.below(1073), dice.below(1073))
        let hour = 7 + dice.below(17) - offset
        return end.adding(seconds: Int64(-day * 86_400 + hour * 3600 + dice.below(3600)))
    }
}

/// Something the shop sells.
struct Product: Sendable {
    let id: String
    let name: String
    let category: String
    let cents: Int

    static let all: [Product] = [
        Product(id: "SKU-1001", name: "House blend, 250 g", category: "coffee", cents: 890),
        Product(id: "SKU-1002", name: "Espresso, 1 kg", category: "coffee", cents: 2690),
        Product(id: "SKU-2003", name: "High mountain oolong, 100 g", category: "tea", cents: 2450),
        Product(id: "SKU-1004", name: "Decaf, 250 g", category: "coffee", cents: 990),
        Product(id: "SKU-3001", name: "Paper filters, 100", category: "accessories", cents: 490),
        Product(id: "SKU-3002", name: "Stoneware cup", category: "accessories", cents: 1450),
        Product(id: "SKU-2001", name: "Sencha, 100 g", category: "tea", cents: 1290),
        Product(id: "SKU-4001", name: "Shortbread, 200 g", category: "sweets", cents: 595),
        Product(id: "SKU-3003", name: "Hand grinder", category: "equipment", cents: 7900),
        Product(id: "SKU-4002", name: "Pineapple cakes, box of 10", category: "sweets", cents: 1680),
        Product(id: "SKU-2002", name: "Mint, 20 bags", category: "tea", cents: 450),
        Product(id: "SKU-3004", name: "Gooseneck kettle", category: "equipment", cents: 8900),
        Product(id: "SKU-3005", name: "Cast iron teapot", category: "equipment", cents: 6400),
        Product(id: "SKU-5001", name: "Tasting evening", category: "events", cents: 3500),
        Product(id: "SKU-3006", name: "Espresso machine", category: "equipment", cents: 54_900),
    ]
}
