import Testing

@testable import Cedar

@Suite("Extension types")
struct ExtensionTypeTests {
    @Test(
        "decimals have one to four places and exact bounds",
        arguments: [
            ("1.0", 10_000), ("0.5", 5000), ("-0.5", -5000), ("-0.0", 0), ("12.3456", 123_456),
            ("922337203685477.5807", Int64.max), ("-922337203685477.5808", Int64.min),
        ] as [(String, Int64)])
    func decimals(text: String, wanted: Int64) throws {
        #expect(try FixedDecimal(parsing: Text(text)).tenThousandths == wanted)
    }

    @Test(
        "what is no decimal is refused",
        arguments: [
            "", "1", "1.", ".5", "+1.0", "1.00001", "1.0.0", "a.b", " 1.0", "922337203685477.5808", "٣.0", "--1.0",
        ])
    func badDecimals(text: String) {
        #expect(throws: ExtensionFailure.self) { try FixedDecimal(parsing: Text(text)) }
    }

    @Test(
        "addresses and ranges of both versions are read",
        arguments: [
            "0.0.0.0", "255.255.255.255/32", "10.0.0.0/8", "1.2.3.4/0", "::", "::1", "1::", "1:2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7::",
            "fe80::/10", "ABCD::ef01/128", "::/0",
        ])
    func addresses(text: String) throws {
        let range = try IPRange(parsing: Text(text))
        #expect(range.isIPv6 == text.contains(":"))
        // The canonical spelling reads back as the same range.
        #expect(try IPRange(parsing: Text(range.description)) == range)
    }

    @Test(
        "what is no address is refused",
        arguments: [
            "", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1.2.3.4/33", "1.2.3.4/08", "1.2.3.4/", "1.2.3.4/+1",
            "1.2.3.4/8/8",
            "::ffff:1.2.3.4", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "::1/129",
            "fe80::1%1", "1:", ":1",
            "1:2:3:4:5:6:7:8::", " 1.2.3.4",
        ])
    func badAddresses(text: String) {
        #expect(throws: ExtensionFailure.self) { try IPRange(parsing: Text(text)) }
    }

    @Test(
        "instants are read with and without time, fraction and offset",
        arguments: [
            ("1970-01-01", 0), ("1970-01-02", 86_400_000), ("2024-02-29", 1_709_164_800_000),
            ("0000-01-01", -62_167_219_200_000),
            ("9999-12-31", 253_402_214_400_000), ("2024-10-15T11:35:00Z", 1_728_992_100_000),
            ("2024-10-15T13:35:00+0200", 1_728_992_100_000), ("2024-10-15T11:35:00.007Z", 1_728_992_100_007),
            ("1969-12-31T23:59:59.999Z", -1), ("1970-01-01T00:00:00.000-0130", 5_400_000),
        ] as [(String, Int64)])
    func instants(text: String, wanted: Int64) throws {
        #expect(try Instant(parsing: Text(text)).milliseconds == wanted)
    }

    @Test(
        "what is no instant is refused",
        arguments: [
            "", "2024", "2024-1-1", "2024-02-30", "2023-02-29", "1900-02-29", "2024-13-01", "2024-00-01", "2024-01-00",
            "2024-01-01T00:00:00", "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z", "2016-12-31T23:59:60Z",
            "2024-01-01T00:00Z",
            "2024-01-01T00:00:00.1Z", "2024-01-01T00:00:00+02:00", "2024-01-01T00:00:00+2400",
            "2024-01-01T00:00:00+0060",
            "2024-01-01t00:00:00Z", "2024-01-01 00:00:00Z", "2024-01-01T00:00:00Z ", "-2024-01-01", "12024-01-01",
        ])
    func badInstants(text: String) {
        #expect(throws: ExtensionFailure.self) { try Instant(parsing: Text(text)) }
    }

