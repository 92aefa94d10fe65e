import Core
import Secrets

/// What a spool held when the log was opened.
struct SpoolReading {
    /// Whole frames of entries that are not in the log.
    let frames: [SpoolFrame]
    /// After the last whole frame.
    let mark: SpoolMark
    /// Where the next frame goes.
    let end: Int
    /// Bytes of a frame that a crash cut short: its value was never released.
    let tornBytes: Int
    /// Entries that a power cut took after they were acknowledged; only `buffered`, only after a restart.
    let lostEntries: UInt64
    /// What the spool was written under; `nil` when it had no header.
    let durability: AuditLog.Durability?

    /// Reads what lies in the spool against `state`, how far the log says it has folded it.
    ///
    /// `afterRestart` says that the machine was started anew since the log was used last: what had not been forced to the
    /// disk may then be there in part, without anybody's doing. That is what was only buffered, on either side, and under
    /// `strict` the end of the spool, which nobody was told of, and the cut that follows a fold.
    ///
    /// - Throws: `spoolForeign`, `spoolBroken`, `rolledBack`.
    init(
        _ bytes: [UInt8], state: SpoolMark, origin: [UInt8], key: AuthenticationKey, afterRestart: Bool
    ) throws(AuditError) {
        // The header is on the disk before the file gets its name and is never cut off: no power cut takes it.
        let header = try SpoolHeader(bytes.prefix(SpoolHeader.length), origin: origin, key: key)
        let forgives = afterRestart && header.durability == .buffered
        guard header.mark.sequence <= state.sequence || forgives else {
            throw AuditError(
                AuditError.rolledBack,
                "the audit log ends at spooled entry \(state.sequence), but its spool goes on after \(header.mark.sequence): the database is older than the spool",
                remedy: "put the newer database back, or \(AuditError.acceptLoss)")
        }
        guard header.mark.size <= state.size || forgives else {
            throw AuditError(
                AuditError.rolledBack,
                "the audit log has \(state.size) entries, but its spool was left at \(header.mark.size): the database is older than the spool",
                remedy: "put the newer database back, or \(AuditError.acceptLoss)")
        }
        var walk = SpoolWalk(bytes: bytes, header: header, state: state, forgives: afterRestart, key: key)
        let position = try walk.run()
        guard walk.mark.sequence >= state.sequence || afterRestart else {
            throw .spoolBroken(
                "it ends at entry \(walk.mark.sequence), the log has \(state.sequence): it is an older copy")
        }
        let lost = max(
            header.mark.sequence > state.sequence ? header.mark.sequence - state.sequence : 0,
            header.mark.size > state.size ? header.mark.size - state.size : 0)
        self.init(
            frames: walk.frames, mark: walk.mark.sequence < state.sequence ? state : walk.mark,
            end: walk.mark.sequence < state.sequence ? 0 : position, tornBytes: bytes.count - position,
            lostEntries: lost, header.durability)
    }

    private init(
        frames: [SpoolFrame], mark: SpoolMark, end: Int, tornBytes: Int, lostEntries: UInt64,
        _ durability: AuditLog.Durability?
    ) {
        self.frames = frames
        self.mark = mark
        self.end = end
        self.tornBytes = tornBytes
        self.lostEntries = lostEntries
        self.durability = durability
    }
}

/// Goes through the frames of a spool and checks that each continues the one before.
private struct SpoolWalk {
    let bytes: [UInt8]
    let header: SpoolHeader
    let state: SpoolMark
    let forgives: Bool
    let key: AuthenticationKey
    var frames: [SpoolFrame] = []
    var mark: SpoolMark

    init(bytes: [UInt8], header: SpoolHeader, state: SpoolMark, forgives: Bool, key: AuthenticationKey) {
        self.bytes = bytes
        self.header = header
        self.state = state
        self.forgives = forgives
        self.key = key
        mark = header.mark
    }

    /// Returns where the last whole frame ends.
    mutating func run() throws(AuditError) -> Int {
        try checkMeeting()
        var position = SpoolHeader.length
        while position < bytes.count, let length = try frameLength(at: position) {
            let end = position + length
            let first =
                UInt64(SpoolFrame.number(at: position + 8, in: bytes)) << 32
                | UInt64(SpoolFrame.number(at: position + 12, in: bytes))
            let count = Int(SpoolFrame.number(at: position + 16, in: bytes))
            let frame = SpoolFrame(first: first, count: count, bytes: Array(bytes[position..<end]))
            guard count > 0, first < UInt64.max / 2 else {
                if forgives { break }
                throw .spoolBroken("a frame has no entries")
            }
            // Between the new header and the truncation a crash leaves frames that the header has counted already.
            if frame.last > header.mark.sequence {
                // After a power cut the pages of the file are of different moments: what does not continue was lost.
                if forgives, !continues(frame) { break }
                try take(frame)
            }
            position = end
        }
        return position
    }

    private mutating func take(_ frame: SpoolFrame) throws(AuditError) {
        guard frame.first == mark.sequence + 1 else {
            throw .spoolBroken("entry \(mark.sequence + 1) is missing before entry \(frame.first)")
        }
        let linked = SpoolFrame.link(frame.bytes.dropLast(SpoolMark.chainLength), after: mark.chain, key: key)
        guard equalInConstantTime(linked, frame.chain) else {
            throw .spoolBroken("entries \(frame.first) to \(frame.last) were changed or do not follow the one before")
        }
        var time = mark.time
        let isWhole = frame.forEach { leaf, _ in
            if let stamp = Leaf.timestamp(of: Array(leaf)) { time = max(time, stamp) }
        }
        guard isWhole else { throw .spoolBroken("entries \(frame.first) to \(frame.last) are cut") }
        mark = SpoolMark(sequence: frame.last, chain: linked, time: time)
        if frame.last > state.sequence {
            guard frame.first > state.sequence || forgives else {
                throw .spoolBroken("entries \(frame.first) to \(frame.last) are in the log in part")
            }
            frames.append(frame)
        }
        try checkMeeting()
    }

    /// Where spool and log meet, both must have the same history.
    private func checkMeeting() throws(AuditError) {
        guard mark.sequence == state.sequence, !equalInConstantTime(mark.chain, state.chain) else { return }
        throw .spoolBroken("up to entry \(state.sequence) it tells another history than the log")
    }

    /// The length of the frame at `position`; `nil` when a crash cut it short.
    private func frameLength(at position: Int) throws(AuditError) -> Int? {
        let rest = bytes.count - position
        guard rest >= 8 else { return nil }
        let length = SpoolFrame.number(at: position, in: bytes)
        guard SpoolFrame.number(at: position + 4, in: bytes) == ~length, Int(length) >= SpoolFrame.shortest,
            Int(length) <= SpoolFrame.longest
        else {
            if forgives { return nil }
            throw .spoolBroken("after entry \(mark.sequence) stands no frame")
        }
        return Int(length) <= rest ? Int(length) : nil
    }

    /// Whether the frame is the next one, whole and unchanged.
    private func continues(_ frame: SpoolFrame) -> Bool {
        let linked = SpoolFrame.link(frame.bytes.dropLast(SpoolMark.chainLength), after: mark.chain, key: key)
        return frame.first == mark.sequence + 1 && equalInConstantTime(linked, frame.chain)
    }
}
