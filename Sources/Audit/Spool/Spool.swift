import Core
import Secrets
import Synchronization

/// The append-only file that an entry is in before the value it describes is released.
///
/// Two locks: `state` orders the writes and is held for one system call; `flushing` is held while a thread waits for
/// the disk, so that all that wrote meanwhile share the next `fdatasync`. `flushing` is taken first.
final class Spool: Sendable {
    private struct State {
        var file: SpoolFile
        var end: Int
        var mark: SpoolMark
        /// What is not in the log as far as is known, oldest first.
        var pending: [SpoolFrame] = []
        var pendingBytes = 0
        /// Where the first of `pending` starts in the file.
        var start: Int
        /// What the header says, or is about to.
        var folded: SpoolMark
        var sinceCheck = 0
        /// Set for good when nothing can be promised about the file any more.
        var failure: AuditError?
    }

    /// Frames before this many bytes are cut off by writing the rest to a new file.
    private static let leftoverLimit = 4 << 20
    private static let checkInterval = 64
    /// Beyond this the recording threads wait until the log has caught up.
    static let pendingLimit = 32 << 20

    private let state: Mutex<State>
    private let flushing: Mutex<UInt64>
    private let newest: Atomic<Int64>
    private let origin: [UInt8]
    private let key: AuthenticationKey
    private let durability: AuditLog.Durability
    private let calls: SpoolFile.Calls

    /// Takes over a spool that was read, or begins one when `reading.end` is 0.
    init(
        _ file: SpoolFile?, reading: SpoolReading?, state folded: SpoolMark, path: String, origin: [UInt8],
        key: AuthenticationKey, durability: AuditLog.Durability, calls: SpoolFile.Calls
    ) throws(AuditError) {
        var mark = reading?.mark ?? folded
        mark.time = max(mark.time, folded.time)
        mark.size = folded.size
        let whole: SpoolFile
        let end: Int
        if let file, let reading, reading.end > 0 {
            if reading.tornBytes > 0, !file.truncate(to: reading.end) {
                throw .notRecorded("the torn end of the spool could not be cut off")
            }
            whole = file
            end = reading.end
        } else {
            let header = SpoolHeader(origin: origin, durability: durability, mark: mark)
            whole = try SpoolFile(replacing: path, with: header.encoded(key: key), calls: calls)
            file?.close()
            end = SpoolHeader.length
        }
        var initial = State(file: whole, end: end, mark: mark, start: end, folded: folded)
        initial.pending = reading?.frames ?? []
        initial.pendingBytes = initial.pending.reduce(0) { $0 + $1.bytes.count }
        initial.start = end - initial.pendingBytes
        state = Mutex(initial)
        flushing = Mutex(mark.sequence)
        newest = Atomic(mark.time.milliseconds)
        self.origin = origin
        self.key = key
        self.durability = durability
        self.calls = calls
    }

    /// The newest time of any entry.
    var lastTime: Timestamp { Timestamp(milliseconds: newest.load(ordering: .acquiring)) }

    /// Entries that are not in the log yet.
    var pendingCount: Int { state.withLock { state in state.pending.reduce(0) { $0 + $1.count } } }

    /// Puts the entries in the file, all or none; returns how many bytes wait to be folded.
    func record(_ entries: [AuditEntry]) throws(AuditError) -> Int {
        var encoded = SpoolFrame.encode(entries)
        guard encoded.count <= SpoolFrame.longest - SpoolMark.chainLength else {
            throw AuditError(AuditError.entryTooLarge, "audit entries of one call may have 16 MiB together")
        }
        let times = entries.map(\.time)
        let (sequence, waiting) = try state.withLock { state throws(AuditError) in
            try write(&encoded, times, &state)
            return (state.mark.sequence, state.pendingBytes)
        }
        if durability == .strict { try flush(sequence) }
        return waiting
    }

    private func write(_ encoded: inout [UInt8], _ times: [Timestamp], _ state: inout State) throws(AuditError) {
        if let failure = state.failure { throw failure }
        guard state.pendingBytes < 2 * Self.pendingLimit else {
            throw .notRecorded("the spool is full because the log cannot take its entries")
        }
        state.sinceCheck += 1
        if state.sinceCheck >= Self.checkInterval {
            state.sinceCheck = 0
            try check(state.file.isLinked, &state)
        }
        var mark = state.mark
        let frame = SpoolFrame.seal(&encoded, times: times, after: &mark, key: key)
        let error = state.file.append(frame.bytes, at: state.end)
        guard error == 0 else {
            let refusal = AuditError.notRecorded(SpoolFile.systemMessage(error))
            // Nothing of the frame may stay: its entries did not happen.
            if !state.file.truncate(to: state.end) { state.failure = refusal }
            throw refusal
        }
        state.end += frame.bytes.count
        state.mark = mark
        state.pending.append(frame)
        state.pendingBytes += frame.bytes.count
        newest.store(mark.time.milliseconds, ordering: .releasing)
    }

