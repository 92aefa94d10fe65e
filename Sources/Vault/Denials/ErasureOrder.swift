package import Core

/// Why a person is erased: the grounds of article 17(1) of the GDPR, the letters in order, or none in particular.
///
/// A closed list, because what outlives an erasure must not hold what somebody typed about the person. The raw value is
/// the code in the denial ledger.
package enum ErasureReason: UInt8, Sendable, CaseIterable, CustomStringConvertible {
    case request = 0
    case noLongerNecessary = 1
    case consentWithdrawn = 2
    case objection = 3
    case unlawful = 4
    case legalObligation = 5
    case child = 6

    package var description: String {
        switch self {
        case .request: "request"
        case .noLongerNecessary: "no_longer_necessary"
        case .consentWithdrawn: "consent_withdrawn"
        case .objection: "objection"
        case .unlawful: "unlawful"
        case .legalObligation: "legal_obligation"
        case .child: "child"
        }
    }

    package init?(_ word: String) {
        guard let reason = Self.allCases.first(where: { $0.description == word }) else { return nil }
        self = reason
    }
}

/// That a person is to be erased: the first record of an erasure, after which nothing brings them back.
package struct ErasureOrder: Sendable, Equatable {
    /// The id of the request that this answers.
    package let request: UniqueID
    package let subject: Subject
    package let received: Timestamp
    /// The decision that allowed it.
    package let decision: UniqueID
    package let principal: Principal
    package let reason: ErasureReason
    package let suppression: SuppressionSeal

    package init(
        request: UniqueID, subject: Subject, received: Timestamp, decision: UniqueID, principal: Principal,
        reason: ErasureReason, suppression: SuppressionSeal
    ) {
        self.request = request
        self.subject = subject
        self.received = received
        self.decision = decision
        self.principal = principal
        self.reason = reason
        self.suppression = suppression
    }
}

/// What was done about an order, store by store: the last record of an erasure.
package struct ErasureOutcome: Sendable, Equatable {
    package let request: UniqueID
    package let profile: ProfileID
    package let finished: Timestamp
    package let stores: [StoreReport]

    package init(request: UniqueID, profile: ProfileID, finished: Timestamp, stores: [StoreReport]) {
        self.request = request
        self.profile = profile
        self.finished = finished
        self.stores = stores
    }
}
