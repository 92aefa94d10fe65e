import Core
import Testing

@testable import Ingest

@Suite("A file that is imported again")
struct RepeatedImportTests {
    private let fixture: ImportFixture

    init() throws { fixture = try ImportFixture() }

    private func run(_ text: String) throws -> ImportCounts {
        let counts = try fixture.run(Array(text.utf8))
        #expect(counts.balances)
        return counts
    }

    @Test("changes nobody where rows of one person differ and the last one holds already")
    func differingRows() throws {
        let file = "customer_id,city\n1,Rome\n1,Oslo\n"
        let first = try run(file)
        #expect(first.created == 1 && first.updated == 1)
        let before = try fixture.stored("customer_id:1")
        #expect(before.city == "Oslo")
        let second = try run(file)
        #expect(second.unchanged == 2 && second.updated == 0)
        #expect(try fixture.stored("customer_id:1") == before)
    }

    @Test("changes nobody where rows of one person differ in the identifier, either")
    func differingIdentifiers() throws {
        let file = "customer_id,email\n1,old@example.org\n1,new@example.org\n"
        _ = try run(file)
        let before = try fixture.stored("customer_id:1")
        let second = try run(file + "2,other@example.org\n")
        #expect(second.unchanged == 2 && second.created == 1)
        #expect(try fixture.stored("customer_id:1") == before)
        #expect(try fixture.knows("email:new@example.org"))
        #expect(try !fixture.knows("email:old@example.org"))
    }

    @Test("counts only the row that prevailed as an update of a known person")
    func prevailing() throws {
        _ = try run("customer_id,city,country\n1,Rome,IT\n")
        let counts = try run("customer_id,city,country\n1,Oslo,\n1,Bonn,\n1,,DE\n")
        #expect(counts.unchanged == 1 && counts.updated == 2)
        #expect(try fixture.stored("customer_id:1") == (2, "Bonn"))
    }

    @Test("takes a genuine change back")
    func changeBack() throws {
        for city in ["Rome", "Oslo", "Rome"] { _ = try run("customer_id,city\n1,\(city)\n") }
        #expect(try fixture.stored("customer_id:1") == (3, "Rome"))
    }

    @Test("has the same numbers in the log as in its result, also where only consents changed")
    func logged() throws {
        _ = try run("customer_id,city\n1,Rome\n2,Oslo\n")
        let counts = try run(
            "customer_id,city,consent_marketing_email\n1,,yes\n2,Bonn,\n3,Lyon,\n1,Rome,\n,Nowhere,\n")
        #expect(counts.updated == 2 && counts.created == 1 && counts.rejected == 1 && counts.unchanged == 1)
        let entry = try #require(try fixture.logged().last)
        #expect(entry["source"]?.string == "test")
        for (name, count) in counts.json.members.map({ ($0.key, $0.value) }) {
            #expect(entry[name] == count, "\(name)")
        }
    }
}
