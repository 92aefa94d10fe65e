import Testing

@testable import Core

@Suite("Timestamps")
struct TimestampTests {
    @Test(
        "reads and writes RFC 3339",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-11-24T03:45:00Z", 1_795_491_900_000),
            ("2026-11-24 11:45:00.250+08:00", 1_795_491_900_250), ("1969-12-31T23:59:59.999Z", -1),
            ("2024-02-29", 1_709_164_800_000),
        ])
    func reads(_ text: String, _ milliseconds: Int64) throws {
        let time = try #require(Timestamp(text))
        #expect(time.milliseconds == milliseconds)
        #expect(Timestamp(time.description) == time)
    }

    @Test(
        "refuses what is not a moment",
        arguments: [
            "", "2026-13-01", "2025-02-29", "2026-01-01T24:00:00Z", "2026-01-01T10:00:00Zx", "2026-1-1", "0000-01-01",
        ])
    func refuses(_ text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test("counts every day of four centuries once")
    func countsDays() throws {
        var previous = try #require(CalendarDate("1800-01-01")).daysSince1970 - 1
        for year in 1800..<2200 {
            for month in 1...12 {
                for day in 1...31 {
                    guard let date = CalendarDate(year: year, month: month, day: day) else { continue }
                    #expect(date.daysSince1970 == previous + 1)
                    #expect(CalendarDate(daysSince1970: date.daysSince1970) == date)
                    previous = date.daysSince1970
                }
            }
        }
    }
}
