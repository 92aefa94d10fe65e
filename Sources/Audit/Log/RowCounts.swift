import Core

/// How often the vault's own rows of each kind have changed, as the log counts it in its state.
///
/// A row counts its changes, too: when the sum over all rows is less than this, one of them was put back or removed.
/// So an older policy set or account is found when it is used, without going through the log.
package struct RowCounts: Sendable, Equatable {
    private static let kinds: [HeadChange.Kind] = [
        .account, .tenant, .field, .policySet, .highestNumber, .denial, .service, .approval,
    ]
    /// Kinds that every log counts; later ones are written from their first change on, so that older logs stay readable.
    private static let always = 5

    private var counts = [UInt64](repeating: 0, count: kinds.count)

    package init() {}

    /// Reads what `bytes` gives; `nil` when it is of another length.
    init?(bytes: [UInt8]) {
        guard bytes.count >= 8 * Self.always else { return nil }
        var reader = ByteReader(bytes)
        for place in counts.indices where !reader.atEnd {
            guard let count = reader.read(UInt64.self) else { return nil }
            counts[place] = count
        }
        guard reader.atEnd else { return nil }
    }

    /// Eight bytes for each kind, in their order.
    var bytes: [UInt8] {
        var writer = ByteWriter(capacity: 8 * counts.count)
        let last = counts.lastIndex { $0 > 0 } ?? 0
        for count in counts.prefix(max(Self.always, last + 1)) { writer.write(count) }
        return writer.bytes
    }

    /// Changes of this kind's rows; of `highestNumber` the number itself, of `denial` the records.
    package subscript(kind: HeadChange.Kind) -> UInt64 { Self.kinds.firstIndex(of: kind).map { counts[$0] } ?? 0 }

    mutating func count(_ change: HeadChange) {
        guard let place = Self.kinds.firstIndex(of: change.kind) else { return }
        switch change.kind {
        case .highestNumber, .denial: counts[place] = max(counts[place], change.sequence)
        default: counts[place] += 1
        }
    }
}
