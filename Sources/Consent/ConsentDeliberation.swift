import Core

/// Works out what changes do to a person's states before anything is written.
struct ConsentDeliberation {
    private var states: [PurposeState]
    private(set) var recorded: [RecordedChange] = []
    private(set) var results: [ConsentOutcome.Result] = []
    /// The state that each change came to.
    private(set) var reached: [ConsentState] = []

    private let effective: Timestamp?
    private let now: Timestamp
    /// By purpose, when a "no" of unknown date was recorded.
    private let closed: [UInt64: Timestamp]

    init(
        states: [PurposeState], effective: Timestamp?, closed: [UInt64: Timestamp] = [:], now: Timestamp
    ) throws(ConsentError) {
        if let effective, effective > now {
            throw ConsentError(
                ConsentError.effectiveInFuture, "a consent cannot have been given later than now (`\(effective)`)",
                remedy: "check the date and the clocks")
        }
        self.states = states
        self.effective = effective
        self.closed = closed
        self.now = now
    }

    /// The states after all that was considered.
    var outcome: [PurposeState] { states.filter { !$0.isEmpty } }

    mutating func consider(_ change: ConsentChange) throws(ConsentError) {
        let place = try place(of: change)
        let standing = states[place]
        guard var new = try recordedForm(of: change, standing: standing) else {
            results.append(.outdated)
            reached.append(change.state)
            return
        }
        // Someone who says no after having said yes withdraws (article 7(3)), also when the yes had run out by then.
        if new.state == .refused, let answer = standing.answer, answer != .refused {
            new = RecordedChange(
                purpose: new.purpose, state: .withdrawn, basis: new.basis, expires: nil, notice: new.notice)
        }
        let result = result(of: new, lifetime: change.lifetime, standing: standing)
        results.append(result)
        reached.append(new.state)
        guard result == .recorded else { return }
        states[place].apply(new, effective: effective)
        recorded.append(new)
    }

    /// Where the purpose's state is, made if there was none.
    private mutating func place(of change: ConsentChange) throws(ConsentError) -> Int {
        guard let purpose = change.purpose else {
            guard !change.state.isAnswer else {
                throw ConsentError(
                    ConsentError.notForAllPurposes, "`\(change.state)` needs a purpose",
                    remedy: "name one purpose; only restrictions and objections can be for all of them")
            }
            return place(of: 0)
        }
        guard !change.state.isAnswer || purpose.basis == .consent else {
            throw ConsentError(
                ConsentError.basisIsNotConsent,
                "`\(purpose.name)` rests on `\(purpose.basis.rawValue)`, not on consent",
                remedy: purpose.yieldsToObjection
                    ? "record an objection or a restriction instead"
                    : "a restriction closes it (`consent restrict`); an objection would change nothing")
        }
        return place(of: purpose.tag)
    }

    private mutating func place(of tag: UInt64) -> Int {
        let place = states.firstIndex { $0.tag >= tag } ?? states.endIndex
        if place == states.endIndex || states[place].tag != tag { states.insert(PurposeState(tag: tag), at: place) }
        return place
    }

    /// What would be recorded; `nil` when the change says nothing new about a time that is past.
    private func recordedForm(
        of change: ConsentChange, standing: PurposeState
    ) throws(ConsentError) -> RecordedChange? {
        var state = change.state
        var expires: Timestamp?
        if state == .granted {
            switch change.lifetime {
            case .unlimited: break
            case .until(let end):
                guard end > now else {
                    throw ConsentError(
                        ConsentError.expiryInPast, "a consent cannot be recorded that has ended at `\(end)`",
                        remedy: "give a later date")
                }
                expires = end
            case .days(let days):
                let end = (effective ?? now).adding(seconds: Int64(days) * 86_400)
                expires = end
                // Given so long ago that it has run out: what is left to record is that.
                if end <= now { state = .expired }
            }
        }
        if change.state.isAnswer, isOutdated(state, standing) { return nil }
        return RecordedChange(
            purpose: change.purpose?.name ?? PurposeDefinition.allPurposes, state: state, basis: change.purpose?.basis,
            expires: expires, notice: change.notice)
    }

    /// When the answer on record was given: a "no" of unknown date at the latest when it was recorded.
    private func moment(of standing: PurposeState) -> Timestamp? {
        standing.answer == .granted ? standing.since : standing.since ?? closed[standing.tag]
    }

    private func isOutdated(_ state: ConsentState, _ standing: PurposeState) -> Bool {
        guard let answer = standing.answer else { return false }
        let isOpen = standing.isLive(at: now)
        guard let effective else { return state == .granted && !isOpen }
        // Who agreed before they refused has withdrawn: the same as if it had been known at once.
        guard let moment = moment(of: standing), !standing.isRefusalAfter(state, at: effective) else { return false }
        // At the same moment a "no" wins, in whatever order the two arrive.
        let isOverruled = state == .granted && !isOpen || state == .expired && !answer.isAgreement
        return effective < moment || effective == moment && isOverruled
    }

    /// A later answer is recorded also when it says the same: one from between the two may still come in.
    private func isLater(than standing: PurposeState) -> Bool {
        guard let effective else { return false }
        return moment(of: standing).map { effective > $0 } ?? true
    }

    private func result(
        of change: RecordedChange, lifetime: ConsentChange.Lifetime, standing: PurposeState
    ) -> ConsentOutcome.Result {
        let same =
            switch change.state {
            case .granted:
                !isLater(than: standing) && standing.isLive(at: now) && standing.noticeTag == change.notice?.tag
                    && keepsExpiry(change.expires, lifetime, standing)
            case .refused, .withdrawn: !isLater(than: standing) && standing.answer == change.state
            case .expired:
                !isLater(than: standing)
                    && (standing.answer == .expired || change.expires != nil && hasLapsed(change, standing))
            case .restricted: standing.isRestricted
            case .objected: standing.isObjected
            case .restrictionLifted: !standing.isRestricted
            case .objectionLifted: !standing.isObjected
            }
        return same ? .unchanged : .recorded
    }

    /// Whether the grant on record is the one that has run out.
    private func hasLapsed(_ change: RecordedChange, _ standing: PurposeState) -> Bool {
        standing.answer == .granted && standing.expires == change.expires
    }

    private func keepsExpiry(
        _ expires: Timestamp?, _ lifetime: ConsentChange.Lifetime, _ standing: PurposeState
    ) -> Bool {
        if case .days = lifetime { return standing.expires != nil }
        return standing.expires == expires
    }
}
