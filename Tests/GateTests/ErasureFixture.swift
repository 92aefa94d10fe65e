import Audit
import Consent
import Core
import Foundation
import Gate
import Ingest
import Secrets
import Storage
import TestSupport
import Vault

/// What an erasure is tried on.
extension VaultFixture {
    /// Erases as the privacy officer.
    @discardableResult
    func erase(
        _ reference: SubjectReference, suppressing term: SuppressionTerm = .forever,
        after: (ErasureStep) throws -> Void = { _ in }
    ) throws -> ErasureRecord {
        try gate.erase(
            reference, suppressing: term, by: Self.officer, through: vault.erasure, after: after)
    }

    /// People `1` to `count` with their orders, as an import brings them.
    func importPeople(_ count: Int, orders: Int = 1) throws {
        var people = "customer_id,email,phone,first_name,city,consent_personalization\n"
        var bought = "customer_id,order\n"
        for number in 1...count {
            people += "\(number),p\(number)@example.org,+88691200\(1000 + number),Name \(number),City,yes\n"
            for order in 0..<orders { bought += "\(number),o\(number)-\(order)\n" }
        }
        let map = """
            {"columns": {"customer_id": "customer_id"}, "event": {"type": "Order Completed", "properties": {"order": "order"}}}
            """
        for (text, map) in [(people, MapFile()), (bought, try MapFile(parsing: Array(map.utf8)))] {
            _ = try Importer(vault: vault, gate: gate, caller: Self.engineer).run(
                source: "shop", rejectsPath: directory.file("rejects.jsonl"),
                open: { try MappedInput(ByteSource(Array(text.utf8)), map: map, region: "TW") })
        }
    }

    /// Puts something among a person's events that is none, under their own key.
    func storeNoEvent(of person: Subject) throws {
        let entry = try vault.profiles.keyring.entry(of: person)
        let id = EventID(at: time.clock.now(), random: (1, 2))
        let body = Sealer(entry.key).seal(
            Array("a letter".utf8), binding: Events.binding(id, of: person, keyID: entry.keyID))
        try vault.stores.data.write { connection in
            _ = try connection.run(
                "INSERT INTO event (profile, id, key_id, body) VALUES ($1, $2, $3, $4)", .integer(person.number),
                .blob(id.bytes), .integer(Int64(entry.keyID)), .blob(body))
        }
    }

    /// The person of a customer number.
    func person(_ number: Int) throws -> Subject {
        let id = try gate.profile(of: .identifier(field: "customer_id", value: String(number)))
        guard let row = try vault.stores.data.read({ try vault.profiles.row(id, of: gate.tenant.id, on: $0) }) else {
            throw FixtureError("nobody is customer \(number)")
        }
        return row.subject
    }

    /// Whether somebody is known so.
    func knows(_ reference: SubjectReference) throws -> Bool {
        do {
            _ = try gate.profile(of: reference)
            return true
        } catch let error as VaultError where error.code == VaultError.unknownSubject {
            return false
        }
    }
}

/// The bytes of one person that must be nowhere after their erasure.
struct Remains {
    /// Every sixteen bytes in a row of their key and their sealed data.
    private var windows: Set<UniqueID> = []
    private var entries: [Data] = []
    private var starts = [Bool](repeating: false, count: 1 << 16)

    /// What the stores have of a person now.
    init(of person: Subject, in fixture: VaultFixture) throws {
        let vault = fixture.vault
        func add(_ bytes: ArraySlice<UInt8>) {
            for start in bytes.indices.dropLast(15) {
                starts[Int(bytes[start]) << 8 | Int(bytes[start + 1])] = true
                if let window = UniqueID(bytes: bytes[start..<(start + 16)]) { windows.insert(window) }
            }
        }
        try vault.stores.keys.read { connection in
            try connection.query(
                "SELECT wrapped, commitment FROM profile_key WHERE number = $1", .integer(person.number)
            ) { row in
                add(try row.blob(at: 0)[...])
                add(try row.blob(at: 1)[...])
            }
        }
        try vault.stores.data.read { connection in
            if let row = try vault.profiles.row(person.number, of: person.tenant, on: connection) {
                for cell in row.record.cells { add(row.record.sealed(cell)) }
            }
            try connection.query("SELECT body FROM event WHERE profile = $1", .integer(person.number)) {
                add(try $0.blob(at: 0)[...])
            }
            try connection.query(
                "SELECT evidence FROM consent_record WHERE subject = $1 AND evidence IS NOT NULL",
                .integer(person.number)
            ) { add(try $0.blob(at: 0)[...]) }
        }
        try vault.stores.index.read { connection in
            try connection.query("SELECT entry FROM lookup WHERE number = $1", .integer(person.number)) {
                entries.append(Self.stored(try $0.int64(at: 0)))
            }
        }
    }

    /// Adds entries of the event index.
    mutating func add(_ digests: [EventDigest]) {
        for digest in digests {
            entries.append(Self.stored(digest.entry))
            entries.append(Self.stored(digest.check))
        }
    }

    /// How many bytes are looked for, at least.
    var count: Int { windows.count + entries.count }

    /// SQLite stores a number of this size as eight bytes, the highest first.
    private static func stored(_ number: Int64) -> Data {
        var writer = ByteWriter()
        writer.write(number)
        return Data(writer.bytes)
    }

    /// Every place in a file of the folder where something of the person is.
    func places(in folder: String) throws -> [String] {
        var places: [String] = []
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder).sorted() {
            guard let content = FileManager.default.contents(atPath: folder + "/" + name) else { continue }
            for entry in entries where content.range(of: entry) != nil { places.append("an entry in \(name)") }
            let bytes = [UInt8](content)
            guard bytes.count >= 16 else { continue }
            for start in 0...(bytes.count - 16) where starts[Int(bytes[start]) << 8 | Int(bytes[start + 1])] {
                if let window = UniqueID(bytes: bytes[start..<(start + 16)]), windows.contains(window) {
                    places.append("sealed bytes at \(start) of \(name)")
                }
            }
        }
        return places
    }
}
