import Core
import Foundation
import Testing

@testable import Consent

@Suite("Purposes")
struct PurposesTests {
    private static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func defaults() throws -> Purposes {
        try Purposes(parsing: [UInt8](Data(contentsOf: Self.package.appending(path: "policies/purposes.json"))))
    }

    @Test("the default set has the four purposes of consent and the two of contract, in order")
    func defaultSet() throws {
        let purposes = try defaults()
        #expect(
            purposes.names == ["personalization", "marketing_email", "analytics", "profiling", "support", "service"])
        #expect(
            purposes.definitions.map(\.basis) == [.consent, .consent, .consent, .consent, .contract, .contract])
        #expect(purposes["marketing_email"]?.isDirectMarketing == true)
        #expect(purposes["analytics"]?.isDirectMarketing == false)
    }

    @Test("the default set names purposes that the Data Privacy Vocabulary has")
    func defaultIRIs() throws {
        let shared =
            ProcessInfo.processInfo.environment["PROFILEVAULT_SHARED"].map { URL(filePath: $0) }
            ?? Self.package.deletingLastPathComponent().appending(path: "shared")
        guard let data = try? Data(contentsOf: shared.appending(path: "vectors/dpv/dpv_core.json")) else {
            print("vectors/dpv: not found, skipped")
            return
        }
        let known = try #require(try JSON(parsing: [UInt8](data))["purposes_all"]?.array).compactMap {
            $0["iri"]?.string
        }
        for purpose in try defaults().definitions { #expect(known.contains(purpose.iri), "\(purpose.name)") }
    }

    @Test("an undefined purpose is nobody's")
    func undefined() throws {
        let purposes = try defaults()
        #expect(purposes["marketing"] == nil)
        #expect(purposes["*"] == nil)
        #expect(purposes["Analytics"] == nil)
    }

    private static let good = """
        {"name":"a","iri":"https://w3id.org/dpv#A","basis":"consent","title":"A","description":"a","retention_days":1}
        """

    @Test(
        "says where a file is wrong and what it expected",
        arguments: [
            (#"[]"#, "`purposes.json` must be an object"),
            (#"{}"#, "`purposes` is missing"),
            (#"{"purposes":[],"x":1}"#, "`x` is not a known key"),
            (#"{"purposes":[]}"#, "`purposes` must hold 1 to 200"),
            (#"{"purposes":[1]}"#, "`purposes[0]` must be an object"),
            (#"{"purposes":[G,{"name":"b"}]}"#, "`purposes[1].basis` is missing"),
            (#"{"purposes":[G,G]}"#, "`purposes[1].name` is taken by `purposes[0]`"),
            (#"{"purposes":[+basis:"Consent"]}"#, "`purposes[0].basis` must be one of `consent`, `contract`"),
            (#"{"purposes":[+basis:5]}"#, "`purposes[0].basis` must be a text"),
            (#"{"purposes":[+name:"A"]}"#, "`purposes[0].name` must be lower-case"),
            (#"{"purposes":[+name:"*"]}"#, "`purposes[0].name` must be lower-case"),
            (#"{"purposes":[+name:""]}"#, "`purposes[0].name` must have 1 to 64 bytes"),
            (#"{"purposes":[+iri:"dpv:A"]}"#, "`purposes[0].iri` must be an absolute IRI"),
            (#"{"purposes":[+retention_days:0]}"#, "`purposes[0].retention_days` must be a whole number"),
            (#"{"purposes":[+retention_days:1.5]}"#, "`purposes[0].retention_days` must be a whole number"),
            (#"{"purposes":[+title:"a\nb"]}"#, "`purposes[0].title` must not hold control characters"),
            (#"{"purposes":[+retention:5]}"#, "`purposes[0].retention` is not a known key"),
            (#"{"purposes":[+notice:{"id":"n"}]}"#, "`purposes[0].notice.version` is missing"),
            (#"{"purposes":[+notice:{"id":"n","version":"1","url":"x"}]}"#, "`purposes[0].notice.url` is not a known"),
            (#"{"purposes":[+direct_marketing:"yes"]}"#, "`purposes[0].direct_marketing` must be true or false"),
            (#"{"purposes":"#, "`purposes.json` is not JSON: line 1"),
        ])
    func namesThePlace(_ text: String, _ expected: String) throws {
        var text = text.replacing("G", with: Self.good)
        if let change = text.firstMatch(of: #/\+(\w+):(.*)\]\}$/#) {
            let key = String(change.1)
            let value = String(change.2)
            var object = try #require(try JSON(parsing: Self.good).object)
            object[key] = try JSON(parsing: value)
            let members = object.members.map { "\"\($0.key)\":\(Self.text(of: $0.value, of: key, $0.key, value))" }
            text = "{\"purposes\":[{\(members.joined(separator: ","))}]}"
        }
        let error = #expect(throws: ConsentError.self) { try Purposes(parsing: Array(text.utf8)) }
        #expect(error?.code == ConsentError.purposesMalformed)
        #expect(error?.message.hasPrefix(expected) == true, "\(error?.message ?? "")")
    }

    /// The value as JSON: the changed one as the test wrote it.
    private static func text(of value: JSON, of changed: String, _ key: String, _ written: String) -> String {
        if key == changed { return written }
        return value.string.map { "\"\($0)\"" } ?? value.number?.literal ?? "null"
    }

    @Test("a duration of consent belongs to purposes of consent")
    func consentDays() throws {
        let text = Self.good.replacing("\"consent\"", with: "\"contract\"").replacing(
            "}", with: #","consent_days":30}"#)
        let error = #expect(throws: ConsentError.self) { try Purposes(parsing: Array("{\"purposes\":[\(text)]}".utf8)) }
        #expect(error?.message.hasPrefix("`purposes[0].consent_days` has no meaning") == true)
    }
}
