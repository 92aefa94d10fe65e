import Core
import Testing

@testable import Ingest
@testable import Vault

@Suite("Map files")
struct MapFileTests {
    private func rows(_ csv: String, _ map: String = "{}", region: String = "ZZ") throws -> [Result<
        MappedRow, Rejection
    >] {
        var input = try MappedInput(
            ByteSource(Array(csv.utf8)), map: MapFile(parsing: Array(map.utf8)), region: region)
        var rows: [Result<MappedRow, Rejection>] = []
        while let row = try input.next() { rows.append(row) }
        return rows
    }

    private func fields(_ row: MappedRow) -> [String] {
        row.fields.map { "\($0.name)=" + String(decoding: $0.raw, as: UTF8.self) }
    }

    @Test("are not needed: columns are fields of the same name, and consents")
    func defaults() throws {
        let result = try rows("Email,First Name,consent_marketing_email,\nada@x.org, Ada ,yes,?\n,,,\nb@x.org,B,maybe,")
        let first = try result[0].get()
        #expect(fields(first) == ["email=ada@x.org", "first_name=Ada"])
        #expect(first.consents.map(\.purpose) == ["marketing_email"])
        #expect(first.consents.map(\.mark) == [.yes])
        #expect(try result[1].get().fields.isEmpty)
        #expect(try result[1].get().consents.map(\.mark) == [.blank])
        #expect(throws: Rejection(line: 4, column: "consent_marketing_email", .consentUnreadable)) {
            try result[2].get()
        }
    }

    @Test("rename, clean, translate, require and add")
    func columns() throws {
        let map = """
            { "//": "a comment", "region": "TW", "date_order": "day-month-year", "unlisted": "ignore",
              "columns": {
                "ID": {"field": "customer_id", "strip_prefix": "C-", "strip_suffix": ".0", "required": true},
                "Sex": {"field": "gender", "values": {"F": "female", "M": "male", "X": null}, "other_values": "reject"},
                "DOB": "birth_date", "Born": {"field": "born", "date_order": "month-day-year", "//": "American"},
                "News": {"consent": "marketing_email", "values": {"in": "yes", "out": "no"}},
                "Note": {"ignore": "free text about people"}
              },
              "constants": {"country": "TW"} }
            """
        let result = try rows(
            "ID,Sex,DOB,Born,News,Note,More\nC-17.0,F,3/4/2001,3/4/2001,in,x,y\n ,F,,,,,\n1,Q,,,,,\n2,X,,,out,,", map)
        let row = try result[0].get()
        #expect(
            fields(row) == ["customer_id=17", "gender=female", "birth_date=3/4/2001", "born=3/4/2001", "country=TW"])
        #expect(row.consents.map(\.mark) == [.yes])
        let birth = row.fields[2]
        #expect(birth.hints.options.region == "TW")
        #expect(try StandardForm.date.standardise(birth.raw, birth.hints.options) == "2001-04-03")
        #expect(try StandardForm.date.standardise(row.fields[3].raw, row.fields[3].hints.options) == "2001-03-04")
        #expect(throws: Rejection(line: 3, column: "ID", .valueMissing)) { try result[1].get() }
        #expect(throws: Rejection(line: 4, column: "Sex", .valueUnknown)) { try result[2].get() }
        #expect(fields(try result[3].get()) == ["customer_id=2", "country=TW"])
    }

    @Test("make typed events with an identity")
    func events() throws {
        let map = """
            { "columns": {"user": "customer_id"}, "time_zone": "Asia/Taipei",
              "event": { "type": {"column": "what", "values": {"buy": "Order Completed"}}, "time": "when",
                "id": ["order", "sku"], "count_repeats": true,
                "properties": { "sku": "sku", "n": {"column": "n", "type": "integer"},
                  "price": {"column": "price", "type": "decimal", "decimal": ",", "group": "."},
                  "gift": {"column": "gift", "type": "boolean"} } } }
            """
        let csv = """
            user,what,when,order,sku,n,price,gift
            u1,buy,2024-02-29 08:00,o1,a,02,"1.234,50",yes
            u1,buy,2024-02-29 08:00,o1,a,02,"1.234,50",yes
            u1,view,2024-02-29T08:00Z,,,,,
            u1,,2024-02-29,,,,,
            u1,buy,soon,,,,,
            u1,buy,,o2,a,many,,
            """
        let result = try rows(csv, map)
        let event = try #require(try result[0].get().event)
        #expect(event.type == "Order Completed")
        #expect(event.time?.description == "2024-02-29T00:00:00Z")
        #expect(JSON.object(event.properties).text() == #"{"sku":"a","n":2,"price":1234.5,"gift":true}"#)
        let repeated = try #require(try result[1].get().event)
        #expect(event.identity != nil && repeated.identity != event.identity)
        let again = try rows(csv, map)
        #expect(try again.prefix(2).map { try $0.get().event?.identity } == [event.identity, repeated.identity])
        #expect(try result[2].get().event?.type == "view")
        #expect(throws: Rejection(line: 5, column: "what", .eventTypeMissing)) { try result[3].get() }
        #expect(throws: Rejection(line: 6, column: "when", RejectionCode("timestamp_malformed"))) {
            try result[4].get()
        }
        #expect(throws: Rejection(line: 7, column: "n", RejectionCode("integer_malformed"))) { try result[5].get() }
    }

    @Test("say when the consents of a row were given, by default in a column that is called so")
    func consentTime() throws {
        let csv = "id,Consent Time,signed,consent_analytics\n1,2024-02-29,2020-01-01T12:00,yes\n2,soon,,\n3,soon,,no"
        let plain = try rows(csv, #"{"columns": {"signed": "signed"}}"#)
        #expect(try plain[0].get().consentTime?.moment.description == "2024-02-29T00:00:00Z")
        #expect(fields(try plain[0].get()) == ["id=1", "signed=2020-01-01T12:00"])
        #expect(try plain[1].get().consentTime == nil)
        #expect(throws: Rejection(line: 4, column: "column 2", RejectionCode("timestamp_malformed"))) {
            try plain[2].get()
        }
        let named = try rows(
            csv,
            #"{"columns": {"Consent Time": "note"}, "consent_time": {"column": "signed", "time_zone": "+08:00"}}"#)
        let row = try named[0].get()
        #expect(row.consentTime?.moment.description == "2020-01-01T04:00:00Z")
        #expect(fields(row) == ["id=1", "note=2024-02-29"])
        #expect(try named[2].get().consentTime == nil)
    }

    @Test("apply to JSON lines as to CSV")
    func jsonLines() throws {
        let result = try rows(
            "{\"id\":7,\"geo\":{\"city\":\"台北\"}}\n{\"email\":\"a@x.org\",\"id\":8}\n{\n",
            #"{"columns": {"id": "customer_id", "geo.city": "city"}}"#)
        #expect(fields(try result[0].get()) == ["customer_id=7", "city=台北"])
        #expect(fields(try result[1].get()) == ["customer_id=8", "email=a@x.org"])
        #expect(throws: Rejection(line: 3, .jsonMalformed)) { try result[2].get() }
    }

    @Test(
        "are refused with the path of what is wrong",
        arguments: [
            ("[]", "``"), (#"{"colums": {}}"#, "`colums`"),
            (#"{"columns": {"a": {"field": "b", "colour": 1}}}"#, "`columns.a.colour`"),
            (#"{"columns": {"a": {}}}"#, "`columns.a`"), (#"{"columns": {"a": 1}}"#, "`columns.a`"),
            (#"{"columns": {"a": "x", "b": "x"}}"#, "`x`"),
            (#"{"constants": {"x": "1"}, "columns": {"a": "x"}}"#, "`x`"),
            (#"{"region": "tw"}"#, "`region`"), (#"{"region": "XX"}"#, "`region`"),
            (#"{"time_zone": "Mars/Olympus"}"#, "`time_zone`"),
            (#"{"encoding": "UTF-8//IGNORE"}"#, "`encoding`"), (#"{"delimiter": "ab"}"#, "`delimiter`"),
            (#"{"format": "xml"}"#, "`format`"),
            (#"{"event": {}}"#, "`event.type`"),
            (#"{"consent_time": 1}"#, "`consent_time`"), (#"{"consent_time": {}}"#, "`consent_time.column`"),
            (#"{"consent_time": {"column": "t", "when": "x"}}"#, "`consent_time.when`"),
            (
                #"{"event": {"type": "x", "properties": {"p": {"column": "c", "type": "colour"}}}}"#,
                "`event.properties.p.type`"
            ),
            (#"{"event": {"type": {"column": "c", "prefixes": {"C": "x"}}}}"#, "`event.type.otherwise`"),
            (#"{"columns": {"a": {"field": "b", "values": {"x": 1}}}}"#, "`columns.a.values.x`"), ("{", "line 1"),
        ])
    func refused(_ map: String, _ named: String) {
        let error = #expect(throws: IngestError.self) { try MapFile(parsing: Array(map.utf8)) }
        #expect(error?.code == .mapMalformed)
        #expect(error?.message.contains(named) == true, "\(error?.message ?? "")")
    }

    @Test("must fit the columns")
    func mismatch() {
        for (csv, map) in [
            ("a\n1", #"{"columns": {"b": "x"}}"#), ("a,b\n1,2", #"{"columns": {"a": "x"}, "unlisted": "refuse"}"#),
            ("a,b\n1,2", #"{"columns": {"a": "b"}}"#), ("a\n1", #"{"event": {"type": "x", "time": "t"}}"#),
            ("a\n1", #"{"consent_time": "t"}"#), ("consent_time,Consent Time\n1,1", "{}"),
            ("t,consent-time\n1,1", #"{"consent_time": "t"}"#),
        ] {
            let error = #expect(throws: IngestError.self) { try rows(csv, map) }
            #expect(error?.code == .mapMismatch)
        }
    }
}
