import Core
import Secrets
import Storage

/// Goes through the whole log and hashes everything anew, a tile of entries in one read of the database.
///
/// What is wrong is noted and the walk goes on with the stored hash, so that one changed entry is not taken for many.
struct LogWalk {
    private static let problemLimit = 100

    let log: AuditLog
    let state: LogState
    let heads: (HeadChange) throws -> Void
    private(set) var report = VerificationReport()
    private(set) var problems: [AuditError] = []
    private(set) var moreProblems = 0
    /// What is wrong within the entries of one tile, until it is known which of them are the logged ones.
    private var contentProblems: [(UInt64, ErrorCode, String)] = []
    /// The tree that the stored hashes of the entries give.
    private var edge = TreeEdge()
    private var time: [UInt8] = []
    /// Sizes whose roots are asked for, and the roots once the walk has come by.
    private var roots: [UInt64: MerkleHash]
    /// Subjects whose detail is not there, with one of the entries that miss it.
    private var missingDetails: [ProfileID: UInt64] = [:]
    private var erased: Set<ProfileID> = []

    init(_ log: AuditLog, state: LogState, rootsAt sizes: [UInt64], heads: @escaping (HeadChange) throws -> Void) {
        self.log = log
        self.state = state
        self.heads = heads
        roots = Dictionary(sizes.map { ($0, []) }, uniquingKeysWith: { first, _ in first })
        if roots[0] != nil { roots[0] = edge.root }
    }

    /// The root of the first `size` entries, as found.
    func root(at size: UInt64) -> MerkleHash? { roots[size].flatMap { $0.isEmpty ? nil : $0 } }

    mutating func run(progress: ((UInt64, UInt64) -> Void)?) throws {
        let width = UInt64(TileAddress.width)
        for start in stride(from: UInt64(0), to: state.size, by: TileAddress.width) {
            let entries = start..<min(start + width, state.size)
            try log.database.read { connection in try check(entries, on: connection) }
            progress?(entries.upperBound, state.size)
        }
        try log.database.read { connection in try checkTiles(edge.open, on: connection) }
        for (subject, number) in missingDetails.sorted(by: { $0.value < $1.value }) where !erased.contains(subject) {
            note(AuditError.detailMissing, "the sealed detail of audit entry \(number) is gone, and its person is not")
        }
        if edge.root != state.root {
            note(AuditError.treeChanged, "the entries of the audit log do not give its root")
        }
        try checkBeyondEnd()
        report.entries = state.size
        report.root = state.root
    }

    mutating func note(_ code: ErrorCode, _ message: String) {
        if problems.count < Self.problemLimit {
            problems.append(AuditError(code, message, remedy: AuditError.doctor))
        } else {
            moreProblems += 1
        }
    }

    private mutating func check(_ entries: Range<UInt64>, on connection: any Connection) throws {
        let address = TileAddress(level: 0, position: entries.lowerBound / UInt64(TileAddress.width))
        let stored = TileHashes(try AuditLog.tile(address, on: connection))
        var found: [MerkleHash?] = []
        found.reserveCapacity(entries.count)
        contentProblems = []
        try connection.query(
            "SELECT number, leaf, detail, heads FROM audit_entry WHERE number >= $1 AND number < $2 ORDER BY number",
            .integer(Int64(entries.lowerBound)), .integer(Int64(entries.upperBound))
        ) { row in
            let number = UInt64(truncatingIfNeeded: try row.int64(at: 0))
            while UInt64(found.count) < number - entries.lowerBound { found.append(nil) }
            let leaf = try row.blob(at: 1)
            found.append(MerkleTree.leaf(leaf))
            try checkContent(of: number, leaf, detail: try row.optionalBlob(at: 2), heads: try row.optionalBlob(at: 3))
        }
        while found.count < entries.count { found.append(nil) }
        if try isTileAtFault(stored, found, address, on: connection) {
            note(AuditLog.treeChanged(address))
            for hash in found { append(hash ?? MerkleTree.emptyRoot) }
        } else {
            settle(found, stored, from: entries.lowerBound)
        }
        for (number, code, message) in contentProblems {
            // Of an entry that is not the logged one it says nothing that its content is wrong, too.
            let place = number - entries.lowerBound
            if found[Int(place)] == stored[place] { note(code, message) }
        }
        try checkTiles(edge.takeChanges().filter { $0.1.count == TileAddress.fullLength }, on: connection)
    }

    private mutating func append(_ hash: MerkleHash) {
        edge.append(hash)
        if roots[edge.size] != nil { roots[edge.size] = edge.root }
    }

    /// Whether the entries are those that the hashes above were made of, and only the tile of their own is not.
    private func isTileAtFault(
        _ stored: TileHashes, _ found: [MerkleHash?], _ address: TileAddress, on connection: any Connection
    ) throws -> Bool {
        let hashes = found.compactMap { $0 }
        guard hashes.count == found.count, !stored.elementsEqual(hashes) else { return false }
        if hashes.count < TileAddress.width {
            var candidate = edge
            for hash in hashes { candidate.append(hash) }
            return candidate.root == state.root
        }
        let above = TileHashes(try AuditLog.tile(address.above, on: connection))
        return above[address.position % UInt64(TileAddress.width)] == MerkleTree.root(ofLeafHashes: hashes)
    }

