import Core
import Glibc
import Secrets
import Storage

extension SpoolOpening {
    /// What is wrong with the spool, without changing anything; `nil` when it can be opened.
    ///
    /// - Throws: when the log's own state cannot be read or was changed: that is no loss anybody could accept.
    func problem(_ database: any Database) throws -> AuditError? {
        let state = try state(in: database)
        let file = try SpoolFile(opening: path, calls: calls)
        defer { file?.close() }
        do {
            _ = try reading(file, state: state)
            return nil
        } catch  where error.code.exit == .integrity {
            return error
        }
    }

    /// Keeps what was refused aside and begins a spool whose first entry says who accepted the loss, and why.
    ///
    /// The new spool with its entry takes the place of the old one at once, so no crash leaves the one without the other.
    func replace(_ file: SpoolFile?, state: LogState?, problem: AuditError, by acceptance: LossAcceptance) throws
        -> LostSpool
    {
        let folded = state?.mark ?? .beginning
        let bytes = try file?.contents()
        let evidence = try bytes.map { _ in try keepAside(at: acceptance.authorization.time) }
        let proven = bytes.flatMap { try? SpoolHeader($0.prefix(SpoolHeader.length), origin: origin, key: keys.spool) }
        let size = max(proven?.mark.size ?? 0, folded.size)
        let lost = LostSpool(
            problem: problem.code, lastKept: folded.sequence, lastTime: folded.time,
            claimed: bytes.flatMap { Self.claimedEnd(of: $0) }.map { $0 > folded.sequence ? $0 - folded.sequence : 0 },
            missing: size - folded.size, evidence: evidence, hash: bytes.map { BLAKE2b.digest($0) })
        let entry = lost.entry(acceptance)
        let header = SpoolHeader(origin: origin, durability: durability, mark: folded)
        var mark = folded
        var encoded = SpoolFrame.encode([entry])
        let frame = SpoolFrame.seal(&encoded, times: [entry.time], after: &mark, key: keys.spool)
        try SpoolFile(replacing: path, with: header.encoded(key: keys.spool) + frame.bytes, calls: calls).close()
        return lost
    }

    /// A second name for the refused spool, which the new one cannot take away.
    private func keepAside(at time: Timestamp) throws(AuditError) -> String {
        var stamp: [UInt8] = []
        time.writeFixedForm(into: &stamp)
        let digits = stamp.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ":") }
        let kept = "\(path).lost-\(String(decoding: digits, as: UTF8.self))"
        guard link(path, kept) == 0 else {
            throw AuditError(
                AuditError.spoolUnusable,
                "the refused spool could not be kept as `\(kept)`: \(SpoolFile.systemMessage(errno))",
                remedy: "nothing was accepted: check the disk and the mode of the vault's home")
        }
        return kept
    }

    /// The highest entry that the frames say they hold, whether or not anything proves it.
    private static func claimedEnd(of bytes: [UInt8]) -> UInt64? {
        var position = SpoolHeader.length
        var end: UInt64?
        while position + SpoolFrame.shortest <= bytes.count {
            let length = Int(SpoolFrame.number(at: position, in: bytes))
            guard length >= SpoolFrame.shortest, length <= SpoolFrame.longest else { break }
            let first =
                UInt64(SpoolFrame.number(at: position + 8, in: bytes)) << 32
                | UInt64(SpoolFrame.number(at: position + 12, in: bytes))
            let count = UInt64(SpoolFrame.number(at: position + 16, in: bytes))
            guard first < UInt64.max / 2, count > 0 else { break }
            end = max(end ?? 0, first + count - 1)
            position += length
        }
        return end
    }
}