    @Test(
        "durations have units in falling order",
        arguments: [
            ("0ms", 0), ("1d2h3m4s5ms", 93_784_005), ("-1h", -3_600_000), ("90m", 5_400_000), ("1d5ms", 86_400_005),
            ("9223372036854775807ms", Int64.max), ("-9223372036854775808ms", Int64.min), ("00001s", 1000),
        ] as [(String, Int64)])
    func durations(text: String, wanted: Int64) throws {
        #expect(try TimeSpan(parsing: Text(text)).milliseconds == wanted)
    }

    @Test(
        "what is no duration is refused",
        arguments: [
            "", "-", "1", "h", "1h1d", "1h-1m", "1h1h", "--1h", "+1h", "1.5h", "1 h", "1H", "9223372036854775808ms",
            "106751991168d",
            "99999999999999999999ms", "1hm", "1ms1s",
        ])
    func badDurations(text: String) {
        #expect(throws: ExtensionFailure.self) { try TimeSpan(parsing: Text(text)) }
    }

    @Test(
        "functions and methods apply to their own types",
        arguments: [
            ("decimal(\"1.5\").lessThan(decimal(\"1.6\"))", "true"),
            ("decimal(\"1.5\").lessThanOrEqual(decimal(\"1.50\"))", "true"),
            ("decimal(\"1.5\").greaterThan(decimal(\"1.5\"))", "false"),
            ("decimal(\"1.5\").greaterThanOrEqual(decimal(\"1.5\"))", "true"),
            ("ip(\"127.0.0.1\").isLoopback()", "true"), ("ip(\"127.0.0.1/7\").isLoopback()", "false"),
            ("ip(\"::1\").isLoopback()", "true"),
            ("ip(\"224.0.0.1\").isMulticast()", "true"), ("ip(\"ff00::/8\").isMulticast()", "true"),
            ("ip(\"ff00::/7\").isMulticast()", "false"),
            ("ip(\"1.1.1.1\").isIpv4()", "true"), ("ip(\"1.1.1.1\").isIpv6()", "false"),
            ("ip(\"10.1.0.0/16\").isInRange(ip(\"10.0.0.0/8\"))", "true"),
            ("ip(\"10.0.0.0/8\").isInRange(ip(\"10.1.0.0/16\"))", "false"),
            ("ip(\"::1\").isInRange(ip(\"0.0.0.0/0\"))", "false"), ("ip(\"::1\").isInRange(ip(\"::/0\"))", "true"),
            ("datetime(\"1970-01-01\").offset(duration(\"1d\")) == datetime(\"1970-01-02\")", "true"),
            ("datetime(\"1970-01-02\").durationSince(datetime(\"1970-01-01\")).toHours() == 24", "true"),
            ("datetime(\"1969-12-31T23:00:00Z\").toDate() == datetime(\"1969-12-31\")", "true"),
            ("datetime(\"1969-12-31T23:00:00Z\").toTime() == duration(\"23h\")", "true"),
            ("duration(\"-90m\").toHours() == -1", "true"), ("duration(\"1d\").toMilliseconds() == 86400000", "true"),
            (
                "duration(\"90s\").toMinutes() == 1 && duration(\"1s\").toSeconds() == 1 && duration(\"36h\").toDays() == 1",
                "true"
            ),
            ("datetime(\"1970-01-02\").offset(duration(\"9223372036854775807ms\")) == context", "cedar.overflow"),
            ("decimal(\"x\") == context", "cedar.extension_error"),
            ("ip(context.address).isIpv4()", "cedar.extension_error"),
            ("decimal(1) == context", "cedar.type_error"), ("decimal(\"1.0\").isIpv4()", "cedar.type_error"),
            ("decimal(\"1.0\").lessThan(1)", "cedar.type_error"),
            ("decimal() == context", "cedar.wrong_argument_count"),
            ("decimal(\"1.0\").lessThan()", "cedar.wrong_argument_count"), ("unknown(\"x\")", "cedar.unknown_value"),
        ])
    func functions(condition: String, wanted: String) throws {
        #expect(try World.outcome(condition, context: ["address": "10.0.0"]) == wanted)
    }
}
