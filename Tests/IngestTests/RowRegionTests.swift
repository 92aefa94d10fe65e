import Core
import Testing

@testable import Ingest

#if Phones
    @Suite("A telephone number without a country")
    struct RowRegionTests {
        private static let rows = Array(
            """
            customer_id,country,phone
            1,Taiwan,0912-345-678
            2,DE,0171 3920012
            3,,0912-345-679
            4,JP,+886 912 345 670

            """.utf8)

        @Test("is read as the row's country dials it, and else as the tenant's")
        func rowCountry() throws {
            let fixture = try ImportFixture(region: "TW")
            #expect(try fixture.run(Self.rows).created == 4)
            for number in ["+886912345678", "+491713920012", "+886912345679", "+886912345670"] {
                #expect(try fixture.knows("phone:" + number), "\(number)")
            }
        }

        @Test("is rejected where neither row nor tenant names a country")
        func nowhere() throws {
            let fixture = try ImportFixture()
            let counts = try fixture.run(Self.rows)
            #expect(counts.created == 3 && counts.rejected == 1)
            #expect(fixture.rejections.first?["code"]?.string == "phone_needs_country")
        }

        @Test(
            "is read as the map file says, whatever country the row names",
            arguments: [#"{"region": "FR"}"#, #"{"columns": {"phone": {"field": "phone", "region": "FR"}}}"#])
        func map(text: String) throws {
            let fixture = try ImportFixture(region: "TW")
            let rows = Array("customer_id,country,phone\n1,TW,06 39 98 12 34\n".utf8)
            #expect(try fixture.run(rows, map: MapFile(parsing: Array(text.utf8))).created == 1)
            #expect(try fixture.knows("phone:+33639981234"))
        }
    }
#endif
