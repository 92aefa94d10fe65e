package import Core

/// The last change of every head of every person and of the vault: what the database must show, and nothing else.
///
/// A person's two heads share a record of 72 bytes, in pieces that never move, found by a table of 32-bit places: a
/// million people take about 80 MB.
package struct HeadMap: Sendable {
    private struct Record {
        let high: UInt64
        let low: UInt64
        let tenant: UInt32
        var profile = Head()
        var consent = Head()
    }

    /// Nothing known when the sequence is that of no head.
    private struct Head {
        var sequence = UInt64.max
        var words: (UInt64, UInt64) = (0, 0)
    }

    /// What names a row of the vault itself.
    private struct RowName: Hashable {
        let kind: HeadChange.Kind
        let id: UniqueID
    }

    private static let pieceLength = 8192
    private static let free = UInt32.max

    private var pieces: [[Record]] = []
    private var places = [UInt32](repeating: HeadMap.free, count: 1024)
    private var records = 0
    /// The vault's own rows, which are few.
    private var rows: [RowName: HeadChange] = [:]
    /// Heads that are in the map.
    package private(set) var count = 0

    package init() {}

    /// Takes a change; one with a lower sequence than is known already changes nothing.
    package mutating func update(_ change: HeadChange) {
        guard !change.kind.isVaults else { return updateRow(change) }
        let place = place(adding: change.tenant, change.profile)
        let (piece, offset) = (place / Self.pieceLength, place % Self.pieceLength)
        let head = Head(sequence: change.sequence, words: change.words)
        if change.kind == .profile {
            count += Self.replace(&pieces[piece][offset].profile, head)
        } else {
            count += Self.replace(&pieces[piece][offset].consent, head)
        }
    }

    private mutating func updateRow(_ change: HeadChange) {
        let name = RowName(kind: change.kind, id: change.profile)
        guard let known = rows[name] else {
            rows[name] = change
            count += 1
            return
        }
        if known.sequence <= change.sequence { rows[name] = change }
    }

    /// Returns how many heads came to it.
    private static func replace(_ known: inout Head, _ head: Head) -> Int {
        if known.sequence == .max {
            known = head
            return 1
        }
        if known.sequence <= head.sequence { known = head }
        return 0
    }

    /// The last change of one head; `nil` when the log never named it.
    package func head(_ kind: HeadChange.Kind, of profile: ProfileID, tenant: TenantID) -> HeadChange? {
        guard !kind.isVaults else { return rows[RowName(kind: kind, id: profile)] }
        guard let place = place(of: tenant, profile) else { return nil }
        return change(kind, pieces[place / Self.pieceLength][place % Self.pieceLength])
    }

    /// Takes one head out, so that in the end those are left which the database does not have.
    package mutating func take(_ kind: HeadChange.Kind, of profile: ProfileID, tenant: TenantID) -> HeadChange? {
        guard let place = place(of: tenant, profile) else { return nil }
        let (piece, offset) = (place / Self.pieceLength, place % Self.pieceLength)
        guard let change = change(kind, pieces[piece][offset]) else { return nil }
        if kind == .profile { pieces[piece][offset].profile = Head() } else { pieces[piece][offset].consent = Head() }
        count -= 1
        return change
    }

    /// Takes one of the vault's own rows out, as `take` does.
    package mutating func takeRow(_ kind: HeadChange.Kind, _ id: UniqueID) -> HeadChange? {
        guard let change = rows.removeValue(forKey: RowName(kind: kind, id: id)) else { return nil }
        count -= 1
        return change
    }

    /// Lends every head that is in the map.
    package func forEach(_ body: (HeadChange) throws -> Void) rethrows {
        for piece in pieces {
            for record in piece {
                for kind in [HeadChange.Kind.profile, .consent] {
                    if let change = change(kind, record) { try body(change) }
                }
            }
        }
        try rows.values.sorted { $0.profile < $1.profile }.forEach(body)
    }

    private func change(_ kind: HeadChange.Kind, _ record: Record) -> HeadChange? {
        let head = kind == .profile ? record.profile : record.consent
        guard head.sequence != .max else { return nil }
        return HeadChange(
            kind: kind, tenant: TenantID(record.tenant), profile: ProfileID(high: record.high, low: record.low),
            sequence: head.sequence, words: head.words)
    }

    private func place(of tenant: TenantID, _ profile: ProfileID) -> Int? {
        var slot = slot(tenant, profile)
        while places[slot] != Self.free {
            if holds(Int(places[slot]), tenant, profile) { return Int(places[slot]) }
            slot = (slot + 1) & (places.count - 1)
        }
        return nil
    }

    private mutating func place(adding tenant: TenantID, _ profile: ProfileID) -> Int {
        if let place = place(of: tenant, profile) { return place }
        if (records + 1) * 10 > places.count * 7 { grow() }
        if records % Self.pieceLength == 0 {
            pieces.append([])
            pieces[pieces.count - 1].reserveCapacity(Self.pieceLength)
        }
        pieces[pieces.count - 1].append(
            Record(high: profile.high, low: profile.low, tenant: tenant.number))
        settle(records)
        records += 1
        return records - 1
    }

    private mutating func grow() {
        places = [UInt32](repeating: Self.free, count: places.count * 2)
        for place in 0..<records { settle(place) }
    }

    private mutating func settle(_ place: Int) {
        let record = pieces[place / Self.pieceLength][place % Self.pieceLength]
        var slot = slot(TenantID(record.tenant), ProfileID(high: record.high, low: record.low))
        while places[slot] != Self.free { slot = (slot + 1) & (places.count - 1) }
        places[slot] = UInt32(truncatingIfNeeded: place)
    }

    private func holds(_ place: Int, _ tenant: TenantID, _ profile: ProfileID) -> Bool {
        let record = pieces[place / Self.pieceLength][place % Self.pieceLength]
        return record.low == profile.low && record.high == profile.high && record.tenant == tenant.number
    }

    private func slot(_ tenant: TenantID, _ profile: ProfileID) -> Int {
        // Two rounds, so that no relation between the halves of an id makes a chain of equal slots.
        var mixed = (profile.high &+ UInt64(tenant.number)) &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 32) ^ profile.low) &* 0xD6E8_FEB8_6659_FD93
        mixed ^= mixed >> 29
        mixed = mixed &* 0x94D0_49BB_1331_11EB
        return Int(truncatingIfNeeded: mixed >> 32) & (places.count - 1)
    }
}
