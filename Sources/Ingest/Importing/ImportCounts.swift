package import Core

/// What became of the rows of one import: each row counts once, events besides.
package struct ImportCounts: Sendable, Equatable {
    package var read = 0
    /// The row made a new profile.
    package var created = 0
    /// Fields or consents of a profile that was there changed.
    package var updated = 0
    /// The row joined an identifier that was new to a profile found by another one.
    package var merged = 0
    /// Nothing in the row was new.
    package var unchanged = 0
    /// Only an event was new.
    package var appended = 0
    /// Held back for a person to decide.
    package var quarantined = 0
    /// The row could not be used; the rejects file says why.
    package var rejected = 0
    package var events = 0

    package init() {}

    /// Whether every row that was read is accounted for.
    package var balances: Bool {
        read == created + updated + merged + unchanged + appended + quarantined + rejected
    }

    mutating func add(_ other: ImportCounts) {
        read += other.read
        created += other.created
        updated += other.updated
        merged += other.merged
        unchanged += other.unchanged
        appended += other.appended
        quarantined += other.quarantined
        rejected += other.rejected
        events += other.events
    }

    mutating func count(_ outcome: RowOutcome) {
        switch outcome {
        case .created: created += 1
        case .updated: updated += 1
        case .merged: merged += 1
        case .unchanged: unchanged += 1
        case .appended: appended += 1
        case .rejected: rejected += 1
        }
    }

    /// The members of `import --json`, without the time.
    package var json: JSONObject {
        var object = JSONObject()
        object["read"] = JSON(read)
        object["created"] = JSON(created)
        object["updated"] = JSON(updated)
        object["merged"] = JSON(merged)
        object["unchanged"] = JSON(unchanged)
        object["appended"] = JSON(appended)
        object["quarantined"] = JSON(quarantined)
        object["rejected"] = JSON(rejected)
        object["events"] = JSON(events)
        return object
    }
}

/// What one readable row did.
enum RowOutcome: Sendable {
    case created, updated, merged, unchanged, appended
    /// It could be read, but not used.
    case rejected
}
