package import Core

/// One question about a tenant as a whole, with all that the policies may know of it.
package struct TenantQuestion: Sendable {
    /// A second factor, as a policy sees it.
    package struct Mfa: Sendable, Hashable {
        package let method: String
        /// Seconds since it was shown.
        package let age: Int64

        package init(method: String, age: Int64) {
            self.method = method
            self.age = age
        }
    }

    package let action: Action
    package let caller: Caller
    package let tenant: String
    package var purpose: String?
    package var mfa: Mfa?
    /// Who else said yes to this very request.
    package var approvals: [Principal] = []
    /// Of how many people data may leave at most.
    package var people: Int?
    /// What a policy set changes that weighs more than the rest: `basis`, `field_class`, `levels`.
    package var changes: [String]?

    package init(_ action: Action, by caller: Caller, for purpose: String? = nil, on tenant: String) {
        self.action = action
        self.caller = caller
        self.purpose = purpose
        self.tenant = tenant
    }

    /// The same at a moment, which says how long ago the caller showed their second factor.
    func shown(at now: Timestamp) -> TenantQuestion {
        var question = self
        question.mfa = caller.proof.map {
            Mfa(method: $0.method, age: max(0, now.milliseconds - $0.time.milliseconds) / 1000)
        }
        return question
    }

    /// The same, had the caller shown a second factor just now.
    func withFreshMfa() -> TenantQuestion {
        var question = self
        question.mfa = Mfa(method: caller.proof?.method ?? "otp", age: 0)
        return question
    }

    /// The same, had somebody else said yes to it.
    func withApproval() -> TenantQuestion {
        var question = self
        // No operator can have this name.
        question.approvals = [Principal(.operator, "*")]
        return question
    }
}

/// How much an action takes of somebody whom the policies let do it.
package enum Level: Int, Sendable, Comparable, CaseIterable {
    /// A session.
    case session
    /// A second factor, shown just now.
    case mfa
    /// Another operator's approval of the very request, too.
    case approval

    package static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }

    package var word: String {
        switch self {
        case .session: "session"
        case .mfa: "mfa"
        case .approval: "approval"
        }
    }
}

extension Decider {
    /// The lowest level at which the policies allow the action; `nil` when they never do.
    package func level(of question: TenantQuestion) throws -> Level? {
        var question = question
        question.mfa = nil
        question.approvals = []
        if try allows(question).allowed { return .session }
        if try allows(question.withFreshMfa()).allowed { return .mfa }
        return try allows(question.withFreshMfa().withApproval()).allowed ? .approval : nil
    }
}
