import Synchronization
import TestSupport
import Testing

@testable import Ingest

@Suite("The list of rejected rows")
struct RejectsListTests {
    @Test("that cannot be written ends the import, after what was committed was told")
    func unwritable() throws {
        let fixture = try ImportFixture()
        let told = Mutex<ImportCounts?>(nil)
        let rows = Array("customer_id,email\n1,ada@example.org\n2,nonsense\n".utf8)
        let error = #expect(throws: IngestError.self) {
            _ = try Importer(vault: fixture.vault, gate: fixture.gate, caller: ImportFixture.engineer).run(
                source: "test", rejectsPath: fixture.directory.file("nowhere/rejects.jsonl"),
                open: { try MappedInput(ByteSource(rows)) },
                progress: { state in told.withLock { $0 = state.counts } })
        }
        #expect(error?.code == .rejectsNotWritten)
        let counts = told.withLock { $0 }
        #expect(counts?.created == 1)
        #expect(counts?.rejected == 1)
        #expect(try fixture.knows("customer_id:1"))
    }
}
