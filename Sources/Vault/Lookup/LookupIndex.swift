package import Core
package import Secrets
package import Storage

/// Finds people by the keyed digests of their identifiers: `index.db`, made again from the profiles when it is lost.
///
/// An entry that is found is a hint: the gate confirms it by opening the field, so an entry left over from work that
/// was cut short leads nowhere.
package final class LookupIndex: Sendable {
    package static let tables = [
        TableDeclaration(
            "lookup", in: .index, .rebuildable,
            purpose: "keyed digests of identifiers; shows which people share an identifier's value",
            clustered: true,
            definition: [
                "CREATE TABLE lookup (entry INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (entry, number))"
            ]),
        TableDeclaration(
            "event_entry", in: .index, .rebuildable,
            purpose: "keyed digests of whole events, by which one that comes twice is known",
            clustered: true,
            definition: [
                """
                CREATE TABLE event_entry (
                    entry INTEGER NOT NULL, check_entry INTEGER NOT NULL, run INTEGER NOT NULL,
                    change INTEGER NOT NULL, PRIMARY KEY (entry, check_entry))
                """
            ]),
        TableDeclaration(
            "index_state", in: .index, .rebuildable,
            purpose: "up to which change of the data the index is whole, and how many entries it has",
            definition: ["CREATE TABLE index_state (name TEXT PRIMARY KEY, value INTEGER NOT NULL)"]),
    ]

    let database: any Database

    package init(database: any Database) { self.database = database }

    /// An identifier's entry and the row it leads to.
    package struct Entry: Sendable, Hashable {
        package let entry: Int64
        package let number: Int64

        package init(entry: Int64, number: Int64) {
            self.entry = entry
            self.number = number
        }
    }

    /// Row numbers that may have this identifier, ascending.
    package func numbers(_ entry: Int64) throws -> [Int64] {
        try database.read { try self.numbers(entry, on: $0) }
    }

    /// Row numbers for many entries, read as one.
    package func numbers(_ entries: [Int64]) throws -> [[Int64]] {
        try database.read { connection in try entries.map { try numbers($0, on: connection) } }
    }

    private func numbers(_ entry: Int64, on connection: any Connection) throws -> [Int64] {
        var found: [Int64] = []
        let select = try connection.prepared("SELECT number FROM lookup WHERE entry = $1")
        try select.bind(entry, at: 1)
        try select.query { try found.append($0.int64(at: 0)) }
        return found
    }

    /// Adds entries, before the change `change` of the data that they belong to is committed.
    ///
    /// `replacing` says that `remove` is to follow: cut short in between, entries are left that lead nowhere.
    package func add(_ entries: [Entry], change: Int64, replacing: Bool = false) throws {
        try database.write { connection in
            if replacing { try count(strays: 1, on: connection) }
            let insert = try connection.prepared(
                "INSERT INTO lookup (entry, number) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            var inserted = 0
            // Sorted, so that a batch walks through the tree once.
            for item in entries.sorted(by: { ($0.entry, $0.number) < ($1.entry, $1.number) }) {
                try insert.bind(item.entry, at: 1)
                try insert.bind(item.number, at: 2)
                inserted += try insert.run()
            }
            try count(inserted, in: Self.entryCount, on: connection)
            try raise("change", to: change, on: connection)
        }
    }

    /// Removes entries, after the change `change` that replaced them is committed.
    package func remove(_ entries: [Entry], change: Int64) throws {
        guard !entries.isEmpty else { return }
        try database.write { connection in
            try raise("removed", to: change, on: connection)
            let delete = try connection.prepared("DELETE FROM lookup WHERE entry = $1 AND number = $2")
            var deleted = 0
            for item in entries {
                try delete.bind(item.entry, at: 1)
                try delete.bind(item.number, at: 2)
                deleted += try delete.run()
            }
            try count(-deleted, in: Self.entryCount, on: connection)
            try count(strays: -1, on: connection)
        }
    }

    /// How the index stands to the data.
    package enum Freshness: Sendable {
        case whole
        /// Entries of committed changes are missing: the index has to be made again.
        case behind
    }

    /// Compares with the data's newest change, and forgets events that were claimed for a change that never came.
    package func reconcile(with change: Int64) throws -> Freshness {
        let reached = try state("change")
        // What a change removed is missing when the data no longer has that change.
        if try reached < change || state("removed") > change || isEmptied() { return .behind }
        if reached > change {
            try database.write { connection in
                let forgotten = try connection.run("DELETE FROM event_entry WHERE change > $1", .integer(change))
                try count(-forgotten, in: Self.eventCount, on: connection)
                // What was added to `lookup` for that change is still there, and nobody knows which entries these are.
                try count(strays: 1, on: connection)
                try setState("change", change, on: connection)
            }
        }
        return .whole
    }

    /// Whether a table that had entries has none: somebody emptied it, or put another in its place.
    private func isEmptied() throws -> Bool {
        try database.read { connection in
            let entry = try connection.first("SELECT 1 FROM lookup LIMIT 1") { _ in true } ?? false
            let event = try connection.first("SELECT 1 FROM event_entry LIMIT 1") { _ in true } ?? false
            return try !entry && state(Self.entryCount, on: connection) > 0
                || !event && state(Self.eventCount, on: connection) > 0
        }
    }

    /// Whether there are as many entries as were added and not removed; it goes through the whole index.
    package func hasEveryEntry() throws -> Bool {
        try database.read { connection in
            let entries = try connection.first("SELECT count(*) FROM lookup") { try $0.int64(at: 0) } ?? 0
            let events = try connection.first("SELECT count(*) FROM event_entry") { try $0.int64(at: 0) } ?? 0
            return try state(Self.entryCount, on: connection) == entries
                && state(Self.eventCount, on: connection) == events
        }
    }

    /// Empties the index before it is made again.
    package func clear() throws {
        try database.write { connection in
            try connection.run("DELETE FROM lookup")
            try connection.run("DELETE FROM event_entry")
            try connection.run("DELETE FROM index_state")
        }
    }

    /// How many entries there are.
    package func count() throws -> Int {
        try database.read { connection in
            try connection.first("SELECT count(*) FROM lookup") { try $0.int(at: 0) } ?? 0
        }
    }

    /// The data's change up to which the index is whole.
    package func change() throws -> Int64 { try state("change") }

    package func setChange(_ change: Int64) throws { try database.write { try setState("change", change, on: $0) } }

    /// A number that no import had before, to tell its events from those of others.
    package func nextRun() throws -> Int64 {
        try database.write { connection in
            let last = try connection.first("SELECT value FROM index_state WHERE name = 'run'") { try $0.int64(at: 0) }
            let next = (last ?? 0) + 1
            try setState("run", next, on: connection)
            return next
        }
    }

    static let entryCount = "entries"
    static let eventCount = "events"

    private func state(_ name: String) throws -> Int64 { try database.read { try state(name, on: $0) } }

    func state(_ name: String, on connection: any Connection) throws -> Int64 {
        try connection.first("SELECT value FROM index_state WHERE name = $1", .text(name)) { try $0.int64(at: 0) } ?? 0
    }

    /// Adds to how many entries a table has.
    func count(_ more: Int, in name: String, on connection: any Connection) throws {
        guard more != 0 else { return }
        try connection.run(
            """
            INSERT INTO index_state (name, value) VALUES ($1, $2) ON CONFLICT (name)
            DO UPDATE SET value = index_state.value + excluded.value
            """, .text(name), .integer(Int64(more)))
    }

    /// An import claims events of later changes while entries of earlier ones are still being added.
    func raise(_ name: String, to value: Int64, on connection: any Connection) throws {
        try connection.run(
            """
            INSERT INTO index_state (name, value) VALUES ($1, $2) ON CONFLICT (name)
            DO UPDATE SET value = CASE WHEN excluded.value > index_state.value THEN excluded.value ELSE index_state.value END
            """, .text(name), .integer(value))
    }

    /// Counts replacements that are under way, or were cut short: while there are any, some people may have entries that
    /// nothing else tells of.
    private func count(strays change: Int64, on connection: any Connection) throws {
        try setState("strays", max(0, state("strays", on: connection) + change), on: connection)
    }

    private func setState(_ name: String, _ value: Int64, on connection: any Connection) throws {
        try connection.run(
            """
            INSERT INTO index_state (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """, .text(name), .integer(value))
    }

    /// For each event whether it is new, noting it as seen by `run`.
    ///
    /// Two equal rows of one file are two events unless something names them, yet the same file a second time brings
    /// none: the first equal event of a run takes the first stored one, the second the second, and only what finds none
    /// left is new.
    package func claim(_ events: [EventDigest], run: Int64, change: Int64) throws -> [Bool] {
        try database.write { connection in
            try raise("change", to: change, on: connection)
            let select = try connection.prepared("SELECT run FROM event_entry WHERE entry = $1 AND check_entry = $2")
            let insert = try connection.prepared(
                "INSERT INTO event_entry (entry, check_entry, run, change) VALUES ($1, $2, $3, $4)")
            let update = try connection.prepared(
                "UPDATE event_entry SET run = $1 WHERE entry = $2 AND check_entry = $3")
            let isNew = try events.map { event in
                var check = event.check
                while true {
                    try select.bind(event.entry, at: 1)
                    try select.bind(check, at: 2)
                    let seen = try select.first { try $0.int64(at: 0) }
                    if seen == run {
                        guard event.countsRepeats else { return false }
                        check &+= 1
                        continue
                    }
                    let isNew = seen == nil
                    if isNew {
                        try insert.bind(event.entry, at: 1)
                        try insert.bind(check, at: 2)
                        try insert.bind(run, at: 3)
                        try insert.bind(change, at: 4)
                        try insert.run()
                    } else {
                        try update.bind(run, at: 1)
                        try update.bind(event.entry, at: 2)
                        try update.bind(check, at: 3)
                        try update.run()
                    }
                    return isNew
                }
            }
            try count(isNew.count { $0 }, in: Self.eventCount, on: connection)
            return isNew
        }
    }
}

extension LookupIndex {
    /// Whether an event has been claimed, by whichever run.
    package func holds(_ event: EventDigest) throws -> Bool {
        try database.read { connection in
            try connection.first(
                "SELECT run FROM event_entry WHERE entry = $1 AND check_entry = $2", .integer(event.entry),
                .integer(event.check)
            ) { _ in true } ?? false
        }
    }
}

/// The keyed digest by which an event that comes again is known: 128 bits in two numbers.
package struct EventDigest: Sendable, Hashable {
    package let entry: Int64
    package let check: Int64
    /// Equal ones of one run are events of their own: nothing but their content tells them apart.
    package let countsRepeats: Bool

    /// Whose event it is counts as much as what it says.
    package init(of event: Event, subject: Subject, keys: TenantKeys) throws(SecretsError) {
        (entry, check) = try keys.eventIndex().pair(subject.id.bytes + event.sameness)
        countsRepeats = event.identity == nil
    }
}
