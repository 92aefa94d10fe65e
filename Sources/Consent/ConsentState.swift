import Core

/// What a record says happened; the raw value is the code in the ledger.
public enum ConsentState: UInt8, Sendable, CaseIterable, CustomStringConvertible {
    case granted = 1
    case refused = 2
    case withdrawn = 3
    case expired = 4
    case restricted = 5
    case objected = 6
    case restrictionLifted = 7
    case objectionLifted = 8

    /// The word in output and in input.
    public var description: String {
        switch self {
        case .granted: "granted"
        case .refused: "refused"
        case .withdrawn: "withdrawn"
        case .expired: "expired"
        case .restricted: "restricted"
        case .objected: "objected"
        case .restrictionLifted: "restriction_lifted"
        case .objectionLifted: "objection_lifted"
        }
    }

    public init?(_ word: String) {
        guard let state = Self.allCases.first(where: { $0.description == word }) else { return nil }
        self = state
    }

    /// An answer to the question for consent, as against a restriction or an objection.
    public var isAnswer: Bool {
        switch self {
        case .granted, .refused, .withdrawn, .expired: true
        case .restricted, .objected, .restrictionLifted, .objectionLifted: false
        }
    }

    /// A "yes", whether it still holds or has run out.
    var isAgreement: Bool { self == .granted || self == .expired }
}

extension LegalBasis {
    /// The code in the ledger; 0 is for a record about all purposes.
    var ledgerCode: UInt8 {
        switch self {
        case .consent: 1
        case .contract: 2
        case .legalObligation: 3
        case .vitalInterests: 4
        case .publicTask: 5
        case .legitimateInterests: 6
        }
    }

    init?(ledgerCode: UInt8) {
        guard let basis = Self.allCases.first(where: { $0.ledgerCode == ledgerCode }) else { return nil }
        self = basis
    }
}
