public import Core
import Secrets

/// One purpose for which personal data may be used, as `purposes.json` defines it.
public struct PurposeDefinition: Sendable, Equatable {
    /// Lower-case letters, digits and `_`: what requests and consents name.
    public let name: String
    /// What it is in the W3C Data Privacy Vocabulary, for receipts that others can read.
    public let iri: String
    public let basis: LegalBasis
    public let title: String
    public let description: String
    /// How long data may be kept for it.
    public let retentionDays: Int
    /// How long a consent lasts when nothing else is said; `nil` for until withdrawn.
    public let consentDays: Int?
    public let notice: Notice?
    /// An objection stops it whatever its basis (GDPR article 21(2) and (3)).
    public let isDirectMarketing: Bool

    /// Eight bytes that stand for the name in consent heads.
    let tag: UInt64

    /// Words that make a purpose direct marketing without saying so.
    static let directMarketingIRI = "https://w3id.org/dpv#DirectMarketing"

    package init(
        name: String, iri: String, basis: LegalBasis, title: String, description: String, retentionDays: Int,
        consentDays: Int? = nil, notice: Notice? = nil, isDirectMarketing: Bool? = nil
    ) {
        self.name = name
        self.iri = iri
        self.basis = basis
        self.title = title
        self.description = description
        self.retentionDays = retentionDays
        self.consentDays = consentDays
        self.notice = notice
        self.isDirectMarketing = isDirectMarketing ?? (iri.utf8.elementsEqual(Self.directMarketingIRI.utf8))
        tag = Self.tag(of: name)
    }

    /// The first 64 bits of a BLAKE2b digest of the name: a purpose of another name cannot be passed off as this one.
    static func tag(of name: String) -> UInt64 {
        if name.utf8.elementsEqual(allPurposes.utf8) { return 0 }
        let hash = BLAKE2b(length: 16)
        hash.update("profilevault purpose v1")
        hash.update(Array(name.utf8))
        return hash.finish().prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Stands for all purposes in a restriction or an objection.
    public static let allPurposes = "*"
}
