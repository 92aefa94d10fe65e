import Core
import Secrets
import Testing

@testable import Vault

@Suite("A record of the denial ledger")
struct DenialRecordTests {
    private static let order = ErasureOrder(
        request: UniqueID(high: 1, low: 2),
        subject: Subject(tenant: TenantID(3), number: 4, id: UniqueID(high: 5, low: 6)),
        received: Timestamp(milliseconds: 7), decision: UniqueID(high: 8, low: 9),
        principal: Principal(.operator, "dora"), reason: .objection,
        suppression: SuppressionSeal(
            [SuppressionEntry(field: 1, entry: 2, check: 3)], expires: Timestamp(milliseconds: 10)))
    private static let outcome = ErasureOutcome(
        request: UniqueID(high: 1, low: 2), profile: UniqueID(high: 5, low: 6), finished: Timestamp(milliseconds: 11),
        stores: [
            StoreReport("profile", .sealedByProfileKey, .erased, items: 1),
            StoreReport("audit_entry", .retained, .kept, items: nil),
        ])

    private static let denial = CredentialDenial(
        credential: .init(.recoveryCode, [UInt8](1...32)), time: Timestamp(milliseconds: 1_700_000_000_000),
        decision: UniqueID(high: 5, low: 6), principal: Principal(.operator, "ada"))
    private static let records: [DenialRecord] = [
        .erasure(order), .erased(outcome), .credential(denial),
        .credential(
            CredentialDenial(
                credential: .init(.passkey, [7]), time: Timestamp(milliseconds: 1), decision: UniqueID(high: 5, low: 6),
                principal: Principal(.service, "nightly"))),
    ]

    @Test("is read back as it was written", arguments: records.indices)
    func readBack(index: Int) {
        let record = Self.records[index]
        #expect(DenialRecord(record.encoded) == record)
        let places = [
            UniqueID(high: 5, low: 6), UniqueID(high: 5, low: 6),
            UniqueID(high: 0x0102_0304_0506_0708, low: 0x090A_0B0C_0D0E_0F10), UniqueID(high: 7 << 56, low: 0),
        ]
        #expect(record.profile == places[index])
    }

    @Test("that is cut, longer or of another format is none", arguments: records.indices)
    func malformed(index: Int) {
        let bytes = Self.records[index].encoded
        for length in 0..<bytes.count { #expect(DenialRecord(Array(bytes.prefix(length))) == nil) }
        #expect(DenialRecord(bytes + [0]) == nil)
        #expect(DenialRecord([2] + bytes.dropFirst()) == nil)
        #expect(DenialRecord([1, 4] + bytes.dropFirst(2)) == nil)
    }

    @Test("has the bytes that DESIGN.md describes")
    func bytes() {
        func numbers(_ high: UInt8, _ low: UInt8) -> [UInt8] {
            [0, 0, 0, 0, 0, 0, 0, high, 0, 0, 0, 0, 0, 0, 0, low]
        }
        let digest = SuppressionSeal([SuppressionEntry(field: 1, entry: 2, check: 3)], expires: nil).digest
        let time: [UInt8] = [0, 0, 0, 0, 0, 0, 0]
        let head = [1, 1] + numbers(1, 2) + numbers(5, 6) + time + [7]
        let subject: [UInt8] = [0, 0, 0, 3] + time + [4]
        let actor: [UInt8] = numbers(8, 9) + [1, 0, 0, 0, 4] + Array("dora".utf8)
        let suppression: [UInt8] = [3, 0, 1] + time + [10] + digest
        #expect(DenialRecord.erasure(Self.order).encoded == head + subject + actor + suppression)
    }

    @Test("seals the entries it suppresses in whatever order they come, and no others")
    func seal() {
        let entries = [
            SuppressionEntry(field: 1, entry: 2, check: 3), SuppressionEntry(field: 1, entry: -2, check: 3),
            SuppressionEntry(field: 2, entry: 2, check: 4),
        ]
        let seal = SuppressionSeal(entries, expires: nil)
        #expect(seal.seals(entries.reversed()))
        #expect(!seal.seals(entries.dropLast()))
        #expect(!seal.seals(entries + [SuppressionEntry(field: 3, entry: 2, check: 3)]))
        #expect(!seal.seals(entries.dropLast() + [SuppressionEntry(field: 2, entry: 2, check: 5)]))
        #expect(!seal.hasEnded(at: Timestamp(milliseconds: .max)))
    }

    @Test("names its reason by a word of a closed list")
    func reasons() {
        for reason in ErasureReason.allCases { #expect(ErasureReason(reason.description) == reason) }
        #expect(ErasureReason("she asked") == nil)
    }
}
