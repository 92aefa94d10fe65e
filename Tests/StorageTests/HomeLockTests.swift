import Core
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Storage

@Suite("HomeLock")
struct HomeLockTests {
    @Test("keeps a second user out, names the first, and opens again after it")
    func exclusive() throws {
        let folder = try TemporaryDirectory()
        let path = folder.file("lock")
        do {
            let lock = try HomeLock(path: path)
            let error = #expect(throws: StorageError.self) { _ = try HomeLock(path: path) }
            #expect(error?.code == .storageHomeInUse)
            #expect(error?.message == "this vault is in use by process \(getpid())")
            #expect(error?.remedy != nil)
            _ = consume lock
        }
        _ = try HomeLock(path: path)
        #expect(try mode(path) == 0o600)
    }

    @Test("is waited for where there is patience, and taken as soon as the other lets go")
    func patience() throws {
        let folder = try TemporaryDirectory()
        let path = folder.file("lock")
        let other = Mutex<HomeLock?>(try HomeLock(path: path))
        var holders: [Int?] = []
        let lock = try HomeLock(path: path, patience: 60_000) { holder in
            holders.append(holder)
            other.withLock { $0 = nil }
        }
        #expect(holders == [Int(getpid())])
        _ = consume lock
    }

    @Test("finds another process on the home, and gets the lock when that is killed")
    func otherProcess() throws {
        let folder = try TemporaryDirectory()
        let path = folder.file("lock")
        let other = Process()
        other.executableURL = URL(filePath: "/usr/bin/flock")
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/flock") else {
            print("flock(1) not found, skipped")
            return
        }
        // It waits for the lock, should the loop below hold it for a moment, and then is `sleep` itself.
        other.arguments = ["--no-fork", path, "sleep", "60"]
        try other.run()
        #expect(isRefused(path, until: true))
        kill(other.processIdentifier, SIGKILL)
        other.waitUntilExit()
        #expect(isRefused(path, until: false) == false)
    }

    /// Tries the lock until it is refused, or until it is not, for ten seconds at most; says how it stood in the end.
    private func isRefused(_ path: String, until wanted: Bool) -> Bool {
        var refused = false
        for _ in 0..<1000 {
            do {
                _ = try HomeLock(path: path)
                refused = false
            } catch {
                refused = error.code == .storageHomeInUse
            }
            if refused == wanted { break }
            Thread.sleep(forTimeInterval: 0.01)
        }
        return refused
    }
}
