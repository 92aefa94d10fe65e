package import Core

extension StandardForm {
    /// How a source writes its values, and which dates make sense; the canonical text needs none of it.
    package struct Options: Sendable, Equatable {
        /// Which of day and month comes first where only digits are written, the year last.
        package enum DateOrder: String, Sendable, CaseIterable {
            /// Nothing is known: a date that reads both ways is refused.
            case unknown
            case dayFirst = "day-month-year"
            case monthFirst = "month-day-year"
        }

        /// The marks inside a number.
        package struct Numbers: Sendable, Equatable {
            /// `.` or `,`.
            package var decimalMark: UInt8
            /// What stands between groups of three digits; `nil` when nothing may.
            package var groupMark: UInt8?

            package init(decimalMark: UInt8 = UInt8(ascii: "."), groupMark: UInt8? = nil) {
                self.decimalMark = decimalMark
                self.groupMark = groupMark
            }
        }

        /// Where telephone numbers without a country are dialled: ISO 3166-1 alpha-2 in upper case, or `ZZ` for nowhere.
        package var region: String
        package var dateOrder: DateOrder
        /// The first day a date may be.
        package var earliest: CalendarDate?
        /// The last day a date may be: today for a birth date.
        package var latest: CalendarDate?
        /// Where timestamps without an offset were read off a clock.
        package var timeZone: LocalTime
        package var numbers: Numbers

        package init(
            region: String = "ZZ", dateOrder: DateOrder = .unknown, earliest: CalendarDate? = nil,
            latest: CalendarDate? = nil, timeZone: LocalTime = .utc, numbers: Numbers = Numbers()
        ) {
            self.region = region
            self.dateOrder = dateOrder
            self.earliest = earliest
            self.latest = latest
            self.timeZone = timeZone
            self.numbers = numbers
        }
    }
}
