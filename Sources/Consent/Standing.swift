public import Core

/// Whether a purpose may be pursued for one person now.
///
/// It is all that a decision depends on of a person's consents, and takes few values: a cache of decisions keys them by
/// purpose and standing (`code`), never by person.
public enum Standing: Hashable, Sendable {
    /// On this legal basis.
    case holds(LegalBasis)
    case closed(WithheldReason)

    /// A small number for caches and bitmaps: 1 to 6 hold, by basis; from 16 on closed, by reason.
    public var code: UInt8 {
        switch self {
        case .holds(let basis): basis.ledgerCode
        case .closed(.noConsent): 16
        case .closed(.consentWithdrawn): 17
        case .closed(.consentExpired): 18
        case .closed(.restricted): 19
        case .closed(.objected): 20
        case .closed(.unknownPurpose): 21
        case .closed(.policyDenied): 22
        case .closed(.absent): 23
        }
    }

    public var holds: Bool {
        if case .holds = self { true } else { false }
    }
}

extension ConsentHead {
    /// Where `purpose` stands at `time`, which is the gate's.
    ///
    /// In this order (articles of the GDPR):
    /// 1. A restriction (article 18) of the purpose or of all purposes closes it on every basis: while it lasts, data is
    ///    stored and nothing else. What article 18(2) allows beyond that is for a person to decide, by lifting it.
    /// 2. An objection closes what rests on a public task or on legitimate interests (article 21(1)), direct marketing
    ///    whatever it rests on (article 21(2) and (3)), and what rests on consent: whoever objects does not consent
    ///    (article 7(3)). Contract, legal obligation and vital interests go on; article 21 does not reach them.
    /// 3. Consent (article 6(1)(a)) must have been given for this very purpose, and hold. A consent for another purpose
    ///    does not count, broader or narrower (article 6(1)(a): "specific").
    /// 4. The other bases (article 6(1)(b) to (f)) need no record.
    public func standing(for purpose: PurposeDefinition, at time: Timestamp) -> Standing {
        let (own, all) = find(purpose.tag)
        if own.isRestricted || all.isRestricted { return .closed(.restricted) }
        if own.isObjected || all.isObjected, purpose.yieldsToObjection { return .closed(.objected) }
        guard purpose.basis == .consent else { return .holds(purpose.basis) }
        switch ConsentState(rawValue: own.answer) {
        case .granted: return own.expires > time.milliseconds ? .holds(.consent) : .closed(.consentExpired)
        case .withdrawn: return .closed(.consentWithdrawn)
        case .expired: return .closed(.consentExpired)
        default: return .closed(.noConsent)
        }
    }
}

extension PurposeDefinition {
    var yieldsToObjection: Bool {
        switch basis {
        case .consent, .publicTask, .legitimateInterests: true
        case .contract, .legalObligation, .vitalInterests: isDirectMarketing
        }
    }
}
