/// Why a request was decided as it was, policy by policy, and what would lead to the opposite decision.
///
/// Everything in it is text of policies; no value of an entity or of the context is quoted.
public struct Explanation: Sendable {
    /// What one policy came to.
    public struct Account: Sendable {
        public enum Outcome: Sendable, Hashable {
            case applies
            case doesNotApply
            /// A condition has no value, so the policy was left out.
            case fails(EvaluationError)
        }

        public let policy: PolicyID
        public let effect: Effect
        /// Where the policy begins.
        public let position: SourcePosition
        public let outcome: Outcome
        /// The parts of the scope that the request does not meet.
        public let mismatches: [Part]
        /// The smallest expressions that kept the conditions from holding: false ones, and below `!` or `unless` true ones.
        public let causes: [Part]
    }

    public let response: Response
    /// Every policy, in the order of the set.
    public let accounts: [Account]
    /// What would have to be otherwise for the opposite decision, as long as the question stays the same.
    ///
    /// The action and the resource are the question. `nil` where no change of anything else would do: then only another
    /// policy would.
    /// Each of several ways by itself leads there: it was tried, with every policy.
    public let opposite: Change?
    /// Whether every way was looked for, and `opposite` is all there is: not where that is too much to explain.
    public let isWhole: Bool

    /// The account of one policy.
    public subscript(id: PolicyID) -> Account? { accounts.first { $0.policy == id } }
}

extension Explanation {
    /// A piece of a policy that a request makes true or false.
    public struct Part: Hashable, Sendable {
        public enum Place: String, Sendable {
            case principal, action, resource, condition
        }

        /// What the piece is for the request.
        public enum State: Hashable, Sendable {
            case holds
            case doesNotHold
            /// It has no value, for this reason.
            case fails(String)
        }

        public let policy: PolicyID
        public let place: Place
        /// As the policy has it, on one line.
        public let text: String
        public let position: SourcePosition
        public let state: State
        /// The entity that a part of the scope asks for.
        public let entity: EntityUID?
    }

    /// What would have to become otherwise.
    public indirect enum Change: Hashable, Sendable {
        /// This has to hold when it does not, and not to hold when it does.
        case part(Part, holds: Bool)
        /// All of these; at least two.
        case all([Change])
        /// One of these; at least two.
        case any([Change])

        /// How many parts have to change at the least.
        public var size: Int {
            switch self {
            case .part: 1
            case .all(let changes): changes.reduce(0) { $0 + $1.size }
            case .any(let changes): changes.map(\.size).min() ?? 0
            }
        }
    }
}

extension PolicySet {
    /// Decides a request and says why.
    ///
    /// Takes much longer than the decision alone: each part of each policy is looked at by itself, and what would have
    /// to be otherwise is tried. `closingOnFailure` is for a caller that denies whatever a policy that fails would have
    /// said: then what would have to be otherwise is for the caller's answer.
    public func explain(_ request: Request, entities: Entities, closingOnFailure: Bool = false) -> Explanation {
        let response = isAuthorized(request, entities: entities)
        var leaves = Leaves()
        let explainers = policies.map { Explainer($0, &leaves) }
        let states = leaves.compiled.states(for: request, entities)
        var search = OppositeSearch(
            explainers.filter { $0.isRelated(states) }.map(\.policy), request, entities,
            closesOnFailure: closingOnFailure)
        let (opposite, isWhole) = search.run()
        return Explanation(
            response: response, accounts: explainers.map { $0.account(states, isLeftOut: response.errors) },
            opposite: opposite, isWhole: isWhole)
    }
}