    /// Goes on with the stored hashes, and notes the entries that do not have them.
    private mutating func settle(_ found: [MerkleHash?], _ stored: TileHashes, from start: UInt64) {
        for (place, hash) in found.enumerated() {
            let number = start + UInt64(place)
            let expected = stored[UInt64(place)]
            if hash == nil {
                note(AuditError.entryMissing, "audit entry \(number) is missing")
            } else if let hash, let expected, hash != expected {
                if let other = stored.firstIndex(of: hash) {
                    note(
                        AuditError.entryMoved, "where audit entry \(number) belongs stands entry \(start + other)")
                } else {
                    note(AuditError.entryChanged, "audit entry \(number) is not what was logged")
                }
            }
            append(expected ?? hash ?? MerkleTree.emptyRoot)
        }
    }

    private mutating func note(_ number: UInt64, _ code: ErrorCode, _ message: String) {
        contentProblems.append((number, code, message))
    }

    private mutating func checkContent(of number: UInt64, _ leaf: [UInt8], detail: [UInt8]?, heads: [UInt8]?) throws {
        guard let stamp = Leaf.timeBytes(of: leaf) else {
            note(number, AuditError.entryChanged, "audit entry \(number) is no entry")
            return
        }
        if number == 0 { report.firstTime = Leaf.timestamp(of: leaf) }
        if number + 1 == state.size { report.lastTime = Leaf.timestamp(of: leaf) }
        // The fixed form sorts as the moments do.
        if stamp.lexicographicallyPrecedes(time) {
            note(number, AuditError.timeBackwards, "audit entry \(number) is earlier than the one before")
        }
        time = Array(stamp)
        let digests = Leaf.digests(in: leaf)
        try checkDetail(of: number, leaf, detail, digests.detail)
        try checkHeads(of: number, heads, digests.heads)
    }

    private mutating func checkDetail(
        of number: UInt64, _ leaf: [UInt8], _ detail: [UInt8]?, _ digest: ArraySlice<UInt8>?
    ) throws {
        switch (detail, digest) {
        case (nil, nil): break
        case (let detail?, let digest?) where hex(BLAKE2b.digest(detail)).utf8.elementsEqual(digest): break
        case (nil, _?):
            report.shreddedDetails += 1
            guard let subject = try? LoggedEntry(number: number, leaf: leaf, detail: nil).subject else {
                note(number, AuditError.detailMissing, "the sealed detail of audit entry \(number) is gone")
                return
            }
            if missingDetails[subject] == nil { missingDetails[subject] = number }
        default:
            note(number, AuditError.detailChanged, "the sealed detail of audit entry \(number) is not what was logged")
        }
    }

    private mutating func checkHeads(of number: UInt64, _ box: [UInt8]?, _ digest: ArraySlice<UInt8>?) throws {
        switch (box, digest) {
        case (nil, nil): return
        case (let box?, let digest?) where hex(BLAKE2b.digest(box)).utf8.elementsEqual(digest):
            do {
                for change in try HeadList.open(box, with: log.keys.box) {
                    report.headChanges += 1
                    if change.isRemoval { erased.insert(change.profile) }
                    try heads(change)
                }
            } catch is SecretsError {
                note(number, AuditError.headsChanged, "the head changes of audit entry \(number) do not open")
            }
        default:
            note(number, AuditError.headsChanged, "the head changes of audit entry \(number) are not what was logged")
        }
    }

    /// Compares tiles above the entries with what is stored.
    private mutating func checkTiles(_ tiles: [(TileAddress, [UInt8])], on connection: any Connection) throws {
        for (address, hashes) in tiles where address.level > 0 {
            let stored = try AuditLog.tile(address, on: connection)
            if stored == hashes { continue }
            let found = TileHashes(stored)
            let place = TileHashes(hashes).enumerated().first { $0.element != found[UInt64($0.offset)] }?.offset
            guard address.level == 1, let place, found.count > place else {
                note(AuditLog.treeChanged(address))
                continue
            }
            // The entries match their own hashes, but not the hash over all of them: both were changed.
            let first = (address.position * UInt64(TileAddress.width) + UInt64(place)) * UInt64(TileAddress.width)
            note(
                AuditError.entryChanged,
                "among audit entries \(first) to \(first + UInt64(TileAddress.width) - 1) some are not what was logged")
        }
    }

    private mutating func note(_ problem: AuditError) { note(problem.code, problem.message) }

    private mutating func checkBeyondEnd() throws {
        let extra = try log.database.read { connection in
            try connection.first(
                "SELECT number FROM audit_entry WHERE number < 0 OR number >= $1 ORDER BY number LIMIT 1",
                .integer(Int64(state.size))
            ) { row in try row.int64(at: 0) }
        }
        guard let extra else { return }
        // What was appended since the walk began is beyond its end, too.
        let size = try log.storedState().size
        if extra < 0 || UInt64(extra) >= size {
            note(AuditError.entryAdded, "audit entry \(extra) lies beyond the end of the log")
        }
    }
}

/// A tile as a collection of its hashes.
struct TileHashes: Collection {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var startIndex: Int { 0 }
    var endIndex: Int { bytes.count / MerkleTree.hashLength }

    func index(after index: Int) -> Int { index + 1 }

    subscript(position: Int) -> MerkleHash {
        Array(bytes[(position * MerkleTree.hashLength)..<((position + 1) * MerkleTree.hashLength)])
    }

    /// `nil` beyond the end: of a tile that was cut.
    subscript(place: UInt64) -> MerkleHash? { place < UInt64(count) ? self[Int(place)] : nil }

    func firstIndex(of hash: MerkleHash) -> UInt64? { indices.first { self[$0] == hash }.map { UInt64($0) } }
}
