/// Who asks: a person who works here, a program, or whoever holds the root key itself.
public struct Principal: Hashable, Sendable, CustomStringConvertible {
    /// The Cedar entity type of a principal.
    public enum Kind: String, Sendable, CaseIterable {
        case `operator` = "Operator"
        case service = "Service"
        /// A quorum of those who keep the shares of the root key: an account of nobody.
        case custodian = "Custodian"

        /// Its number in the records that name who did something.
        public var code: UInt8 {
            switch self {
            case .operator: 1
            case .service: 2
            case .custodian: 3
            }
        }

        public init?(code: UInt8) {
            guard let kind = Kind.allCases.first(where: { $0.code == code }) else { return nil }
            self = kind
        }
    }

    public let kind: Kind
    /// Lower-case letters, digits, `.`, `-` and `_`: names of accounts are not personal data of customers.
    public let name: String

    public init(_ kind: Kind, _ name: String) {
        self.kind = kind
        self.name = name
    }

    /// As Cedar writes it: `Operator::"owner"`.
    public var description: String { "\(kind.rawValue)::\"\(name)\"" }

    /// As the log and all results have it: `Operator::owner`.
    public var logName: String { "\(kind.rawValue)::\(name)" }

    /// `nil` for a text that is no `logName`.
    public init?(logName: String) {
        guard let kind = Kind.allCases.first(where: { logName.hasPrefix($0.rawValue + "::") }) else { return nil }
        self.init(kind, String(logName.dropFirst(kind.rawValue.count + 2)))
    }
}

/// What can be asked of the vault: each is a Cedar action, has a policy and a policy test, and is audited.
public enum Action: String, Sendable, CaseIterable {
    case read
    case put
    case `import`
    case recordConsent = "consent.record"
    case viewConsent = "consent.view"
    /// Sending out many people's data at once, as a file or a stream.
    case export
    /// Work that opens values inside and lets none out: index rebuild, record comparison.
    case maintain
    case activatePolicy = "policy.activate"
    /// Counting whose data another policy set would open or close, without opening any.
    case simulatePolicy = "policy.simulate"
    /// Making a vault and its first tenant: done once, by nobody's leave but the log's.
    case foundVault = "vault.found"
    case addOperator = "operator.add"
    case viewOperators = "operator.list"
    case disableOperator = "operator.disable"
    /// A new password and new factors for somebody who lost theirs.
    case resetOperator = "operator.reset"
    /// The same by a quorum of the root key's shares, where nobody is left who could.
    case recoverOperator = "operator.recover"
    /// A new password and new factors for oneself, which nobody else has seen.
    case renewOperator = "operator.renew"
    case addService = "service.add"
    case viewServices = "service.list"
    /// A new key for a service; the old one ends a while later.
    case rotateService = "service.rotate"
    case revokeService = "service.revoke"
    /// Ending all sessions of somebody else.
    case endSessions = "session.end"
    /// Saying yes to one request of somebody else that needs two people.
    case approve
    /// Seeing one person's fields in an emergency, beyond what one's role may see; their legal basis has to hold all the same.
    case breakGlass = "break_glass"
    /// One field, behind the broken glass.
    case readBehindGlass = "break_glass.read"
    /// Opening a session, once the password has shown who asks; ending one's own needs nobody's leave.
    case login
    /// Going on without entries that never reached the log: the first entry after says who did, and why.
    case acceptLoss = "audit.accept_loss"
    case viewAudit = "audit.view"
    case viewStats = "stats.view"
    /// New keys of another epoch for everybody; those of the one before are destroyed.
    case rotateEpoch = "key.rotate_epoch"
    /// Seeing how old keys are, and where they are held.
    case viewKeys = "key.view"
    /// Ends a person's data: denial, key and data, in this order.
    case erase
    /// Seeing what happened to one person, and what was done about an erased one.
    case timeline

    /// Whether policies are asked about each field; everything else is done to a tenant as a whole.
    public var isAboutFields: Bool { self == .read || self == .readBehindGlass }

    /// Who can ask for it.
    public var principals: [Principal.Kind] {
        switch self {
        case .recoverOperator: [.custodian]
        case .renewOperator: [.operator]
        default: [.operator, .service]
        }
    }
}

/// Proof that the gate allowed one action: every mutator below the gate asks for it.
///
/// Only the gate makes one; the architecture test holds that.
public struct Authorization: Sendable {
    public let principal: Principal
    public let action: Action
    public let tenant: TenantID
    public let purpose: String?
    /// The id of the decision that allowed it, as the audit log knows it.
    public let decision: UniqueID
    /// Gate time: never earlier than the newest entry of the log.
    public let time: Timestamp

    package init(
        principal: Principal, action: Action, tenant: TenantID, purpose: String?, decision: UniqueID, time: Timestamp
    ) {
        self.principal = principal
        self.action = action
        self.tenant = tenant
        self.purpose = purpose
        self.decision = decision
        self.time = time
    }
}
