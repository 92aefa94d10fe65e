import Consent
import Core
import Testing

@testable import Ingest

@Suite("An import row that fits several people")
struct AmbiguousRowTests {
    private let fixture: ImportFixture

    init() throws {
        fixture = try ImportFixture()
        let family = """
            customer_id,email,city,consent_marketing_email
            900,shared@example.org,Rome,yes
            901,shared@example.org,Oslo,yes

            """
        #expect(try run(family).created == 2)
    }

    @discardableResult
    private func run(_ text: String) throws -> ImportCounts {
        let counts = try fixture.run(Array(text.utf8))
        #expect(counts.balances)
        return counts
    }

    private var codes: [String?] { fixture.rejections.map { $0["code"]?.string } }

    @Test("is rejected, and its values and its yes are nobody's")
    func values() throws {
        let counts = try run("email,city,consent_personalization\nshared@example.org,Bonn,yes\n")
        #expect(counts.rejected == 1 && counts.updated == 0 && counts.created == 0)
        #expect(codes == ["identifier_ambiguous"])
        #expect(fixture.rejections.first?["line"]?.integer == 2)
        for (subject, city) in [("customer_id:900", "Rome"), ("customer_id:901", "Oslo")] {
            #expect(try fixture.stored(subject) == (1, city))
            #expect(try fixture.answer(subject, "personalization") == nil)
        }
    }

    @Test("closes the purposes it says no to for all of them")
    func refusals() throws {
        let counts = try run(
            "email,consent_marketing_email,consent_analytics,consent_personalization\nshared@example.org,no,no,yes\n")
        #expect(counts.read == 1 && counts.rejected == 1 && codes == ["identifier_ambiguous"])
        for subject in ["customer_id:900", "customer_id:901"] {
            #expect(try fixture.answer(subject, "marketing_email") == .withdrawn)
            #expect(try fixture.answer(subject, "analytics") == .refused)
            #expect(try fixture.answer(subject, "personalization") == nil)
        }
    }

    @Test("closes them also for people whom a row before in the same file brought")
    func sameFile() throws {
        let counts = try run(
            """
            customer_id,email,consent_marketing_email
            910,pair@example.org,yes
            911,pair@example.org,
            ,pair@example.org,no
            ,pair@example.org,yes

            """)
        #expect(counts.created == 2 && counts.rejected == 2)
        #expect(fixture.rejections.map { $0["line"]?.integer } == [4, 5])
        #expect(try fixture.answer("customer_id:910", "marketing_email") == .withdrawn)
        #expect(try fixture.answer("customer_id:911", "marketing_email") == .refused)
    }

    @Test("is told apart by another identifier, of higher rank or of lower")
    func toldApart() throws {
        try run("customer_id,phone\n901,+886912345678\n")
        let counts = try run(
            """
            customer_id,email,phone,city
            900,shared@example.org,,Bonn
            ,shared@example.org,+886912345678,Lyon

            """)
        #expect(counts.updated == 2 && counts.rejected == 0)
        #expect(try fixture.stored("customer_id:900").city == "Bonn")
        #expect(try fixture.stored("customer_id:901").city == "Lyon")
    }

    @Test("with a customer number of its own is a third person")
    func third() throws {
        #expect(try run("customer_id,email,city\n902,shared@example.org,Bonn\n").created == 1)
        #expect(try fixture.stored("customer_id:902").city == "Bonn")
    }

    @Test("lists its rejection in the order of the lines")
    func order() throws {
        let counts = try run("email,city\nbroken@@example.org,\nshared@example.org,Bonn\nbad@@example.org,\n")
        #expect(counts.rejected == 3)
        #expect(fixture.rejections.map { $0["line"]?.integer } == [2, 3, 4])
        #expect(codes == ["email_malformed", "identifier_ambiguous", "email_malformed"])
    }
}
