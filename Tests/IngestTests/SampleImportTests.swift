import Consent
import Core
import Foundation
import Samples
import Testing
import Vault

@testable import Ingest

@Suite("An import of a sample")
struct SampleImportTests {
    private struct Sample {
        var rows: [SampleRow] = []
        var bytes: [UInt8] = []
        var events: [UInt8] = []
        var consents: [UInt8] = []

        init(profiles: Int, seed: UInt64, _ format: SampleFormat) {
            format.writeHeader(Column.names, into: &bytes)
            format.writeHeader(SampleEvent.columns, into: &events)
            format.writeHeader(SampleConsent.columns, into: &consents)
            for row in SampleRows(profiles: profiles, seed: seed) {
                rows.append(row)
                format.write(row.values, of: Column.names, into: &bytes)
                for event in row.events { format.write(event.values, of: SampleEvent.columns, into: &events) }
                for consent in row.consents {
                    format.write(consent.values, of: SampleConsent.columns, into: &consents)
                }
            }
        }
    }

    @Test("reads the values back as they were written, in both formats", arguments: SampleFormat.allCases)
    func values(format: SampleFormat) throws {
        let sample = Sample(profiles: 2000, seed: 1, format)
        var reader: any RecordReader =
            switch format {
            case .csv: try CSVReader(ByteSource(sample.bytes))
            case .jsonLines: JSONLinesReader(try ByteSource(sample.bytes))
            }
        for row in sample.rows {
            guard case .record(let record) = try reader.next() else {
                Issue.record("a row could not be read")
                return
            }
            for (place, name) in reader.columns.enumerated() {
                let column = try #require(Column.names.firstIndex(of: name))
                #expect(Array(record[place]) == Array(row.values[column].utf8))
            }
        }
        #expect(try reader.next() == nil)
    }

    #if Phones
        @Test("takes every row but the unreadable ones, and knows people again", arguments: SampleFormat.allCases)
        func outcome(format: SampleFormat) throws {
            let sample = Sample(profiles: 3000, seed: 11, format)
            let fixture = try ImportFixture()
            let counts = try fixture.run(sample.bytes)
            #expect(counts.read == sample.rows.count && counts.balances)

            let unreadable = sample.rows.filter { $0.dirt?.isUnreadable == true }
            #expect(counts.rejected == unreadable.count)
            let columns = Set(fixture.rejections.map { $0["column"]?.string ?? "" })
            #expect(columns.isSubset(of: ["birth_date", "email", "phone"]))

            let people = Set(sample.rows.filter { $0.dirt?.isUnreadable != true }.map(\.person)).count
            #expect(abs(counts.created - people) <= people / 200, "\(counts.created) profiles of \(people) people")
            #expect(counts.updated > 0 && counts.merged > 0 && counts.unchanged > 0)
        }

        @Test("leaves everybody where their newest answers do, whether customers or consents come first")
        func consents() throws {
            let sample = Sample(profiles: 400, seed: 3, .csv)
            let fixtures = [try ImportFixture(), try ImportFixture()]
            for (fixture, files) in zip(
                fixtures, [[sample.bytes, sample.consents], [sample.consents, sample.bytes]])
            {
                for file in files { #expect(try fixture.run(file).balances) }
                let again = try fixture.run(sample.consents)
                #expect(again.unchanged == again.read && again.read > 400)
            }
            var seen: Set<String> = []
            for row in sample.rows where !row.isDuplicate {
                let newest = try #require(row.consents.last).values
                let subject = newest[0].isEmpty ? "email:" + newest[1] : "customer_id:" + newest[0]
                for (place, purpose) in ConsentAnswer.purposes.enumerated() {
                    let standings = try fixtures.map { try $0.standing(subject, purpose.name) }
                    #expect(standings[0] == standings[1], "\(purpose.name): \(row.consents.map(\.values))")
                    #expect(standings[0].holds == (newest[3 + place] == "yes"))
                    seen.insert("\(standings[0])")
                }
            }
            #expect(seen.count == 3)
        }
    #endif

    @Test("understands the events with the map file that comes with it", arguments: SampleFormat.allCases)
    func events(format: SampleFormat) throws {
        let map = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/examples/sample-events.map.json")
        let sample = Sample(profiles: 300, seed: 1, format)
        var input = try MappedInput(
            ByteSource(sample.events), map: MapFile(parsing: Array(Data(contentsOf: map))))
        var identities: Set<[UInt8]> = []
        for event in sample.rows.flatMap(\.events) {
            let row = try #require(try input.next()).get()
            #expect(row.fields.count == 1 && ["customer_id", "email"].contains(row.fields[0].name))
            let mapped = try #require(row.event)
            #expect(mapped.type == event.values[3] && mapped.time?.description == event.values[4])
            #expect(mapped.properties["price"]?.double != nil)
            identities.insert(try #require(mapped.identity))
        }
        #expect(try input.next() == nil)
        #expect(identities.count == sample.rows.reduce(0) { $0 + $1.events.count })
    }
}