    /// Returns when entry `sequence` is on the disk; threads that come meanwhile share the next turn.
    private func flush(_ sequence: UInt64) throws(AuditError) {
        try flushing.withLock { flushed throws(AuditError) in
            if flushed >= sequence { return }
            let (file, target, failure) = state.withLock { ($0.file, $0.mark.sequence, $0.failure) }
            if let failure { throw failure }
            guard file.synchronise() else {
                // After a failed fdatasync the kernel may have dropped the pages: nothing later can be trusted either.
                let refusal = AuditError.notRecorded("the disk did not take it")
                state.withLock { $0.failure = refusal }
                throw refusal
            }
            flushed = target
        }
    }

    /// What is to be folded after `sequence`, and the mark it leads to; later entries will not be older than `time`.
    func waiting(after sequence: UInt64, notBefore time: Timestamp?) -> (
        frames: ArraySlice<SpoolFrame>, mark: SpoolMark
    ) {
        state.withLock { state in
            if let time, time > state.mark.time {
                state.mark.time = time
                newest.store(time.milliseconds, ordering: .releasing)
            }
            let first = state.pending.firstIndex { $0.first > sequence } ?? state.pending.endIndex
            return (state.pending[first...], state.mark)
        }
    }

    /// Forgets what the log now has, up to `mark`, and shortens the file where that is cheap.
    ///
    /// The header learns of changes, too, which never were in the spool: a database without them is then found.
    func folded(to mark: SpoolMark) throws(AuditError) {
        try flushing.withLock { flushed throws(AuditError) in
            try state.withLock { state throws(AuditError) in
                let count = state.pending.prefix { $0.last <= mark.sequence }.count
                guard count > 0 || mark.size > state.folded.size else { return }
                let bytes = state.pending[..<count].reduce(0) { $0 + $1.bytes.count }
                state.pending.removeFirst(count)
                state.pendingBytes -= bytes
                state.start += bytes
                if state.failure != nil { return }
                try check(state.file.isInPlace, &state)
                try shorten(&state, mark)
                flushed = max(flushed, mark.sequence)
            }
        }
    }

    private func shorten(_ state: inout State, _ mark: SpoolMark) throws(AuditError) {
        let header = SpoolHeader(origin: origin, durability: durability, mark: mark).encoded(key: key)
        if state.pending.isEmpty {
            // First the header, then the cut: between them frames lie there that the header has counted.
            guard state.file.append(header, at: 0) == 0 else { return }
            state.folded = mark
            if state.end > SpoolHeader.length {
                guard state.file.truncate(to: SpoolHeader.length) else { return }
                state.end = SpoolHeader.length
            }
        } else if state.start > Self.leftoverLimit {
            let rest = state.pending.reduce(into: header) { $0 += $1.bytes }
            let old = state.file
            state.file = try SpoolFile(replacing: old.path, with: rest, calls: calls)
            old.close()
            state.folded = mark
            state.end = rest.count
        } else {
            // The frames that the header has counted stay until there are more of them.
            if state.file.append(header, at: 0) == 0 { state.folded = mark }
            return
        }
        state.start = SpoolHeader.length
    }

    /// Checks that the file is where it was left.
    func checkPlace() throws(AuditError) {
        try state.withLock { state throws(AuditError) in
            if let failure = state.failure { throw failure }
            try check(state.file.isInPlace, &state)
        }
    }

    private func check(_ isThere: Bool, _ state: inout State) throws(AuditError) {
        guard !isThere else { return }
        let failure = AuditError(
            AuditError.spoolMissing, "the audit spool was removed or replaced while the vault was in use",
            remedy: "stop, find out who did it, and run `profilevault audit verify`")
        state.failure = failure
        throw failure
    }

    /// Lets go of the file; later records are refused.
    func close() {
        state.withLock { state in
            if state.failure?.code == AuditError.closed { return }
            state.failure = AuditError(AuditError.closed, "the audit log is closed")
            state.file.close()
        }
    }
}
