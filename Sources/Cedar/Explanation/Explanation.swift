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
    public let opposite: Change?

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
    /// Takes much longer than the decision alone: each part of each policy is looked at by itself.
    public func explain(_ request: Request, entities: Entities) -> Explanation {
        let response = isAuthorized(request, entities: entities)
        let explainers = policies.map { Explainer($0, request, entities, isLeftOut: response.errors) }
        return Explanation(
            response: response, accounts: explainers.map(\.account), opposite: Self.opposite(of: response, explainers))
    }

    /// For a yes no forbid may apply, and a permit must; for a no a forbid must apply, or no permit.
    private static func opposite(of response: Response, _ explainers: [Explainer]) -> Explanation.Change? {
        let permits = explainers.filter { $0.policy.effect == .permit }
        let forbids = explainers.filter { $0.policy.effect == .forbid }
        let change: Alternative
        switch response.decision {
        case .allow:
            change = .any(
                forbids.map(\.toApply) + [.all(permits.filter(\.applies).map(\.toStop))])
        case .deny:
            let isPermitted = permits.contains(where: \.applies)
            let permit: Alternative = isPermitted ? .nothing : .any(permits.map(\.toApply))
            change = .all(forbids.filter(\.applies).map(\.toStop) + [permit])
        }
        return change.change
    }
}
