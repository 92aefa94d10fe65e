import Core
import Foundation
import TestSupport
import Testing

@testable import Storage

@Suite("FileSystem")
struct FileSystemTests {
    @Test("writes a file whole, for its owner alone, and leaves nothing beside it")
    func atomicWrite() throws {
        let folder = try TemporaryDirectory()
        let path = folder.file("vault.json")
        let old = umask(0)
        defer { umask(old) }
        try FileSystem.local.atomicWrite([1, 2, 3], to: path)
        try FileSystem.local.atomicWrite([4, 5], to: path)
        #expect(try FileSystem.local.readFile(path) == [4, 5])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["vault.json"])
        #expect(try mode(path) == 0o600)
    }

    @Test("keeps the old content whole when any step of a replacement fails", arguments: FileSystem.Step.allCases)
    func failingStep(step: FileSystem.Step) throws {
        let folder = try TemporaryDirectory()
        let path = folder.file("vault.json")
        try FileSystem.local.atomicWrite([1, 2, 3], to: path)
        let failing = FileSystem { (reached, path) throws(StorageError) in
            if reached == step { throw .file(path, "written", ENOSPC) }
        }
        let error = #expect(throws: StorageError.self) { try failing.atomicWrite([4, 5], to: path) }
        #expect(error?.code == .storageDiskFull)
        // After the rename the new content is there, only not yet safe from a power cut: the caller learns of it.
        #expect(try FileSystem.local.readFile(path) == (step == .synchroniseFolder ? [4, 5] : [1, 2, 3]))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["vault.json"])
    }

    @Test("refuses a file that group or others may use, and says how to mend it", arguments: [0o640, 0o604, 0o666])
    func openPermissions(mode: Int) throws {
        let folder = try TemporaryDirectory()
        let path = folder.file("key")
        try FileSystem.local.atomicWrite([1], to: path)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        let error = #expect(throws: StorageError.self) { try FileSystem.local.readFile(path) }
        #expect(error?.code == .storagePermissionsTooOpen)
        #expect(error?.remedy?.contains("chmod 600") == true)
        #expect(try FileSystem.local.readFile(path, checkingOwnerOnly: false) == [1])
    }

    @Test("says that a file is not there, or is too large")
    func missingAndLarge() throws {
        let folder = try TemporaryDirectory()
        let missing = #expect(throws: StorageError.self) { try FileSystem.local.readFile(folder.file("none")) }
        #expect(missing?.code == .storageNotFound)
        try FileSystem.local.atomicWrite([1, 2, 3], to: folder.file("three"))
        #expect(throws: StorageError.self) { try FileSystem.local.readFile(folder.file("three"), limit: 2) }
        #expect(try FileSystem.local.readFile(folder.file("three"), limit: 3) == [1, 2, 3])
    }
}

func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? -1
}
