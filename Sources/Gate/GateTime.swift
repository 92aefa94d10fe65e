package import Audit
package import Core

/// The time that decides whether a consent still holds: never earlier than what the log has seen.
///
/// A clock that stands before the newest entry by more than the tolerance closes the gate, because turning it back
/// would revive consents that have expired.
package struct GateTime: Sendable {
    package static let toleranceSeconds: Int64 = 300

    private let clock: Clock
    private let audit: AuditLog

    package init(clock: Clock, audit: AuditLog) {
        self.clock = clock
        self.audit = audit
    }

    /// - Throws: `clockMovedBack`.
    package func now() throws(GateError) -> Timestamp {
        try Self.now(clock, logged: audit.lastTime)
    }

    /// The time where the newest entry of the log is of `logged`.
    ///
    /// - Throws: `clockMovedBack`.
    static func now(_ clock: Clock, logged: Timestamp) throws(GateError) -> Timestamp {
        let clock = clock.now()
        guard clock.adding(seconds: Self.toleranceSeconds) >= logged else {
            throw GateError(
                GateError.clockMovedBack, "the clock says \(clock), but the log's newest entry is of \(logged)",
                remedy: remedy(logged))
        }
        return max(clock, logged)
    }

    /// What can be done: a clock that is right now may have been wrong when the newest entry was made.
    package static func remedy(_ logged: Timestamp) -> String {
        """
        set the clock right; nothing was read or changed. If it is right, it was wrong before: the gate opens again at \
        \(logged.adding(seconds: -toleranceSeconds)), or put back a whole copy of the home from before \
        (see "A clock that was wrong" in SECURITY.md)
        """
    }
}
