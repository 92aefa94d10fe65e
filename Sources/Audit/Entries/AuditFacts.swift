public import Core

/// What an entry says beyond who, what and whom: machine words and numbers only, as the JSON that is hashed.
///
/// Written once and shared by all entries that say the same, which reads of many people do.
public struct AuditFacts: Sendable, ExpressibleByArrayLiteral {
    /// The object's text; empty when there are no facts.
    let json: [UInt8]

    /// Field names, reasons, counts, hashes; each name once, in this order.
    public init(_ facts: [(name: String, value: JSON)]) {
        var output: [UInt8] = []
        for (place, fact) in facts.enumerated() {
            output.append(UInt8(ascii: place == 0 ? "{" : ","))
            JSON.write(fact.name, into: &output)
            output.append(UInt8(ascii: ":"))
            fact.value.write(into: &output)
        }
        if !facts.isEmpty { output.append(UInt8(ascii: "}")) }
        json = output
    }

    public init(arrayLiteral elements: (name: String, value: JSON)...) { self.init(elements) }
}
