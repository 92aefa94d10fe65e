import Glibc
import Testing

@testable import Secrets

@Suite("Nonces")
struct NonceTests {
    @Test("are never the same within a record or across records, in a million cells")
    func unique() throws {
        let records = 125_000
        let perRecord = 8
        let total = records * perRecord
        let sealer = Sealer(try .random())
        let all = UnsafeMutableRawPointer.allocate(byteCount: total * 24, alignment: 8)
        defer { all.deallocate() }
        let length = Sealer.sealedLength(of: 0)
        var record: [UInt8] = []
        record.reserveCapacity(perRecord * length)
        let empty = UnsafeRawBufferPointer(start: nil, count: 0)
        for number in 0..<records {
            record.removeAll(keepingCapacity: true)
            var nonces = Nonces(count: perRecord)
            for _ in 0..<perRecord { sealer.seal(empty, binding: .sample, nonces: &nonces, into: &record) }
            record.withUnsafeBytes { bytes in
                for cell in 0..<perRecord {
                    (all + (number * perRecord + cell) * 24).copyMemory(
                        from: bytes.baseAddress! + cell * length, byteCount: 24)
                }
            }
        }
        // Sorting would take most of the time: nonces that begin alike meet in a table instead, which is half empty.
        let slots = 1 << 21
        let table = UnsafeMutablePointer<Int32>.allocate(capacity: slots)
        table.initialize(repeating: -1, count: slots)
        defer { table.deallocate() }
        var repeated = 0
        for index in 0..<total {
            let nonce = all + index * 24
            var slot = Int(truncatingIfNeeded: nonce.load(as: UInt64.self)) & (slots - 1)
            while table[slot] >= 0 {
                if memcmp(all + Int(table[slot]) * 24, nonce, 24) == 0 { repeated += 1 }
                slot = (slot + 1) & (slots - 1)
            }
            table[slot] = Int32(index)
        }
        #expect(repeated == 0)
    }

    @Test("are all drawn from the whole of their 24 bytes")
    func everyByteVaries() {
        var seen = [[Bool]](repeating: [Bool](repeating: false, count: 256), count: 24)
        for _ in 0..<4000 {
            var nonce = [UInt8](repeating: 0, count: 24)
            var nonces = Nonces(count: 1)
            nonce.withUnsafeMutableBufferPointer { nonces.take(into: $0.baseAddress!) }
            for (place, byte) in nonce.enumerated() { seen[place][Int(byte)] = true }
        }
        // 4000 draws miss a given value of a byte with probability 1.6e-7.
        #expect(seen.allSatisfy { place in place.count(where: { $0 }) >= 254 })
    }

    @Test("are not lent twice: sealing more cells than were drawn for stops the program")
    func exhausted() async {
        await #expect(processExitsWith: .failure) {
            var nonces = Nonces(count: 1)
            var output: [UInt8] = []
            let sealer = Sealer(try .random())
            sealer.seal("one", binding: .sample, nonces: &nonces, into: &output)
            sealer.seal("two", binding: .sample, nonces: &nonces, into: &output)
        }
    }
}
