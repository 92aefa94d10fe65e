import Audit
import Core
package import Gate
import Secrets
import Storage
import Synchronization
import Vault

/// Brings rows into the vault: read and standardised on one thread, resolved and sealed on a second (and its helper),
/// written on a third. Memory is bounded by the batches under way, whatever the input's size.
///
/// An import that was cut short is run again and ends as it would have: where rows of one person differ, the last one
/// holds.
package struct Importer: Sendable {
    /// How far an import is.
    package struct Progress: Sendable {
        package let counts: ImportCounts
        /// Bytes of the file up to the last row that was written, and all of them where that is known.
        package let bytesWritten: Int
        package let bytesTotal: Int?
        /// Where rejected rows of the batches before are listed, if there were any.
        package let rejects: String?
    }

    /// What an import came to.
    package struct Outcome: Sendable {
        package let counts: ImportCounts
        /// Stopped on request at a batch boundary; what was counted is committed.
        package let stopped: Bool
        /// Where rejected rows are listed, if there were any.
        package let rejects: String?
        /// How many rows were rejected because they are not UTF-8: the file may be in another encoding.
        package let notUTF8: Int
    }

    /// Rows in a batch: one transaction, one entry in the log, one turn of the key store's journal.
    package static let batchRows = 4000
    /// Or this many bytes, when rows are long.
    private static let batchBytes = 4 << 20

    private let vault: OpenVault
    private let gate: Gate
    private let caller: Caller
    private let batchRows: Int

    package init(vault: OpenVault, gate: Gate, caller: Caller, batchRows: Int = Self.batchRows) {
        self.vault = vault
        self.gate = gate
        self.caller = caller
        self.batchRows = batchRows
    }

    /// Imports a source whole.
    ///
    /// - Parameters:
    ///   - source: what the source is called in the log and in events.
    ///   - rejectsPath: where rejected rows are listed; another name is taken rather than overwriting a file.
    ///   - open: opens the rows, mapped to fields, consents and events; asked once, on the reading thread.
    ///   - shouldStop: asked between batches.
    ///   - progress: told after each committed batch, on a thread of the import.
    /// - Returns: what became of every row that was read.
    /// - Throws: what makes the input unreadable or the stores unwritable; what was committed before stays.
    package func run(
        source: String, rejectsPath: String, open: @escaping @Sendable () throws -> MappedInput,
        shouldStop: @escaping @Sendable () -> Bool = { false },
        progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) throws -> Outcome {
        let now = try gate.authorize(.import, by: caller).time
        // Whoever is not found would be made a second time.
        let rebuild = IndexRebuild(vault)
        if try rebuild.isNeeded(counting: true) { try rebuild.run() }
        let keys = try vault.tree.keys(of: gate.tenant.id)
        let batches = Channel<RowBatch>(capacity: 2)
        let sealed = Channel<SealedBatch>(capacity: 2)
        let committed = Atomic<Int64>(try vault.profiles.change())
        let size = Mutex<Int?>(nil)

        let standardiser = try RowStandardiser(gate: gate, keys: keys, source: source, now: now)
        let reading = Worker("import: reading") { [batchRows] in
            defer { batches.finish() }
            var input = try open()
            size.withLock { $0 = input.size }
            var standardiser = standardiser
            try Self.read(&input, &standardiser, into: batches, of: batchRows)
        }
        let writer = BatchWriter(
            profiles: vault.profiles, events: vault.events, lookup: vault.lookup, ledger: vault.ledger,
            audit: vault.audit, purposes: gate.policies.purposes, source: source)
        let writing = Worker("import: writing") { [gate, caller] in
            // A writer that fails wakes the sealing thread, which would wait for room otherwise.
            defer { sealed.abandon() }
            let rejects = RejectsFile(path: rejectsPath)
            var counts = ImportCounts()
            var notUTF8 = 0
            while let batch = sealed.receive() {
                // Asked anew for each batch: a policy activated meanwhile holds from the next one on.
                counts.add(try writer.write(batch, under: gate.authorize(.import, by: caller)))
                notUTF8 += batch.rejections.count { $0.code == RejectionCode(.notUTF8) }
                committed.store(batch.change, ordering: .releasing)
                // Told before the list is written: what is committed counts, whatever becomes of the list.
                progress(
                    Progress(
                        counts: counts, bytesWritten: batch.position, bytesTotal: size.withLock { $0 },
                        rejects: rejects.path))
                try rejects.write(batch.rejections)
            }
            try rejects.close()
            return (counts, rejects.path, notUTF8)
        }

        var stopped = false
        let sealing = Result {
            try seal(
                from: batches, into: sealed, keys: keys, run: vault.lookup.nextRun(), at: now, committed: committed,
                shouldStop: shouldStop, stopped: &stopped)
        }
        batches.abandon()
        sealed.finish()
        let written = Result { try writing.join() }
        let read = Result { try reading.join() }
        // The first cause, not what it led to.
        let (counts, rejects, notUTF8) = try written.get()
        try sealing.get()
        try read.get()
        return Outcome(counts: counts, stopped: stopped, rejects: rejects, notUTF8: notUTF8)
    }

    private static func read(
        _ input: inout MappedInput, _ standardiser: inout RowStandardiser, into batches: Channel<RowBatch>,
        of batchRows: Int
    ) throws {
        var batch = RowBatch()
        var start = 0
        while let row = try input.next() {
            switch row {
            case .success(let mapped):
                switch try standardiser.standardise(mapped) {
                case .success(let row): batch.rows.append(row)
                case .failure(let rejection): batch.rejections.append(rejection)
                }
            case .failure(let rejection): batch.rejections.append(rejection)
            }
            if batch.read >= batchRows || input.bytesRead - start >= batchBytes {
                start = input.bytesRead
                batch.position = input.position
                guard batches.send(batch) else { return }
                batch = RowBatch()
            }
        }
        batch.position = input.position
        if batch.read > 0 { _ = batches.send(batch) }
    }

    private func seal(
        from batches: Channel<RowBatch>, into sealed: Channel<SealedBatch>, keys: TenantKeys, run: Int64,
        at now: Timestamp, committed: borrowing Atomic<Int64>, shouldStop: () -> Bool, stopped: inout Bool
    ) throws {
        var resolver = Resolver(
            gate: gate, profiles: vault.profiles, lookup: vault.lookup, data: vault.stores.data, keys: keys,
            caller: caller)
        let sealer = BatchSealer(
            profiles: vault.profiles, lookup: vault.lookup, keys: keys, schemaVersion: gate.schema.version, run: run)
        var change = committed.load(ordering: .acquiring)
        while let batch = batches.receive() {
            if shouldStop() {
                stopped = true
                return
            }
            resolver.forget(upTo: committed.load(ordering: .acquiring))
            let resolved = try resolver.resolve(batch, at: now)
            change += 1
            let (next, pending) = try sealer.seal(resolved, of: batch, change: change, at: now)
            resolver.remember(pending)
            guard sealed.send(next) else { return }
        }
    }
}
