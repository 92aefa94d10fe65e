package import Core
import Foundation

/// The place whose clocks a source read its times off: a fixed offset, or a time zone with its history.
package struct LocalTime: Sendable, Equatable {
    private enum Rule: Sendable, Equatable {
        case fixed(secondsEast: Int)
        case zone(TimeZone)
    }

    private let rule: Rule

    package static let utc = LocalTime(secondsEast: 0)

    package init(secondsEast: Int) { self.init(.fixed(secondsEast: secondsEast)) }

    private init(_ rule: Rule) { self.rule = rule }

    /// Reads `Z`, `UTC`, `+08:00` or an IANA name such as `Asia/Taipei`; `nil` for anything else.
    package init?(_ name: String) {
        if name == "Z" || name == "UTC" {
            self = .utc
        } else if let first = name.utf8.first, first == UInt8(ascii: "+") || first == UInt8(ascii: "-") {
            guard case let seconds?? = TimeOfDay.offset(ArraySlice(name.utf8)) else { return nil }
            self.init(secondsEast: seconds)
        } else {
            guard name.contains("/"), let zone = TimeZone(identifier: name) else { return nil }
            self.init(.zone(zone))
        }
    }

    /// The moment when the clocks showed `wall`, which counts as if they showed UTC.
    ///
    /// A time that occurs twice, when clocks go back, is its first occurrence; one that clocks jump over is as long
    /// after the jump as it was to be after the time before it.
    package func moment(atWall wall: Timestamp) -> Timestamp {
        switch rule {
        case .fixed(let seconds): return wall.adding(seconds: -Int64(seconds))
        case .zone(let zone):
            func offset(_ moment: Timestamp) -> Int64 {
                Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(moment.milliseconds) / 1000)))
            }
            let before = offset(wall.adding(seconds: -86_400))
            let first = wall.adding(seconds: -before)
            if offset(first) == before { return first }
            let after = offset(wall.adding(seconds: 86_400))
            let second = wall.adding(seconds: -after)
            return offset(second) == after ? second : first
        }
    }
}
