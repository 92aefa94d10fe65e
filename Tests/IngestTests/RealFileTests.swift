import Core
import Foundation
import TestSupport
import Testing

@testable import Ingest
@testable import Vault

@Suite("Real files")
struct RealFileTests {
    /// The package's own folder.
    private static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func source(_ data: String, encoding: TextEncoding? = nil) throws -> ByteSource? {
        try SharedFile.path(data).map { try ByteSource(path: $0, encoding: encoding) }
    }

    private func input(_ data: String, _ map: String) throws -> MappedInput? {
        let bytes = try Data(contentsOf: Self.package.appending(path: "docs/examples/\(map)"))
        let map = try MapFile(parsing: [UInt8](bytes))
        return try source(data, encoding: map.encoding).map { try MappedInput($0, map: map) }
    }

    @Test("of a telephone company: each of 7,043 customers has a report of their contract")
    func telco() throws {
        guard var input = try input("data/telco/Telco-Customer-Churn.csv", "telco.map.json") else { return }
        var rows = 0
        var withoutTotal = 0
        while let row = try input.next() {
            let row = try row.get()
            rows += 1
            #expect(row.fields.map(\.name) == ["customer_id", "gender"])
            let properties = try #require(row.event?.properties)
            if properties["total_charges"] == nil { withoutTotal += 1 }
            #expect(properties["churned"]?.bool != nil && properties["monthly_charges"]?.double != nil)
        }
        #expect(rows == 7043)
        #expect(withoutTotal == 11)
    }

    #if Compression
        @Test("of a web shop: 320,705 order lines, 88,652 of them nobody's")
        func retailRows() throws {
            guard let source = try source("data/retail/online_retail_2010-12_to_2011-08.csv.gz") else { return }
            var reader = try CSVReader(source)
            let column = try #require(reader.columns.firstIndex(of: "CustomerID"))
            var customers: Set<[UInt8]> = []
            var counts = (rows: 0, missing: 0)
            while let row = try reader.next() {
                guard case .record(let record) = row else { continue }
                counts.rows += 1
                if record[column].isEmpty { counts.missing += 1 } else { customers.insert(Array(record[column])) }
            }
            #expect(counts == (320_705, 88_652))
            #expect(customers.count == 3360)
        }

        @Test("of a web shop: every line of a customer is an event of its own")
        func retailEvents() throws {
            guard
                var input = try input("data/retail/online_retail_2010-12_to_2011-08.csv.gz", "retail.map.json")
            else { return }
            var identities: Set<[UInt8]> = []
            var countries: Set<String> = []
            var counts = (rows: 0, refunds: 0, missing: 0)
            let whole = SeededGenerator.rounds(quick: 0, soak: 1) == 1
            while whole || counts.rows < 20_000, let row = try input.next() {
                switch row {
                case .failure(let rejection):
                    #expect(rejection.code == .valueMissing && rejection.column == "CustomerID")
                    counts.missing += 1
                case .success(let row):
                    counts.rows += 1
                    let event = try #require(row.event)
                    if event.type == "Order Refunded" { counts.refunds += 1 }
                    #expect(row.fields.first?.raw.contains(UInt8(ascii: ".")) == false)
                    if let field = row.fields.last, field.name == "country",
                        let code = try StandardForm.country.standardise(field.raw)
                    {
                        countries.insert(code)
                    }
                    if let identity = event.identity { identities.insert(identity) }
                }
            }
            #expect(identities.count == counts.rows)
            #expect(countries.isSuperset(of: ["GB", "IE", "DE", "FR"]))
            if whole { #expect(counts == (320_705 - 88_652, 5565, 88_652)) }
        }
    #endif
}
