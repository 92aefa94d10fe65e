import CFaults
import Foundation
import Glibc
import TestSupport
import Testing

@Suite("A watched disk")
struct WatchedDiskTests {
    private let directory: TemporaryDirectory
    private let root: String
    private let disk: WatchedDisk

    init() throws {
        directory = try TemporaryDirectory()
        root = URL(filePath: directory.path).resolvingSymlinksInPath().path(percentEncoded: false)
        disk = WatchedDisk(root, holding: DiskImage(), seed: 7)
    }

    /// Writes and forces to disk what is asked for; the error number of the first call that fails.
    private func write(_ name: String, _ text: String, synchronising: Bool, folder: Bool) -> Int32 {
        let file = open(root + "/" + name, O_WRONLY | O_CREAT, 0o600)
        guard file >= 0 else { return errno }
        defer { close(file) }
        let bytes = Array(text.utf8)
        guard pwrite(file, bytes, bytes.count, 0) == bytes.count else { return errno }
        if synchronising, fsync(file) != 0 { return errno }
        guard folder else { return 0 }
        let parent = open(root, O_RDONLY | O_DIRECTORY)
        defer { close(parent) }
        return fsync(parent) == 0 ? 0 : errno
    }

    private func remains() -> Set<String> {
        Set((0..<200).map { _ in disk.cut().files["file"].map { String(decoding: $0, as: UTF8.self) } ?? "none" })
    }

    @Test("keeps what was forced to it, content and name")
    func lasting() {
        defer { disk.end() }
        #expect(write("file", "content", synchronising: true, folder: true) == 0)
        #expect(remains() == ["content"])
    }

    @Test("may lose a name whose folder was not forced to it")
    func names() {
        defer { disk.end() }
        #expect(write("file", "content", synchronising: true, folder: false) == 0)
        #expect(remains() == ["content", "none"])
    }

    @Test("may lose content that was not forced to it")
    func content() {
        defer { disk.end() }
        #expect(write("file", "content", synchronising: false, folder: true) == 0)
        #expect(remains() == ["content", ""])
    }

    @Test("may keep the old file or the new one when it was replaced, and loses a part of neither")
    func replaced() {
        defer { disk.end() }
        #expect(write("file", "old", synchronising: true, folder: true) == 0)
        #expect(write("other", "new", synchronising: true, folder: false) == 0)
        #expect(rename(root + "/other", root + "/file") == 0)
        #expect(remains() == ["old", "new"])
    }

    @Test("fails one change, or from one on, with the error of the fault", arguments: Fault.allCases)
    func failing(fault: Fault) {
        defer { disk.end() }
        disk.arm(fault, at: 2)
        #expect(write("file", "content", synchronising: true, folder: false) == fault.error)
        #expect(disk.hasFired && disk.victim == "write file")
        let later = write("later", "content", synchronising: true, folder: false)
        #expect(later == (fault == .refused ? 0 : fault.error))
    }

    @Test("is no matter of other folders")
    func elsewhere() throws {
        defer { disk.end() }
        let other = try TemporaryDirectory()
        disk.arm(.killed, at: 1)
        #expect(FileManager.default.createFile(atPath: other.file("file"), contents: Data("content".utf8)))
        #expect(disk.count == 0)
    }
}
