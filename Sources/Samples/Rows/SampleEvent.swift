import Core

/// One thing a person did, as a shop's export would give it; docs/examples/sample-events.map.json says what it means.
package struct SampleEvent: Sendable {
    /// The columns, in order.
    package static let columns = [
        "event_id", "customer_id", "email", "event", "time", "order_id", "product_id", "product", "category",
        "quantity",
        "price", "currency",
    ]

    /// In the order of `columns`; empty ones are blank.
    package let values: [String]

    init(_ happening: Shopping.Happening, of person: Person) {
        values = [
            happening.id, person.customerID ?? "", person.customerID == nil ? person.email ?? "" : "", happening.type,
            happening.time.description, happening.order, happening.product.id, happening.product.name,
            happening.product.category, happening.order.isEmpty ? "" : String(happening.quantity),
            SampleRow.decimal(happening.product.cents), "EUR",
        ]
    }
}
