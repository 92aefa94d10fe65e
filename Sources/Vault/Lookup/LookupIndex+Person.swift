package import Core
import Storage

extension LookupIndex: PersonalStore {
    /// What leads to one person, worked out while their data could still be opened.
    package struct Removal: Sendable {
        package let entries: [Entry]
        package let events: [EventDigest]
        /// The number of the change of people's data that this belongs to.
        package let change: Int64
        /// Entries may be there that the person's data does not tell of: all are looked through.
        package let isPartial: Bool

        package init(entries: [Entry], events: [EventDigest], change: Int64, isPartial: Bool = false) {
            self.entries = entries
            self.events = events
            self.change = change
            self.isPartial = isPartial
        }
    }

    /// The index cannot be asked by person: counting would mean to go through it.
    package func describe(_ person: Subject) throws -> [StoreReport] {
        [
            StoreReport("lookup", .rebuildable, .held, items: nil),
            StoreReport("event_entry", .rebuildable, .held, items: nil),
        ]
    }

    package func erase(_ person: Subject, in change: Removal) throws -> [StoreReport] {
        try database.write { connection in
            var entries = 0
            let delete = try connection.prepared("DELETE FROM lookup WHERE entry = $1 AND number = $2")
            for item in change.entries {
                try delete.bind(item.entry, at: 1)
                try delete.bind(item.number, at: 2)
                entries += try delete.run()
            }
            let strays = try state("strays", on: connection)
            if change.isPartial || strays > 0 {
                entries += try connection.run("DELETE FROM lookup WHERE number = $1", .integer(person.number))
            }
            let events = try forget(change.events, on: connection)
            try count(-entries, in: Self.entryCount, on: connection)
            try count(-events, in: Self.eventCount, on: connection)
            // As with every removal: data that no longer has this change finds the index behind.
            try raise("removed", to: change.change, on: connection)
            try raise("change", to: change.change, on: connection)
            return [
                StoreReport("lookup", .rebuildable, .erased, items: entries),
                StoreReport("event_entry", .rebuildable, .erased, items: events),
            ]
        }
    }

    /// Equal events that nothing names take places one after the other.
    private func forget(_ events: [EventDigest], on connection: any Connection) throws -> Int {
        let delete = try connection.prepared("DELETE FROM event_entry WHERE entry = $1 AND check_entry = $2")
        var places: [EventDigest: Int64] = [:]
        var count = 0
        for event in events {
            let place = places[event, default: 0]
            places[event] = place + 1
            try delete.bind(event.entry, at: 1)
            try delete.bind(event.check &+ place, at: 2)
            count += try delete.run()
        }
        return count
    }
}
