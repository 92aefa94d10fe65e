import Core
import Foundation
import TestSupport
import Testing

@testable import Storage

@Suite("A store's files")
struct StoreFilesTests {
    @Test("are for their owner alone, whatever the umask", arguments: TransactionTests.journals)
    func permissions(options: SQLiteOptions) throws {
        let old = umask(0)
        defer { umask(old) }
        let fixture = try StorageFixture(options)
        try fixture.database.write { connection in
            try connection.run("INSERT INTO note (body) VALUES (?)", .blob([1]))
            let names = try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path)
            #expect(names.count > 1)
            for name in names { #expect(try mode(fixture.folder.file(name)) == 0o600, "\(name)") }
        }
    }

    @Test("are examined where they lie, whatever their name and mode, and nothing is made beside them")
    func examined() throws {
        let fixture = try StorageFixture()
        let path = fixture.folder.file("a?b #c%20.db")
        let database = try SQLiteDatabase(path: path, options: .store(.data))
        try database.write { try $0.run("CREATE TABLE note (id INTEGER PRIMARY KEY)") }
        // What is in the log alone counts, too.
        #expect(FileSystem.local.size(path + "-wal") ?? 0 > 0)
        #expect(try SQLiteDatabase.integrityProblems(inFile: path) == [])
        try database.close()
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        let before = try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path)
        #expect(try SQLiteDatabase.integrityProblems(inFile: path) == [])
        try Data(repeating: 7, count: 4096).write(to: URL(filePath: path))
        #expect(try SQLiteDatabase.integrityProblems(inFile: path).count == 1)
        #expect(try Set(FileManager.default.contentsOfDirectory(atPath: fixture.folder.path)) == Set(before))
    }

    @Test("are refused when others may read them")
    func openPermissions() throws {
        let fixture = try StorageFixture()
        try fixture.database.close()
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: fixture.path)
        let error = #expect(throws: StorageError.self) {
            _ = try SQLiteDatabase(path: fixture.path, options: .store(.data))
        }
        #expect(error?.code == .storagePermissionsTooOpen)
    }

    @Test("keep nothing of a deleted row once a truncation is complete", arguments: TransactionTests.journals)
    func remanence(options: SQLiteOptions) throws {
        let fixture = try StorageFixture(options)
        func marker(_ number: Int) -> [UInt8] { Array("<<marker \(number) of a person>>".utf8) }
        let numbers = 0..<2000
        for start in stride(from: 0, to: numbers.count, by: 200) {
            try fixture.database.write { connection in
                for number in start..<(start + 200) {
                    try connection.run(
                        "INSERT INTO note (id, body) VALUES (?, ?)", .integer(number), .blob(marker(number)))
                    try connection.run(
                        "INSERT INTO pair (name, value) VALUES (?, ?)", .blob(marker(number)), .blob(marker(number)))
                }
            }
        }
        func erased(_ number: Int) -> Bool { number % 7 == 3 }
        // Rewriting neighbours moves rows between pages, which is what leaves copies behind.
        try fixture.database.write { connection in
            for number in numbers where number % 7 == 4 {
                try connection.run(
                    "UPDATE note SET title = ? WHERE id = ?", .text("longer than it was \(number)"), .integer(number))
            }
            for number in numbers where erased(number) {
                try connection.run("DELETE FROM note WHERE id = ?", .integer(number))
                try connection.run("DELETE FROM pair WHERE name = ?", .blob(marker(number)))
            }
        }
        let outcome = try fixture.database.checkpoint(.truncate)
        #expect(outcome.complete)
        #expect(try fixture.database.statistics().logBytes == 0)
        var content = Data()
        for name in try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path) {
            content += try Data(contentsOf: URL(filePath: fixture.folder.file(name)))
        }
        for number in numbers {
            let isThere = content.range(of: Data(marker(number))) != nil
            #expect(isThere == !erased(number))
        }
    }

    @Test(
        "grow no further when the disk is full, and nothing acknowledged is lost", arguments: TransactionTests.journals)
    func diskFull(options: SQLiteOptions) throws {
        let fixture = try StorageFixture(options)
        try fixture.add("before")
        try fixture.database.limitPages(to: 40)
        let error = #expect(throws: StorageError.self) {
            for number in 0..<100 { try fixture.add("note \(number)", body: [UInt8](repeating: 7, count: 4000)) }
        }
        #expect(error?.code == .storageDiskFull)
        #expect(error?.remedy != nil)
        let kept = try fixture.count()
        #expect(kept > 10)
        #expect(throws: StorageError.self) { try fixture.add("again", body: [UInt8](repeating: 7, count: 9000)) }
        #expect(try fixture.count() == kept)
        try fixture.database.limitPages(to: 1000)
        try fixture.add("after", body: [UInt8](repeating: 7, count: 9000))
        #expect(try fixture.count() == kept + 1)
        #expect(try fixture.database.integrityProblems() == [])
    }

    @Test("undo a whole group when the disk fills under one of it")
    func diskFullInGroup() throws {
        let fixture = try StorageFixture()
        try fixture.database.limitPages(to: 40)
        let before = try fixture.count()
        let queue = HeldQueue(fixture.database)
        inThreads(9) { number in
            if number > 0 { queue.awaitHeld() }
            if number == 8 { return queue.release(whenWaiting: 7) }
            // One of them is too large; it fails, and so may those whose work went with it, but none is half there.
            let size = number == 5 ? 400_000 : 10
            do {
                if number == 0 {
                    try fixture.database.write { _ in queue.hold() }
                } else {
                    try fixture.add("note \(number)", body: [UInt8](repeating: 1, count: size))
                }
                #expect(number != 5)
            } catch let error as StorageError {
                #expect(error.code == .storageDiskFull)
            }
        }
        #expect(try fixture.count() <= before + 6)
        #expect(try fixture.database.integrityProblems() == [])
        try fixture.add("after")
    }

    @Test("are reported as damaged when they are", arguments: TransactionTests.journals)
    func corrupt(options: SQLiteOptions) throws {
        let fixture = try StorageFixture(options)
        for number in 0..<200 { try fixture.add("note \(number)", body: [UInt8](repeating: 7, count: 1000)) }
        try fixture.database.close()
        let url = URL(filePath: fixture.path)
        let whole = try Data(contentsOf: url)
        var damaged = whole
        for index in stride(from: 4096 * 2, to: damaged.count, by: 97) { damaged[index] ^= 0x5A }
        try damaged.write(to: url)
        let reopened = try SQLiteDatabase(path: fixture.path, options: options)
        #expect(try !reopened.integrityProblems().isEmpty)
        let error = #expect(throws: StorageError.self) {
            try reopened.read { try $0.query("SELECT title, body FROM note ORDER BY title") { _ in } }
        }
        #expect(error?.code == .storageCorrupt)
        #expect(error?.code.exit == .integrity)
        try reopened.close()

        try Data("this is no database, but it is longer than a header of one has to be, so it is read".utf8).write(
            to: url)
        let foreign = #expect(throws: StorageError.self) {
            _ = try SQLiteDatabase(path: fixture.path, options: options)
        }
        #expect(foreign?.code == .storageCorrupt)
    }

    @Test("are not made in a folder that is not there")
    func missingFolder() throws {
        let error = #expect(throws: StorageError.self) {
            _ = try SQLiteDatabase(path: "/nonexistent/folder/data.db", options: .store(.data))
        }
        #expect(error?.code == .storageNotFound)
    }
}

extension SQLiteDatabase {
    /// Makes the disk look full from so many pages on.
    func limitPages(to count: Int) throws {
        try write { connection in
            let connection = try #require(connection as? SQLiteConnection)
            try connection.execute("PRAGMA max_page_count = \(count)")
        }
    }
}
