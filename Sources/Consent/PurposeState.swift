import Core

/// What one person has said about one purpose, as the head keeps it.
///
/// In the head: tag 8, answer 1 (0 none, else the code of the state), flags 1 (1 restricted, 2 objected, 4 since, 8
/// expires, 16 notice), then the since 8, the expiry 8 and the notice tag 4 that the flags announce; big-endian.
struct PurposeState: Equatable {
    static let restrictedFlag: UInt8 = 1
    static let objectedFlag: UInt8 = 2
    static let sinceFlag: UInt8 = 4
    static let expiresFlag: UInt8 = 8
    static let noticeFlag: UInt8 = 16
    static let allFlags: UInt8 = 31
    /// The largest code of an answer.
    static let newestAnswer = ConsentState.expired.rawValue

    let tag: UInt64
    /// The newest answer; `nil` when there was none.
    var answer: ConsentState?
    var isRestricted = false
    var isObjected = false
    /// When the person gave the answer, where that is known.
    var since: Timestamp?
    var expires: Timestamp?
    var noticeTag: UInt32?

    init(tag: UInt64) { self.tag = tag }

    /// Says nothing any more, as after a restriction was lifted: such a state leaves the head.
    var isEmpty: Bool { self == PurposeState(tag: tag) }

    /// A grant that holds at `time`.
    func isLive(at time: Timestamp) -> Bool { answer == .granted && expires.map { $0 > time } ?? true }

    /// Whether `state`, said at `time`, is older than the refusal that stands: it makes that a withdrawal.
    func isRefusalAfter(_ state: ConsentState, at time: Timestamp?) -> Bool {
        guard answer == .refused, state.isAgreement, let since, let time else { return false }
        return time <= since
    }

    /// Takes over what a record says.
    mutating func apply(_ change: RecordedChange, effective: Timestamp?) {
        switch change.state {
        case _ where isRefusalAfter(change.state, at: effective): answer = .withdrawn
        case .granted, .refused, .withdrawn, .expired:
            answer = change.state
            since = effective
            expires = change.expires
            noticeTag = change.notice?.tag
        case .restricted: isRestricted = true
        case .objected: isObjected = true
        case .restrictionLifted: isRestricted = false
        case .objectionLifted: isObjected = false
        }
    }

    func write(to writer: inout ByteWriter) {
        writer.write(tag)
        writer.write(answer?.rawValue ?? 0)
        var flags: UInt8 = 0
        if isRestricted { flags |= Self.restrictedFlag }
        if isObjected { flags |= Self.objectedFlag }
        if since != nil { flags |= Self.sinceFlag }
        if expires != nil { flags |= Self.expiresFlag }
        if noticeTag != nil { flags |= Self.noticeFlag }
        writer.write(flags)
        if let since { writer.write(since.milliseconds) }
        if let expires { writer.write(expires.milliseconds) }
        if let noticeTag { writer.write(noticeTag) }
    }

    /// The bytes after tag, answer and flags.
    static func tail(of flags: UInt8) -> Int {
        (flags & sinceFlag != 0 ? 8 : 0) + (flags & expiresFlag != 0 ? 8 : 0) + (flags & noticeFlag != 0 ? 4 : 0)
    }

    init?(_ reader: inout ByteReader) {
        guard let tag = reader.read(UInt64.self), let code = reader.read(UInt8.self),
            let flags = reader.read(UInt8.self), reader.remaining >= Self.tail(of: flags), flags <= Self.allFlags
        else { return nil }
        self.tag = tag
        if code != 0 {
            guard let answer = ConsentState(rawValue: code), answer.isAnswer else { return nil }
            self.answer = answer
        }
        isRestricted = flags & Self.restrictedFlag != 0
        isObjected = flags & Self.objectedFlag != 0
        if flags & Self.sinceFlag != 0 { since = reader.read(Int64.self).map(Timestamp.init(milliseconds:)) }
        if flags & Self.expiresFlag != 0 { expires = reader.read(Int64.self).map(Timestamp.init(milliseconds:)) }
        if flags & Self.noticeFlag != 0 { noticeTag = reader.read(UInt32.self) }
    }
}
