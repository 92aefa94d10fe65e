/// A function or method of the extension types, known by name to the parser and by number to the evaluator.
enum ExtensionFunction: String, CaseIterable, Sendable {
    case decimal, ip, datetime, duration
    /// Partial evaluation's marker: it parses, and evaluating it is an error.
    case unknown
    case lessThan, lessThanOrEqual, greaterThan, greaterThanOrEqual
    case isIpv4, isIpv6, isLoopback, isMulticast, isInRange
    case offset, durationSince, toDate, toTime
    case toMilliseconds, toSeconds, toMinutes, toHours, toDays

    static let byName = [Text: ExtensionFunction](uniqueKeysWithValues: allCases.map { (Text($0.rawValue), $0) })

    /// Written `name(argument)` rather than `value.name(argument)`.
    var isConstructor: Bool {
        switch self {
        case .decimal, .ip, .datetime, .duration, .unknown: true
        default: false
        }
    }

    /// How many arguments it takes, counting the value a method is called on.
    var arity: Int {
        switch self {
        case .lessThan, .lessThanOrEqual, .greaterThan, .greaterThanOrEqual, .isInRange, .offset, .durationSince: 2
        default: 1
        }
    }

    /// The kind of the first argument.
    var receiver: Value.Kind {
        switch self {
        case .decimal, .ip, .datetime, .duration, .unknown: .string
        case .lessThan, .lessThanOrEqual, .greaterThan, .greaterThanOrEqual: .decimal
        case .isIpv4, .isIpv6, .isLoopback, .isMulticast, .isInRange: .ipaddr
        case .offset, .durationSince, .toDate, .toTime: .datetime
        case .toMilliseconds, .toSeconds, .toMinutes, .toHours, .toDays: .duration
        }
    }

    /// The kind of the second argument, for those that take two.
    var argument: Value.Kind { self == .offset ? .duration : receiver }

    /// Applies the function to arguments of the right number and kinds; `nil` where they are not.
    func apply(_ first: Value, _ second: Value?) throws(ExtensionFailure) -> Value? {
        switch (self, first, second) {
        case (.decimal, .string(let text), nil): .decimal(try FixedDecimal(parsing: text))
        case (.ip, .string(let text), nil): .ip(try IPRange(parsing: text))
        case (.datetime, .string(let text), nil): .datetime(try Instant(parsing: text))
        case (.duration, .string(let text), nil): .duration(try TimeSpan(parsing: text))
        case (.lessThan, .decimal(let left), .decimal(let right)?): .bool(left < right)
        case (.lessThanOrEqual, .decimal(let left), .decimal(let right)?): .bool(left <= right)
        case (.greaterThan, .decimal(let left), .decimal(let right)?): .bool(left > right)
        case (.greaterThanOrEqual, .decimal(let left), .decimal(let right)?): .bool(left >= right)
        case (.isIpv4, .ip(let range), nil): .bool(!range.isIPv6)
        case (.isIpv6, .ip(let range), nil): .bool(range.isIPv6)
        case (.isLoopback, .ip(let range), nil): .bool(range.isLoopback)
        case (.isMulticast, .ip(let range), nil): .bool(range.isMulticast)
        case (.isInRange, .ip(let range), .ip(let outer)?): .bool(range.isInRange(outer))
        case (.offset, .datetime(let instant), .duration(let span)?): .datetime(try instant.offset(by: span))
        case (.durationSince, .datetime(let later), .datetime(let earlier)?): .duration(try later.since(earlier))
        case (.toDate, .datetime(let instant), nil): .datetime(try instant.midnight())
        case (.toTime, .datetime(let instant), nil): .duration(instant.timeOfDay)
        case (.toMilliseconds, .duration(let span), nil): .long(span.milliseconds)
        case (.toSeconds, .duration(let span), nil): .long(span.milliseconds / 1000)
        case (.toMinutes, .duration(let span), nil): .long(span.milliseconds / 60_000)
        case (.toHours, .duration(let span), nil): .long(span.milliseconds / 3_600_000)
        case (.toDays, .duration(let span), nil): .long(span.milliseconds / Instant.day)
        default: nil
        }
    }
}
