package import Core
package import Secrets
package import Storage
import Synchronization

/// Every person's own key: wrapped in `keys.db`, the recently used ones unwrapped in the arena.
package final class ProfileKeyring: Sendable {
    package static let tables = [
        TableDeclaration(
            "profile_key", in: .keys, .keys,
            purpose: "one wrapped key a person; its deletion is the erasure of everything sealed under it",
            definition: [
                """
                CREATE TABLE profile_key (
                    number INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, id BLOB NOT NULL, key_id INTEGER NOT NULL,
                    epoch INTEGER NOT NULL, wrapped BLOB NOT NULL, commitment BLOB NOT NULL)
                """
            ]),
        erasureTable,
    ]

    package static let erasureTable = TableDeclaration(
        "key_erasure", in: .keys, .operational,
        purpose: """
            the row numbers whose keys were destroyed, and by which order: a key that is put back is known by this, and a \
            store that was put back to before an erasure
            """,
        definition: ["CREATE TABLE key_erasure (number INTEGER PRIMARY KEY, denial INTEGER NOT NULL)"])

    /// A person's key and the number that cell bindings name it by.
    package struct Entry: Sendable {
        package let key: ProfileKey
        package let keyID: UInt32
    }

    /// Two generations: what is used survives the turn, what is not is wiped with the older one.
    private struct Cache {
        var current: [ProfileID: Entry] = [:]
        var previous: [ProfileID: Entry] = [:]
        /// Erased in this process: a reader that was under way does not bring them back.
        var forgotten: Set<ProfileID> = []
    }

    let tree: KeyTree
    let database: any Database
    private let capacity: Int
    private let cache = Mutex(Cache())

    /// `capacity` keys at most stay unwrapped, half of them in each generation: 32 bytes of locked memory each.
    package init(tree: KeyTree, database: any Database, capacity: Int = 131_072) {
        self.tree = tree
        self.database = database
        self.capacity = capacity
    }

    /// Makes a key for each new person, durable before this returns: a key without data harms nobody, data without its
    /// key is lost.
    package func create(for subjects: [Subject]) throws -> [Entry] {
        let fresh = try prepare(for: subjects)
        try store(fresh)
        return fresh.entries
    }

    /// Keys that are made but not stored: what is sealed under them may be written only after `store`.
    package struct Prepared: Sendable {
        package let entries: [Entry]
        fileprivate let subjects: [Subject]
        fileprivate let wrapped: [WrappedKey]
        /// Under whose keys they are wrapped.
        fileprivate let epoch: UInt32
    }

    /// Makes a key for each new person.
    package func prepare(for subjects: [Subject]) throws -> Prepared {
        let entries = try ProfileKey.random(count: subjects.count).map { Entry(key: $0, keyID: 1) }
        return try wrap(entries, of: subjects, in: tree.epoch)
    }

    private func wrap(_ entries: [Entry], of subjects: [Subject], in epoch: UInt32) throws -> Prepared {
        var wrapped: [WrappedKey] = []
        wrapped.reserveCapacity(subjects.count)
        var nonces = Nonces(count: subjects.count)
        for (subject, entry) in zip(subjects, entries) {
            wrapped.append(
                KeyWrapper(try tree.wrapping(of: subject.tenant, in: epoch)).wrap(
                    entry.key, binding: Self.binding(subject, keyID: entry.keyID, epoch: epoch), nonces: &nonces))
        }
        return Prepared(entries: entries, subjects: subjects, wrapped: wrapped, epoch: epoch)
    }

    /// Stores new keys: they are durable when this returns.
    package func store(_ fresh: Prepared) throws {
        guard !fresh.subjects.isEmpty else { return }
        try database.write { connection in
            // Nobody turns the epoch while this has the store; it may have turned since they were wrapped.
            let epoch = tree.epoch
            let fresh = fresh.epoch == epoch ? fresh : try wrap(fresh.entries, of: fresh.subjects, in: epoch)
            let insert = try connection.prepared(
                """
                INSERT INTO profile_key (number, tenant, id, key_id, epoch, wrapped, commitment)
                VALUES ($1, $2, $3, 1, $4, $5, $6)
                """)
            for (subject, wrapped) in zip(fresh.subjects, fresh.wrapped) {
                try insert.bind(subject.number, at: 1)
                try insert.bind(Int64(subject.tenant.number), at: 2)
                try insert.bind(subject.id.bytes, at: 3)
                try insert.bind(Int64(epoch), at: 4)
                try insert.bind(wrapped.bytes, at: 5)
                try insert.bind(wrapped.commitment, at: 6)
                try insert.run()
            }
        }
    }

    /// - Throws: `keyMissing` when the person has no key any more: nothing of theirs can be opened.
    package func entry(of subject: Subject) throws -> Entry {
        if let known = cached(subject.id) { return known }
        let found = try database.read { connection in
            let select = try connection.prepared(
                "SELECT tenant, id, key_id, epoch, wrapped, commitment FROM profile_key WHERE number = $1")
            try select.bind(subject.number, at: 1)
            return try select.first { row in try unwrap(StoredRow(row, of: subject)) }
        }
        guard let found else { throw try absence(of: subject) }
        remember(found, of: subject.id)
        return found
    }

    /// The keys of many people, read under one lock of the store and unwrapped on all cores.
    package func entries(of subjects: [Subject]) throws -> [Entry] {
        var result: [Entry?] = subjects.map { cached($0.id) }
        var stored: [(position: Int, row: StoredRow)] = []
        var absent: Subject?
        if result.contains(where: { $0 == nil }) {
            try database.read { connection in
                let select = try connection.prepared(
                    "SELECT tenant, id, key_id, epoch, wrapped, commitment FROM profile_key WHERE number = $1")
                for (position, subject) in subjects.enumerated() where result[position] == nil {
                    try select.bind(subject.number, at: 1)
                    guard let row = try select.first({ try StoredRow($0, of: subject) }) else {
                        absent = subject
                        return
                    }
                    stored.append((position, row))
                }
            }
        }
        if let absent { throw try absence(of: absent) }
        for (position, entry) in try stored.mapInParallel({ [self] in ($0.position, try unwrap($0.row)) }) {
            remember(entry, of: subjects[position].id)
            result[position] = entry
        }
        return result.compactMap { $0 }
    }

    /// The highest row number a key was ever made for among those that are left; 0 when there is none.
    package func highestNumber() throws -> Int64 {
        try database.read { connection in
            try connection.first("SELECT max(number) FROM profile_key") { try $0.optionalInt64(at: 0) } ?? nil
        } ?? 0
    }

    /// How many people have a key.
    package func count() throws -> Int {
        try database.read { connection in
            try connection.first("SELECT count(*) FROM profile_key") { try $0.int(at: 0) } ?? 0
        }
    }

    /// Wipes a person's key from memory, for good.
    func forget(_ id: ProfileID) {
        cache.withLock { cache in
            cache.forgotten.insert(id)
            cache.current[id] = nil
            cache.previous[id] = nil
        }
    }

    /// A wrapped key as it lies in the store, of the person it says.
    struct StoredRow {
        let subject: Subject
        let keyID: UInt32
        let epoch: UInt32
        let wrapped: WrappedKey

        init(_ row: borrowing Row, of subject: Subject) throws {
            guard try row.int64(at: 0) == Int64(subject.tenant.number),
                try row.withBytes(at: 1, { ProfileID($0) }) == subject.id,
                let keyID = UInt32(exactly: try row.int64(at: 2)), let epoch = UInt32(exactly: try row.int64(at: 3))
            else { throw ProfileKeyring.missing(subject) }
            self.subject = subject
            self.keyID = keyID
            self.epoch = epoch
            wrapped = WrappedKey(bytes: try row.blob(at: 4), commitment: try row.blob(at: 5))
        }

        /// A row of whoever it says it is of; that its key opens will show whether it is.
        init(asStored row: borrowing Row, number: Int64) throws {
            let subject = Subject(
                tenant: TenantID(UInt32(clamping: try row.int64(at: 0))), number: number,
                id: try row.withBytes(at: 1, { ProfileID($0) }) ?? ProfileID(high: 0, low: 0))
            try self.init(row, of: subject)
        }
    }

    func unwrap(_ row: StoredRow) throws -> Entry {
        let key: ProfileKey = try KeyUnwrapper(tree.wrapping(of: row.subject.tenant, in: row.epoch)).unwrap(
            row.wrapped, binding: Self.binding(row.subject, keyID: row.keyID, epoch: row.epoch))
        return Entry(key: key, keyID: row.keyID)
    }

    private func cached(_ id: ProfileID) -> Entry? {
        cache.withLock { cache in
            if let entry = cache.current[id] { return entry }
            guard let entry = cache.previous[id] else { return nil }
            keep(entry, of: id, in: &cache)
            return entry
        }
    }

    private func remember(_ entry: Entry, of id: ProfileID) {
        cache.withLock { keep(entry, of: id, in: &$0) }
    }

    private func keep(_ entry: Entry, of id: ProfileID, in cache: inout Cache) {
        guard !cache.forgotten.contains(id) else { return }
        if cache.current.count >= capacity / 2 {
            cache.previous = cache.current
            cache.current = [:]
        }
        cache.current[id] = entry
    }

    static func binding(_ subject: Subject, keyID: UInt32, epoch: UInt32) -> [UInt8] {
        var writer = ByteWriter(capacity: 64)
        writer.writeCounted("profilevault profile key v1")
        writer.write(subject.tenant.number)
        writer.write(subject.id.high)
        writer.write(subject.id.low)
        writer.write(keyID)
        writer.write(epoch)
        return writer.bytes
    }

    /// Why a person has no key here: it is missing, or was destroyed.
    private func absence(of subject: Subject) throws -> VaultError {
        guard try isErased(subject.number) else { return Self.missing(subject) }
        return VaultError(
            VaultError.keyMissing,
            "the key of profile \(subject.id) was destroyed by an erasure that the database does not know",
            remedy: VaultError.newerDatabase)
    }

    private static func missing(_ subject: Subject) -> VaultError {
        VaultError(
            VaultError.keyMissing, "profile \(subject.id) has no key in the key store",
            remedy: VaultError.restoreKeys)
    }
}
