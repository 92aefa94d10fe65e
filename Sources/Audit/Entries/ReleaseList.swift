package import Core
import Secrets

/// The people whose data one decision let out, in order: their Merkle root stands in the entry, their ids are sealed
/// beside it.
package struct ReleaseList: Sendable {
    package private(set) var people: [ProfileID] = []
    private var edge = TreeEdge()

    package init() {}

    package init(_ people: [ProfileID]) {
        for person in people { append(person) }
    }

    package var count: Int { people.count }

    /// RFC 6962's root over the ids, a leaf of 16 bytes each.
    package var root: MerkleHash { edge.root }

    package mutating func append(_ person: ProfileID) {
        people.append(person)
        edge.append(MerkleTree.leaf(person.bytes))
        // The tiles are for a tree that is stored; of this one only the root is.
        if people.count.isMultiple(of: TileAddress.width) { _ = edge.takeChanges() }
    }

    /// The list as it is sealed: the ids one after the other.
    fileprivate var bytes: [UInt8] {
        var writer = ByteWriter(capacity: 16 * people.count)
        for person in people {
            writer.write(person.high)
            writer.write(person.low)
        }
        return writer.bytes
    }

    fileprivate init?(decoding bytes: [UInt8]) {
        guard bytes.count.isMultiple(of: 16) else { return nil }
        var reader = ByteReader(bytes)
        while let high = reader.read(UInt64.self), let low = reader.read(UInt64.self) {
            append(ProfileID(high: high, low: low))
        }
    }
}

/// What the log knows of whom one decision let out.
package struct LoggedRelease: Sendable {
    package let people: [ProfileID]
    /// How the decision ended; `nil` for one whose end never came, because the process was killed.
    package let outcome: AuditEntry.Outcome?
    /// The newest of its entries.
    package let entry: UInt64
}

extension AuditLog {
    /// Seals a list, to be kept beside the entry of its decision.
    package func seal(_ list: ReleaseList, of decision: UniqueID) -> [UInt8] {
        BoxSealer(keys.box).seal(list.bytes, label: Self.label(of: decision))
    }

    /// Whom a decision about many people let out, each list held against the root in its entry.
    ///
    /// What left in pieces has an entry for each piece; the last one names the root of all.
    ///
    /// - Throws: `entryNotFound` when no decision about a set has this id; `releaseChanged`.
    package func released(by decision: UniqueID) throws -> LoggedRelease {
        var filter = AuditFilter()
        filter.decision = decision
        let entries = try show(filter, limit: .max)
        guard let newest = entries.first, entries.contains(where: { $0.facts["fields"] != nil && $0.subject == nil })
        else {
            throw AuditError(
                AuditError.entryNotFound, "no decision about a set of people has this id",
                remedy: "`profilevault audit show --action export` lists the exports; the id is `decision`")
        }
        var all = ReleaseList()
        var outcome: AuditEntry.Outcome?
        for entry in entries.reversed() {
            guard let root = entry.facts["released_root"]?.string else {
                if entry.outcome == .failed { outcome = .failed }
                continue
            }
            if entry.outcome != .allowed || entry.action != Action.export.rawValue { outcome = entry.outcome }
            var named = all
            if let detail = entry.detail {
                let opened = try BoxOpener(keys.box).open(detail, label: Self.label(of: decision))
                guard let list = ReleaseList(decoding: opened) else { throw Self.releaseChanged(entry) }
                for person in list.people { all.append(person) }
                named = list
            }
            guard hex(named.root).utf8.elementsEqual(root.utf8) else { throw Self.releaseChanged(entry) }
        }
        return LoggedRelease(people: all.people, outcome: outcome, entry: newest.number)
    }

    private static func label(of decision: UniqueID) -> [UInt8] {
        Array("profilevault audit release v1".utf8) + decision.bytes
    }

    private static func releaseChanged(_ entry: LoggedEntry) -> AuditError {
        AuditError(
            AuditError.releaseChanged, "the people sealed beside audit entry \(entry.number) are not those it names",
            remedy: AuditError.doctor)
    }
}
