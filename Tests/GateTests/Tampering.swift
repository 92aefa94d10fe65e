import Audit
import Core
import Foundation
import Gate
import Secrets
import Storage
import TestSupport
import Testing
import Vault

/// One change that somebody makes to a store.
struct Tampering: Sendable, CustomTestStringConvertible {
    /// What becomes of a blob.
    enum Damage: Sendable, CaseIterable {
        case flipped, zeroed, cut, grown, emptied

        func applied(to bytes: [UInt8]) -> [UInt8] {
            var bytes = bytes
            switch self {
            case .flipped: bytes[bytes.count / 2] ^= 0x10
            case .zeroed: bytes = bytes.map { _ in 0 }
            case .cut: bytes.removeLast()
            case .grown: bytes.append(0)
            case .emptied: bytes = []
            }
            return bytes
        }
    }

    let sql: StaticString
    /// Where the blob lies that `sql` puts back as `$1`, and what is done to it.
    var blob: (place: StaticString, damage: Damage)?

    /// A statement as it is.
    static func sql(_ sql: StaticString) -> Tampering { Tampering(sql: sql) }

    /// The blob at `place`, damaged and put back by `sql`.
    static func blob(_ place: StaticString, _ damage: Damage, _ sql: StaticString) -> Tampering {
        Tampering(sql: sql, blob: (place, damage))
    }

    var testDescription: String { "\(sql)" + (blob.map { " (\($0.damage))" } ?? "") }

    func callAsFunction(on connection: any Connection) throws {
        var values: [SQLValue] = []
        if let blob {
            let bytes = try #require(try connection.first(blob.place) { try $0.blob(at: 0) })
            values = [.blob(blob.damage.applied(to: bytes))]
        }
        #expect(try connection.run(sql, values) > 0, "the change must change something")
    }
}

/// What somebody can do who has the files and SQLite, but no key.
extension VaultFixture {
    static let bob = [
        "customer_id": "7", "email": "bob@example.org", "first_name": "Bob", "last_name": "Marley", "city": "Kingston",
    ]

    /// Closes the vault, changes a store as SQLite would, and leaves the vault closed.
    func change(_ store: Store, _ body: (any Connection) throws -> Void) throws {
        try vault.close()
        let database = try SQLiteDatabase(path: home.database(store), options: .store(store))
        try database.write(body)
        try database.close()
    }

    /// Makes one change and opens the vault again unless told otherwise.
    func change(_ store: Store, _ tampering: Tampering, reopens: Bool = true) throws {
        try change(store) { try tampering(on: $0) }
        if reopens { try open() }
    }

    /// Changes a store by one statement, which must meet some row, and opens the vault again.
    func change(_ store: Store, _ sql: StaticString, _ values: SQLValue...) throws {
        try change(store) { connection in
            let changed = try connection.run(sql, values)
            #expect(changed > 0, "the change must change something")
        }
        try open()
    }

    /// What `doctor` and `audit verify` find when they hold the rows against the log.
    func findings() throws -> [any ReportableError] {
        try HeadComparison(vault, heads: vault.audit.heads()).findings
    }

    /// A blob of `data.db` or `keys.db`.
    func blob(_ store: Store, _ sql: StaticString, _ values: SQLValue...) throws -> [UInt8] {
        try #require(try vault.stores[store].read { try $0.first(sql, values) { try $0.blob(at: 0) } })
    }

    /// Another tenant of the same vault, and its door.
    func addTenant(_ name: String) throws -> Gate {
        let authorization = Authorization(
            principal: Principal(.operator, "owner"), action: .foundVault, tenant: TenantID(1), purpose: nil,
            decision: UniqueID(at: vault.clock.now(), random: (1, 2)), time: vault.clock.now())
        let tenant = try vault.audit.mutate(authorization) { mutation in
            try vault.tenants.add(name, region: "DE", in: mutation)
        }
        return try vault.gate(to: tenant)
    }

    /// Every file of the home as it is now, beside it: what `kill -9` would leave, or what somebody kept.
    func copyHome(_ name: String) throws -> HomeFolder {
        let copy = directory.file(name)
        try FileManager.default.copyItem(atPath: home.path, toPath: copy)
        return HomeFolder(path: copy)
    }

    /// Puts one file of the home in the place of what lies there.
    func putBack(_ path: String, from copy: String) throws {
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.copyItem(atPath: copy, toPath: path)
    }

    /// Flips a bit of a file of a closed vault.
    func flip(_ path: String, at offset: Int) throws {
        var content = try #require(FileManager.default.contents(atPath: path))
        content[offset] ^= 1
        let handle = try FileHandle(forWritingTo: URL(filePath: path))
        try handle.write(contentsOf: content)
        try handle.close()
    }
}

/// Expects `body` to be refused by an integrity error of this code; returns it.
@discardableResult
func expectBroken(
    _ code: ErrorCode, _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () throws -> Void
) -> (any ReportableError)? {
    do {
        try body()
        Issue.record("nothing was refused: \(code) was expected", sourceLocation: sourceLocation)
    } catch let error as any ReportableError {
        #expect(error.code == code, comment, sourceLocation: sourceLocation)
        #expect(error.code.exit == .integrity, comment, sourceLocation: sourceLocation)
        return error
    } catch {
        Issue.record("an error that is no report: \(error)", sourceLocation: sourceLocation)
    }
    return nil
}

/// One cell with its head, to be put where it does not belong.
struct LooseCell {
    let field: UInt16
    let revision: UInt32
    var schemaVersion: UInt16
    var sealed: [UInt8]
}

extension Record {
    /// The cells one by one.
    var loose: [LooseCell] {
        cells.map {
            LooseCell(
                field: $0.field, revision: $0.revision, schemaVersion: $0.schemaVersion, sealed: Array(sealed($0)))
        }
    }

    /// A record put together from cells of anywhere.
    static func forged(keyID: UInt32, _ cells: [LooseCell]) throws -> Record {
        var writer = ByteWriter()
        writer.write(UInt8(1))
        writer.write(keyID)
        writer.write(UInt16(cells.count))
        for cell in cells {
            writer.write(cell.field)
            writer.write(cell.revision)
            writer.write(cell.schemaVersion)
            writer.write(UInt32(cell.sealed.count))
        }
        for cell in cells { writer.write(cell.sealed) }
        return try Record(decoding: writer.bytes)
    }
}
