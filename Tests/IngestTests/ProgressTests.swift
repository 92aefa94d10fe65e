import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Ingest

@Suite("The progress of an import")
struct ProgressTests {
    @Test("tells how far in the file the rows lie that are written, not those that were read ahead")
    func written() throws {
        let fixture = try ImportFixture()
        let path = fixture.directory.file("rows.csv")
        var text = "customer_id,city\n"
        var ends: [Int] = []
        for number in 1...4100 {
            text += "\(number),City \(number)\n"
            ends.append(text.utf8.count)
        }
        try Data(text.utf8).write(to: URL(filePath: path))
        let told = Mutex<[Importer.Progress]>([])
        _ = try Importer(vault: fixture.vault, gate: fixture.gate, caller: ImportFixture.engineer).run(
            source: "test", rejectsPath: fixture.directory.file("rejects.jsonl"),
            open: { try MappedInput(ByteSource(path: path)) },
            progress: { state in told.withLock { $0.append(state) } })
        let states = told.withLock { $0 }
        #expect(states.map(\.counts.read) == [4000, 4100])
        #expect(states.map(\.bytesWritten) == [ends[3999], text.utf8.count])
        #expect(states.allSatisfy { $0.bytesTotal == text.utf8.count })
    }

    @Test("says how many rows are not UTF-8, and so may be of a file in another encoding")
    func notUTF8() throws {
        let fixture = try ImportFixture()
        let bytes =
            Array("customer_id,city\n1,Rome\n2,Z".utf8) + [0xFC] + Array("rich\n3,K".utf8) + [
                0xF6, 0x6C, 0x6E,
            ]
        let outcome = try Importer(
            vault: fixture.vault, gate: fixture.gate, caller: ImportFixture.engineer
        ).run(
            source: "test", rejectsPath: fixture.directory.file("rejects.jsonl"),
            open: { try MappedInput(ByteSource(bytes)) })
        #expect(outcome.notUTF8 == 2 && outcome.counts.rejected == 2 && outcome.counts.created == 1)
    }
}
