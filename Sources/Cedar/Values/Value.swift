/// What a Cedar expression evaluates to, and what attributes and context hold.
public enum Value: Hashable, Sendable {
    case bool(Bool)
    case long(Int64)
    case string(Text)
    case entity(EntityUID)
    case set(ValueSet)
    case record(Record)
    case decimal(FixedDecimal)
    indirect case ip(IPRange)
    case datetime(Instant)
    case duration(TimeSpan)

    /// The kind of value, by the name error messages use.
    enum Kind: String, Sendable {
        case bool, long, string, entity, set, record, decimal, ipaddr, datetime, duration
    }

    var kind: Kind {
        switch self {
        case .bool: .bool
        case .long: .long
        case .string: .string
        case .entity: .entity
        case .set: .set
        case .record: .record
        case .decimal: .decimal
        case .ip: .ipaddr
        case .datetime: .datetime
        case .duration: .duration
        }
    }
}

extension Value: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .long(value) }
    public init(stringLiteral value: String) { self = .string(Text(value)) }
    public init(arrayLiteral elements: Value...) { self = .set(ValueSet(elements)) }
    public init(dictionaryLiteral elements: (Text, Value)...) { self = .record(Record(elements)) }
}

extension Value: CustomStringConvertible {
    /// Cedar's own spelling of the value. Not for error messages: attributes can be personal data.
    public var description: String {
        switch self {
        case .bool(let flag): String(flag)
        case .long(let number): String(number)
        case .string(let text): text.string.cedarLiteral
        case .entity(let uid): uid.description
        case .set(let set): set.description
        case .record(let record): record.description
        case .decimal(let decimal): "decimal(\"\(decimal)\")"
        case .ip(let range): "ip(\"\(range)\")"
        case .datetime(let instant): "datetime(\"\(instant)\")"
        case .duration(let span): "duration(\"\(span)\")"
        }
    }
}
