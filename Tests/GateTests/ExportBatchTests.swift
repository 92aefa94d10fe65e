import Activation
import Audit
import Consent
import Core
import Foundation
import Gate
import Ingest
import Testing
import Vault

@Suite("An export of many")
struct ExportBatchTests {
    private static let count = Export.batchSize * 2 + 100

    private let fixture: VaultFixture
    private let people: [Subject]

    init() throws {
        fixture = try VaultFixture()
        people = try fixture.addMany(Self.count)
        #expect(people.count == Self.count)
    }

    /// Does something when the first row of a batch is written.
    private func atBatch(_ number: Int, _ body: @escaping () throws -> Void) -> (MemoryDestination.Step) throws -> Void
    {
        // Writing 0 is the header.
        { step in if step == .writing(1 + number * Export.batchSize) { try body() } }
    }

    private func withdraw(_ place: Int) throws {
        try fixture.record(.record(.withdrawn, fixture.purpose("marketing_email")), of: people[place])
    }

    @Test("has nobody in it who withdrew before their batch was begun, even where nothing is taken back")
    func laterBatches() throws {
        let late = [Export.batchSize, Self.count - 1]
        let destination = MemoryDestination(
            .stream, meanwhile: atBatch(0) { for place in late { try withdraw(place) } })
        let outcome = try fixture.export(for: "marketing_email", to: destination)
        #expect(outcome.people == Self.count - 2 && outcome.withheld == [.consentWithdrawn: 2])
        let rows = destination.rows
        #expect(rows.count == Self.count - 2)
        for place in late { #expect(rows[people[place].id.description] == nil) }
    }

    @Test("takes out again who withdrew after their batch, wherever they stand, and leaves the others as they are")
    func takenOut() throws {
        let gone = [0, 1, 2, 511, 512, 700, 1023]
        let destination = MemoryDestination(meanwhile: atBatch(2) { for place in gone { try withdraw(place) } })
        let outcome = try fixture.export(for: "marketing_email", to: destination)
        #expect(outcome.people == Self.count - gone.count && outcome.takenOut == gone.count)
        let expected = people.indices.filter { !gone.contains($0) }.map { place in
            "\(people[place].id),p\(place)@example.org,Name \(place)\r\n"
        }
        #expect(destination.text == "profile,email,first_name\r\n" + expected.joined())
        let release = try fixture.vault.audit.released(by: outcome.decision)
        #expect(release.people == people.indices.filter { !gone.contains($0) }.map { people[$0].id })
    }

    @Test("as a stream has the people of each batch in the log before the batch leaves")
    func streamed() throws {
        let (fixture, people) = (fixture, people)
        var seen = 0
        let destination = MemoryDestination(.stream) { step in
            guard case .writing(let number) = step, number > 0, (number - 1) % Export.batchSize == 0 else { return }
            var filter = AuditFilter()
            filter.action = "export"
            let newest = try #require(try fixture.vault.audit.show(filter, limit: 1).first)
            let release = try fixture.vault.audit.released(by: try #require(newest.decision))
            #expect(release.outcome == nil)
            #expect(release.people == people.prefix(number - 1 + Export.batchSize).map(\.id))
            seen += 1
        }
        let outcome = try fixture.export(for: "marketing_email", to: destination)
        #expect(seen == 3)
        let release = try fixture.vault.audit.released(by: outcome.decision)
        #expect(release.people == people.map(\.id) && release.outcome == .done)
    }

    private struct Broken: Error {}

    @Test("as a stream that breaks is listed up to the batch that may have left")
    func brokenStream() throws {
        let destination = MemoryDestination(.stream, meanwhile: atBatch(1) { throw Broken() })
        #expect(throws: Broken.self) { _ = try fixture.export(for: "marketing_email", to: destination) }
        var filter = AuditFilter()
        filter.action = "export"
        let entry = try #require(try fixture.vault.audit.show(filter, limit: 1).first)
        #expect(entry.outcome == .failed)
        let release = try fixture.vault.audit.released(by: try #require(entry.decision))
        #expect(release.people == people.prefix(2 * Export.batchSize).map(\.id) && release.outcome == .failed)
    }
}

@Suite("What was exported")
struct ExportRoundTripTests {
    /// Names that a spreadsheet, a reader of CSV or one of JSON could take for something else.
    private static let names = [
        "=HYPERLINK(\"http://example.org\")", "+1", "-1+1", "@SUM(A1:A2)", "'=1", "''+1", "'s Gravenhage", "O'Hara",
        "Lovelace, \"Ada\"", "a\\b", "王小明", "＝1", "true", "12.50",
    ]

    private func filled() throws -> VaultFixture {
        let fixture = try VaultFixture()
        for (number, name) in Self.names.enumerated() {
            try fixture.add(
                ["customer_id": "c\(number)", "email": "p\(number)@example.org", "first_name": name],
                granting: ["marketing_email"])
        }
        return fixture
    }

    @Test("is the same when it is imported again, here and into another vault", arguments: ExportFormat.allCases)
    func roundTrip(_ format: ExportFormat) throws {
        let here = try filled()
        let destination = MemoryDestination()
        _ = try here.export(for: "marketing_email", as: format, to: destination)
        let again = try here.importing(destination.bytes)
        #expect(again.unchanged == Self.names.count && again.read == Self.names.count, "\(again)")
        let there = try VaultFixture()
        #expect(try there.importing(destination.bytes).created == Self.names.count)
        for (number, name) in Self.names.enumerated() {
            let read = try there.read(
                .identifier(field: "email", value: "p\(number)@example.org"), for: "support", by: VaultFixture.agent,
                fields: ["first_name"])
            #expect(read.values == ["first_name": name])
        }
    }
}
