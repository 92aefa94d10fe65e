package import Core
package import Gate

/// Sends out what may be seen of everybody in a tenant.
package struct Exporter {
    /// What an export came to.
    package struct Outcome: Sendable {
        package let decision: UniqueID
        package let columns: [Export.Column]
        /// Fields asked for that the policies let out of nobody's profile.
        package let denied: [String]
        /// How many people's rows went out.
        package let people: Int
        /// How many people nothing went out of, by the reason.
        package let withheld: [WithheldReason: Int]
        /// Rows that were made and taken out again, because somebody withdrew meanwhile; counted in `withheld`.
        package let takenOut: Int
        /// Somebody asked for an end, and it is no whole export.
        package let stopped: Bool
    }

    private let gate: Gate

    package init(gate: Gate) { self.gate = gate }

    /// Exports to `destination`; `progress` hears how many people were asked about.
    ///
    /// The entry of the log comes before the file is seen, or before each batch of a stream leaves. What fails or is
    /// stopped has an entry that says so.
    package func run(
        _ request: ReadRequest, as format: ExportFormat, to destination: some Destination,
        shouldStop: () -> Bool = { false }, progress: (Int) -> Void = { _ in }
    ) throws -> Outcome {
        let export = try gate.export(request, as: format.rawValue, by: destination.delivery)
        do {
            let lengths = try write(export, format.writer(export.columns), to: destination, shouldStop, progress)
            guard let lengths else {
                try export.fail("stopped")
                return outcome(of: export, takenOut: 0, stopped: true)
            }
            try destination.settle()
            let places = try export.finish()
            try destination.remove(lengths.pieces(at: places))
            try destination.publish()
            return outcome(of: export, takenOut: places.count, stopped: false)
        } catch {
            // What went wrong first is what matters; that it is in the log can fail for the same reason.
            try? export.fail((error as? any ReportableError)?.code.name ?? "failed")
            throw error
        }
    }

    /// Where the rows stand in what was written.
    private struct Lengths {
        let header: Int
        var rows: [UInt32] = []

        func pieces(at places: [Int]) -> [Range<Int>] {
            var pieces: [Range<Int>] = []
            var offset = header
            var done = 0
            for place in places {
                offset += rows[done..<place].reduce(0) { $0 + Int($1) }
                done = place
                pieces.append(offset..<(offset + Int(rows[place])))
            }
            return pieces
        }
    }

    /// Writes everybody's rows; `nil` when it was to stop before the end.
    private func write(
        _ export: Export, _ writer: any RowWriter, to destination: some Destination, _ shouldStop: () -> Bool,
        _ progress: (Int) -> Void
    ) throws -> Lengths? {
        let header = writer.header
        var lengths = Lengths(header: header.count)
        try destination.write(header)
        while true {
            // Asked before a batch is in the log, which is then on its way out.
            guard !shouldStop() else { return nil }
            guard let rows = try export.next({ writer.row($0, $1) }) else { return lengths }
            for row in rows {
                try destination.write(row)
                if export.delivery == .file { lengths.rows.append(UInt32(row.count)) }
            }
            progress(export.asked)
        }
    }

    private func outcome(of export: Export, takenOut: Int, stopped: Bool) -> Outcome {
        Outcome(
            decision: export.decision, columns: export.columns, denied: export.denied, people: export.people,
            withheld: export.withheld, takenOut: takenOut, stopped: stopped)
    }
}
