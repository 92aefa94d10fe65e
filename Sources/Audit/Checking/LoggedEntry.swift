public import Core

/// An entry as it is read back from the log.
public struct LoggedEntry: Sendable {
    /// Its place in the log, from 0.
    public let number: UInt64
    /// The JSON that was hashed.
    public let leaf: [UInt8]
    /// The same, parsed.
    public let content: JSON
    /// What is sealed beside it, for the gate to open; `nil` when there is none or it was shredded.
    package let detail: [UInt8]?

    init(number: UInt64, leaf: [UInt8], detail: [UInt8]?) throws(JSONError) {
        self.number = number
        self.leaf = leaf
        self.detail = detail
        content = try JSON(parsing: leaf)
    }

    public var time: Timestamp? { content["time"]?.string.flatMap { Timestamp($0) } }
    public var decision: UniqueID? { content["decision"]?.string.flatMap { UniqueID($0) } }
    public var outcome: AuditEntry.Outcome? { content["outcome"]?.string.flatMap { AuditEntry.Outcome(rawValue: $0) } }
    /// `Operator::owner`; `nil` for what the program did by itself.
    public var principal: String? { content["principal"]?.string }
    public var action: String? { content["action"]?.string }
    public var tenant: TenantID? { content["tenant"]?.integer.flatMap { UInt32(exactly: $0) }.map { TenantID($0) } }
    public var purpose: String? { content["purpose"]?.string }
    public var subject: ProfileID? { content["subject"]?.string.flatMap { ProfileID($0) } }
    public var facts: JSONObject { content["facts"]?.object ?? JSONObject() }
}

/// Which entries to show: all that is set must hold.
public struct AuditFilter: Sendable {
    public var subject: ProfileID?
    public var decision: UniqueID?
    public var tenant: TenantID?
    public var principal: Principal?
    public var action: String?
    /// Also the actions that are parts of it, such as `break_glass.read` of `break_glass`.
    public var includesParts = false
    public var purpose: String?
    public var outcome: AuditEntry.Outcome?
    /// From this moment on.
    public var since: Timestamp?
    /// Before this moment.
    public var until: Timestamp?

    public init() {}

    /// Pieces that the bytes of every matching leaf contain, for a quick look before it is parsed.
    var pieces: [[UInt8]] {
        var pieces: [[UInt8]] = []
        func add(_ key: String, _ value: String?) {
            guard let value else { return }
            var piece = Array(#"","\#(key)":"#.utf8.dropFirst())
            JSON.write(value, into: &piece)
            pieces.append(piece)
        }
        add("subject", subject?.description)
        add("decision", decision?.description)
        add("principal", principal?.logName)
        if !includesParts { add("action", action) }
        add("purpose", purpose)
        add("outcome", outcome?.rawValue)
        return pieces
    }

    func admits(_ entry: LoggedEntry) -> Bool {
        func agrees(_ wanted: String?, _ found: String?) -> Bool {
            wanted.map { $0.utf8.elementsEqual((found ?? "").utf8) } ?? true
        }
        return (subject.map { $0 == entry.subject } ?? true) && (decision.map { $0 == entry.decision } ?? true)
            && (tenant.map { $0 == entry.tenant } ?? true) && (outcome.map { $0 == entry.outcome } ?? true)
            && agrees(principal?.logName, entry.principal)
            && (agrees(action, entry.action) || isPart(entry.action)) && agrees(purpose, entry.purpose)
    }

    private func isPart(_ found: String?) -> Bool {
        guard includesParts, let action, let found else { return false }
        return found.hasPrefix(action + ".")
    }
}
