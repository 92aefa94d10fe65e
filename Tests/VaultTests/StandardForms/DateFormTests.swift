import Core
import Testing

@testable import Vault

@Suite("Dates and moments")
struct DateFormTests {
    @Test(
        "are read in every form that can be read one way",
        arguments: [
            "2024-02-29", "2024/2/29", "2024.02.29", "20240229", "29.02.2024", "29.2.2024", "29/02/2024", "02/29/2024",
            "29 Feb 2024", "29-Feb-2024", "Feb 29, 2024", "February 29th, 2024", "Thu, 29 February 2024", "2024-Feb-29",
            "2024年2月29日", "2024年02月29號", "民國113年2月29日", "民國 113 年 2 月 29 日", "中華民國113/02/29", "令和6年2月29日",
            "２０２４／０２／２９", "2024-02-29T00:00:00Z", "2024-02-29 00:00:00.000", "2/29/2024 12:00:00 AM",
        ])
    func reads(_ raw: String) throws {
        #expect(try StandardForm.date.standardise(raw) == "2024-02-29")
    }

    @Test(
        "are refused with the reason",
        arguments: [
            ("03/04/2024", StandardFormError.dateAmbiguous), ("3-4-2024", .dateAmbiguous),
            ("2023-02-29", .dateImpossible),
            ("31.04.2024", .dateImpossible), ("31/31/2024", .dateImpossible), ("29.02.24", .dateTwoDigitYear),
            ("29 Feb 24", .dateTwoDigitYear), ("2024-02", .dateMalformed), ("yesterday", .dateMalformed),
            ("2024-02-29 08:26", .dateHasTime), ("Feb 2024", .dateMalformed), ("2024-13-01", .dateImpossible),
            ("昭和65年1月1日", .dateImpossible), ("2024-02/29", .dateMalformed), ("113/2/29", .dateMalformed),
            ("12:30", .dateMalformed), ("0000-01-01", .dateImpossible),
        ])
    func refuses(_ raw: String, _ error: StandardFormError) {
        #expect(throws: error) { try StandardForm.date.standardise(raw) }
    }

    @Test("follow the hint about day and month")
    func hint() throws {
        #expect(try StandardForm.date.standardise("03/04/2024", .init(dateOrder: .dayFirst)) == "2024-04-03")
        #expect(try StandardForm.date.standardise("03/04/2024", .init(dateOrder: .monthFirst)) == "2024-03-04")
        #expect(try StandardForm.date.standardise("05/05/2024") == "2024-05-05")
        #expect(throws: StandardFormError.dateImpossible) {
            try StandardForm.date.standardise("31/12/2024", .init(dateOrder: .monthFirst))
        }
    }

    @Test("keep to the field's range")
    func range() throws {
        let options = StandardForm.Options(earliest: CalendarDate("1900-01-01"), latest: CalendarDate("2026-11-24"))
        #expect(try StandardForm.date.standardise("2026-11-24", options) == "2026-11-24")
        #expect(throws: StandardFormError.dateOutOfRange) { try StandardForm.date.standardise("2026-11-25", options) }
        #expect(throws: StandardFormError.dateOutOfRange) { try StandardForm.date.standardise("1899-12-31", options) }
    }

    @Test(
        "become UTC, to the millisecond",
        arguments: [
            ("2010-12-01T08:26:00Z", "2010-12-01T08:26:00Z"), ("2010-12-01 08:26:00", "2010-12-01T08:26:00Z"),
            ("2010-12-01T08:26:00.1239+08:00", "2010-12-01T00:26:00.123Z"),
            ("2010-12-01 8:26 PM", "2010-12-01T20:26:00Z"),
            ("2010/12/1 下午 8:26:00", "2010-12-01T20:26:00Z"),
            ("Wed, 01 Dec 2010 08:26:00 +0000", "2010-12-01T08:26:00Z"),
            ("1291191960", "2010-12-01T08:26:00Z"), ("1291191960250", "2010-12-01T08:26:00.250Z"),
            ("20101201082600", "2010-12-01T08:26:00Z"), ("2010-12-01", "2010-12-01T00:00:00Z"),
            ("Dec 1, 2010, 12:05 a.m.", "2010-12-01T00:05:00Z"), ("2010-12-01T08:26:00 UTC", "2010-12-01T08:26:00Z"),
            ("2010-12-01T23:59:60Z", "2010-12-01T23:59:59Z"), ("2010-12-01T08:26:00-05", "2010-12-01T13:26:00Z"),
        ])
    func moments(_ raw: String, _ expected: String) throws {
        #expect(try StandardForm.timestamp.standardise(raw) == expected)
    }

    @Test(
        "read off a clock follow its place through summer and winter",
        arguments: [
            ("Asia/Taipei", "2010-12-01 08:26", "2010-12-01T00:26:00Z"),
            ("Europe/London", "2011-07-01 08:26", "2011-07-01T07:26:00Z"),
            ("+09:00", "2010-12-01 08:26", "2010-11-30T23:26:00Z"),
            ("America/New_York", "2024-11-03 01:30", "2024-11-03T05:30:00Z"),
            ("America/New_York", "2024-03-10 02:30", "2024-03-10T07:30:00Z"),
            ("America/New_York", "2024-03-10 03:00", "2024-03-10T07:00:00Z"),
        ])
    func local(_ zone: String, _ raw: String, _ expected: String) throws {
        let options = StandardForm.Options(timeZone: try #require(LocalTime(zone)))
        #expect(try StandardForm.timestamp.standardise(raw, options) == expected)
    }

    @Test("are refused when there is no such moment")
    func refusesMoments() {
        for raw in [
            "2010-12-01T24:00:00Z", "2010-12-01T08:60", "2010-12-01T8", "08:26", "soon", "2010-12-01T08:26:00+8x",
        ] {
            #expect(throws: StandardFormError.timestampMalformed) { try StandardForm.timestamp.standardise(raw) }
        }
        #expect(throws: StandardFormError.dateOutOfRange) {
            try StandardForm.timestamp.standardise("0001-01-01T00:00:00+08:00")
        }
        #expect(throws: StandardFormError.dateAmbiguous) { try StandardForm.timestamp.standardise("3/4/2024 8:26") }
    }

    @Test("do not take a nonsense for a time zone", arguments: ["", "Mars/Olympus", "+25:00", "EST5", "8", "Asia"])
    func zones(_ name: String) {
        #expect(LocalTime(name) == nil)
    }
}
