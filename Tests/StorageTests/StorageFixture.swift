import Core
import Foundation
import Synchronization
import TestSupport

@testable import Storage

/// A database in a folder of its own, with a table of notes and a clustered one of pairs.
final class StorageFixture: Sendable {
    let folder: TemporaryDirectory
    let database: SQLiteDatabase
    var path: String { database.path }

    static let declarations = [
        TableDeclaration(
            "note", in: .data, .operational, purpose: "texts of the tests",
            definition: [
                "CREATE TABLE note (id INTEGER PRIMARY KEY, body BLOB NOT NULL, title TEXT, rank INTEGER)",
                "CREATE UNIQUE INDEX note_title ON note (title)",
            ]),
        TableDeclaration(
            "pair", in: .data, .rebuildable, purpose: "keys and values of the tests", clustered: true,
            definition: ["CREATE TABLE pair (name BLOB NOT NULL PRIMARY KEY, value BLOB NOT NULL)"]),
    ]
    static let schema = Schema(.data, declarations: declarations)

    init(_ options: SQLiteOptions = .store(.data), migrated: Bool = true) throws {
        folder = try TemporaryDirectory()
        database = try SQLiteDatabase(path: folder.file("test.db"), options: options)
        if migrated { try database.migrate(to: Self.schema) }
    }

    func add(_ title: String, body: [UInt8] = [1, 2, 3]) throws {
        try database.write { try $0.run("INSERT INTO note (body, title) VALUES (?, ?)", .blob(body), .text(title)) }
    }

    func count() throws -> Int { try database.read { try Self.count($0) } }

    static func count(_ connection: any Connection) throws -> Int {
        try connection.first("SELECT count(*) FROM note") { try $0.int(at: 0) } ?? -1
    }
}

/// A clock that stands where a test puts it.
final class ManualClock: Sendable {
    private let milliseconds = Mutex<Int64>(1_000_000)

    var clock: Clock { Clock { Timestamp(milliseconds: self.milliseconds.withLock { $0 }) } }

    func advance(milliseconds amount: Int64) { milliseconds.withLock { $0 += amount } }
}

extension SQLiteOptions {
    func with(_ change: (inout SQLiteOptions) -> Void) -> SQLiteOptions {
        var options = self
        change(&options)
        return options
    }
}

extension Row {
    func value(at column: Int) throws -> SQLValue {
        switch kind(at: column) {
        case .null: .null
        case .integer: .integer(try int64(at: column))
        case .text: .text(try text(at: column))
        case .blob: .blob(try blob(at: column))
        case .other: throw StorageError.misuse("a real number")
        }
    }
}

/// Keeps a database's writers waiting behind one write until as many wait as a test needs.
final class HeldQueue: Sendable {
    private let database: SQLiteDatabase
    private let isHeld = Mutex(false)
    private let released = Semaphore()

    init(_ database: SQLiteDatabase) { self.database = database }

    /// Called inside the first write: returns when the queue is released.
    func hold() {
        isHeld.withLock { $0 = true }
        released.wait()
    }

    func awaitHeld() { while !isHeld.withLock({ $0 }) { Thread.sleep(forTimeInterval: 0.001) } }

    func release(whenWaiting count: Int) {
        while database.writer.waitingCount < count { Thread.sleep(forTimeInterval: 0.001) }
        released.signal()
    }
}
