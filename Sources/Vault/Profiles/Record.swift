package import Core
package import Secrets

/// The sealed cells of one profile, side by side in one blob.
///
/// ```
/// 1   format, 1
/// 4   id of the profile key
/// 2   number of cells n
/// n × field number (2), revision it was sealed at (4), schema version (2), sealed length (4)
/// …   the sealed cells, in the same order
/// ```
/// All numbers are big-endian. The order is that of the field numbers.
package struct Record: Sendable, Equatable {
    /// Where one cell lies in the blob, and what it is bound to.
    package struct Cell: Sendable, Equatable {
        package let field: UInt16
        package let revision: UInt32
        package let schemaVersion: UInt16
        package let range: Range<Int>
    }

    static let format: UInt8 = 1
    private static let headLength = 7
    private static let cellHeadLength = 12

    package let bytes: [UInt8]
    package let keyID: UInt32
    package let cells: [Cell]

    /// - Throws: `recordMalformed` when the blob is not one that the vault writes.
    package init(decoding bytes: [UInt8]) throws(VaultError) {
        guard bytes.count >= Self.headLength, bytes[0] == Self.format else { throw Self.malformed }
        let keyID = bytes.bigEndian(UInt32.self, at: 1)
        let count = Int(bytes.bigEndian(UInt16.self, at: 5))
        var start = Self.headLength + count * Self.cellHeadLength
        guard start <= bytes.count else { throw Self.malformed }
        var cells: [Cell] = []
        cells.reserveCapacity(count)
        for place in 0..<count {
            let head = Self.headLength + place * Self.cellHeadLength
            let length = Int(bytes.bigEndian(UInt32.self, at: head + 8))
            guard length <= bytes.count - start else { throw Self.malformed }
            cells.append(
                Cell(
                    field: bytes.bigEndian(UInt16.self, at: head), revision: bytes.bigEndian(UInt32.self, at: head + 2),
                    schemaVersion: bytes.bigEndian(UInt16.self, at: head + 6), range: start..<(start + length)))
            start += length
        }
        guard start == bytes.count else { throw Self.malformed }
        self.bytes = bytes
        self.keyID = keyID
        self.cells = cells
    }

    private init(bytes: [UInt8], keyID: UInt32, cells: [Cell]) {
        self.bytes = bytes
        self.keyID = keyID
        self.cells = cells
    }

    package func cell(_ field: UInt16) -> Cell? { cells.first { $0.field == field } }

    package func sealed(_ cell: Cell) -> ArraySlice<UInt8> { bytes[cell.range] }

    /// What a cell of this record is bound to.
    package func binding(of cell: Cell, in subject: Subject) -> CellBinding {
        CellBinding(
            tenant: subject.tenant, profile: subject.id, kind: .profile, record: subject.id,
            field: UInt32(cell.field), revision: UInt64(cell.revision), keyID: keyID,
            schemaVersion: UInt32(cell.schemaVersion))
    }

    /// Seals new values and carries the other cells of `previous` over as they are; an empty value removes its cell.
    package static func seal(
        _ values: [(field: UInt16, value: String)], over previous: Record?, of subject: Subject,
        with entry: ProfileKeyring.Entry, revision: UInt32, schemaVersion: UInt16
    ) -> Record {
        let sealer = Sealer(entry.key)
        let kept = (previous?.cells ?? []).filter { old in !values.contains { $0.field == old.field } }
        let written = values.filter { !$0.value.isEmpty }.sorted { $0.field < $1.field }
        let count = kept.count + written.count
        let start = headLength + count * cellHeadLength
        let keptLength = kept.reduce(0) { $0 + $1.range.count }
        var body: [UInt8] = []
        body.reserveCapacity(
            written.reduce(start + keptLength) { $0 + Sealer.sealedLength(of: $1.value.utf8.count) })
        // The heads come first and are filled in as the cells behind them become known.
        body.append(format)
        body.append(bigEndian: entry.keyID)
        body.append(bigEndian: UInt16(count))
        body.append(contentsOf: repeatElement(0, count: count * cellHeadLength))
        var cells: [Cell] = []
        cells.reserveCapacity(count)
        var nonces = Nonces(count: written.count)

        func place(_ field: UInt16, _ revision: UInt32, _ schemaVersion: UInt16, from offset: Int) {
            let head = headLength + cells.count * cellHeadLength
            body.put(bigEndian: field, at: head)
            body.put(bigEndian: revision, at: head + 2)
            body.put(bigEndian: schemaVersion, at: head + 6)
            body.put(bigEndian: UInt32(body.count - offset), at: head + 8)
            cells.append(
                Cell(field: field, revision: revision, schemaVersion: schemaVersion, range: offset..<body.count))
        }

        var oldIndex = 0
        var newIndex = 0
        while oldIndex < kept.count || newIndex < written.count {
            let offset = body.count
            if newIndex == written.count || (oldIndex < kept.count && kept[oldIndex].field < written[newIndex].field) {
                let cell = kept[oldIndex]
                oldIndex += 1
                if let previous { body.append(contentsOf: previous.sealed(cell)) }
                place(cell.field, cell.revision, cell.schemaVersion, from: offset)
            } else {
                let (field, value) = written[newIndex]
                newIndex += 1
                let binding = CellBinding(
                    tenant: subject.tenant, profile: subject.id, kind: .profile, record: subject.id,
                    field: UInt32(field), revision: UInt64(revision), keyID: entry.keyID,
                    schemaVersion: UInt32(schemaVersion))
                sealer.seal(value, binding: binding, nonces: &nonces, into: &body)
                place(field, revision, schemaVersion, from: offset)
            }
        }
        return Record(bytes: body, keyID: entry.keyID, cells: cells)
    }

    private static let malformed = VaultError(
        VaultError.recordMalformed, "a profile's record is not in a known format",
        remedy: VaultError.doctor)
}
