import Core
import Testing
import TestSupport

@testable import Secrets

@Suite("Cells")
struct CellTests {
    /// One part of a binding, and that part changed.
    struct Move: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let binding: CellBinding
    }

    static let moves: [Move] = {
        let home = CellBinding.sample
        func moved(
            _ part: String, tenant: UInt32 = 3, profile: ProfileID? = nil, kind: CellBinding.Kind? = nil,
            record: UniqueID? = nil, field: UInt32 = 9, revision: UInt64 = 10, keyID: UInt32 = 11, schema: UInt32 = 12
        ) -> Move {
            Move(
                testDescription: part,
                binding: CellBinding(
                    tenant: TenantID(tenant), profile: profile ?? home.profile, kind: kind ?? home.kind,
                    record: record ?? home.record, field: field, revision: revision, keyID: keyID,
                    schemaVersion: schema))
        }
        return [
            moved("another tenant", tenant: 4),
            moved("another person", profile: ProfileID(high: 5, low: 7)),
            moved("a person whose id differs in its first half", profile: ProfileID(high: 4, low: 6)),
            moved("another kind of record: profile", kind: .profile),
            moved("another kind of record: consent evidence", kind: .consentEvidence),
            moved("another kind of record: decision", kind: .decision),
            moved("another record", record: UniqueID(high: 7, low: 9)),
            moved("a record whose id differs in its first half", record: UniqueID(high: 6, low: 8)),
            moved("person and record exchanged", profile: home.record, record: home.profile),
            moved("another field", field: 8),
            moved("an older revision", revision: 9),
            moved("a revision that differs in its first byte", revision: 10 | 1 << 56),
            moved("another key id", keyID: 12),
            moved("another schema version", schema: 13),
            moved("key id and schema version exchanged", keyID: 12, schema: 11),
        ]
    }()

    @Test("do not open anywhere but where they were sealed", arguments: moves)
    func boundToTheirPlace(_ move: Move) throws {
        let key = try ProfileKey.random()
        let cell = Sealer(key).seal(Array("jane@example.com".utf8), binding: .sample)
        #expect(try Opener(key).open(cell[...], binding: .sample).text == "jane@example.com")
        let error = #expect(throws: SecretsError.self) { try Opener(key).open(cell[...], binding: move.binding) }
        #expect(error?.code == SecretsError.authenticationFailed)
        let lent = #expect(throws: SecretsError.self) {
            try Opener(key).withOpened(cell[...], binding: move.binding) { _ in }
        }
        #expect(lent?.code == SecretsError.authenticationFailed)
    }

    @Test("are bound to exactly the 58 bytes that the format names")
    func bindingBytes() {
        let bytes = CellBinding.sample.withEncoded { Array($0) }
        var expected = ByteWriter()
        expected.write(UInt8(1))
        expected.write(UInt32(3))
        expected.write(UInt64(5))
        expected.write(UInt64(6))
        expected.write(UInt8(2))
        expected.write(UInt64(7))
        expected.write(UInt64(8))
        expected.write(UInt32(9))
        expected.write(UInt64(10))
        expected.write(UInt32(11))
        expected.write(UInt32(12))
        #expect(bytes == expected.bytes)
        #expect(bytes.count == CellBinding.length)
    }

    @Test("do not open under another person's key")
    func anotherKey() throws {
        let cell = Sealer(try .random()).seal([1, 2, 3], binding: .sample)
        #expect(throws: SecretsError.self) { try Opener(.random()).open(cell[...], binding: .sample) }
    }

    @Test("close when any one bit is flipped")
    func everyBit() throws {
        let key = try ProfileKey.random()
        let opener = Opener(key)
        let cell = Sealer(key).seal(Array("0123456789".utf8), binding: .sample)
        for bit in 0..<(cell.count * 8) {
            var changed = cell
            changed[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: SecretsError.self, "bit \(bit)") { try opener.open(changed[...], binding: .sample) }
        }
    }

    @Test("close at every cut and at every added byte")
    func everyCut() throws {
        let key = try ProfileKey.random()
        let cell = Sealer(key).seal(Array("0123456789".utf8), binding: .sample)
        for count in 0..<cell.count {
            let error = #expect(throws: SecretsError.self) {
                try Opener(key).open(cell[..<count], binding: .sample)
            }
            #expect(error?.code == SecretsError.authenticationFailed)
            #expect(throws: SecretsError.self) {
                try Opener(key).withOpened(cell[..<count], binding: .sample) { _ in }
            }
        }
        #expect(throws: SecretsError.self) { try Opener(key).open((cell + [0])[...], binding: .sample) }
    }

    @Test("give back every length, and show it only in steps of 32")
    func padding() throws {
        let key = try ProfileKey.random()
        var generator = SeededGenerator.announced("cells: every length")
        for count in 0...300 {
            var value = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            // The padding's own bytes at the end of a value must come back too.
            if count > 1, count.isMultiple(of: 3) { value[count - 1] = 0 }
            if count > 1, count.isMultiple(of: 5) { value[count - 1] = 0x80 }
            let cell = Sealer(key).seal(value, binding: .sample)
            #expect(cell.count == AEAD.overhead + (count / 32 + 1) * 32)
            #expect(cell.count == Sealer.sealedLength(of: count))
            #expect(try Opener(key).open(cell[...], binding: .sample).array == value)
            let lent = try Opener(key).withOpened(cell[...], binding: .sample) { Array($0) }
            #expect(lent == value)
        }
    }

    @Test("follow one another in one array and open from their slices")
    func recordOfCells() throws {
        let key = try ProfileKey.random()
        var nonces = Nonces(count: 3)
        var record: [UInt8] = [0xFF]
        var ends: [Int] = []
        for (index, text) in ["", "Jane", String(repeating: "x", count: 64)].enumerated() {
            var binding = CellBinding.sample
            binding.field = UInt32(index)
            Sealer(key).seal(text, binding: binding, nonces: &nonces, into: &record)
            ends.append(record.count)
        }
        #expect(record[0] == 0xFF)
        #expect(ends == [1 + 72, 1 + 144, 1 + 280])
        var binding = CellBinding.sample
        binding.field = 1
        #expect(try Opener(key).open(record[ends[0]..<ends[1]], binding: binding).text == "Jane")
    }

    @Test("are refused when their padding is not one, though their key sealed them")
    func hostilePadding() throws {
        let key = try ProfileKey.random()
        for body in [[UInt8](repeating: 0, count: 32), [UInt8](repeating: 7, count: 32)] {
            var cell: [UInt8] = []
            body.withUnsafeBytes { body in
                CellBinding.sample.withEncoded { AEAD.seal(body, key: key.secret, binding: $0, into: &cell) }
            }
            let error = #expect(throws: SecretsError.self) { try Opener(key).open(cell[...], binding: .sample) }
            #expect(error?.code == SecretsError.malformed)
        }
    }

    @Test("do not hold the value they seal")
    func ciphertext() throws {
        let canary = Array("canary-7f3a-canary-7f3a".utf8)
        let cell = Sealer(try .random()).seal(canary, binding: .sample)
        #expect(!cell.indices.contains { cell[$0...].starts(with: canary.prefix(4)) })
    }
}
