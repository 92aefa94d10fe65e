/// Why a field was not given.
public enum WithheldReason: String, Sendable, CaseIterable {
    case noConsent = "no_consent"
    case consentWithdrawn = "consent_withdrawn"
    case consentExpired = "consent_expired"
    case unknownPurpose = "unknown_purpose"
    case policyDenied = "policy_denied"
    case restricted
    case objected
    /// Allowed, but the profile has no value for it.
    case absent
}

/// The grounds on which personal data may be processed (GDPR article 6(1)).
public enum LegalBasis: String, Sendable, CaseIterable {
    case consent
    case contract
    case legalObligation = "legal_obligation"
    case vitalInterests = "vital_interests"
    case publicTask = "public_task"
    case legitimateInterests = "legitimate_interests"
}
