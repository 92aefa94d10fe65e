import Audit
public import Core
import Secrets

/// One request that takes two people: what was asked for, by whom, and what another operator said to it.
public struct Approval: Sendable, Equatable {
    /// What has become of a request.
    public enum State: UInt8, Sendable, CaseIterable {
        case open = 0
        case approved = 1
        case refused = 2
        /// The request was carried out: no other is, by this approval.
        case used = 3
        /// Who asked or said yes was disabled since, or was given other factors: somebody else may have had theirs.
        case withdrawn = 4
    }

    /// Seconds in which a request can be answered.
    public static let lifetime: Int64 = 24 * 3600
    /// Seconds in which a request that was approved can be carried out.
    public static let grace: Int64 = 3600

    public let id: UniqueID
    /// BLAKE2b-256 of the request in its one form, so that no other is carried out in its place.
    public let request: [UInt8]
    public let requester: Principal
    public let tenant: TenantID
    public let created: Timestamp
    public internal(set) var expires: Timestamp
    public internal(set) var state: State = .open
    /// Who answered.
    public internal(set) var approver: Principal?
    /// 1 when it was filed, one more with every change.
    public internal(set) var revision: UInt32 = 1

    /// Whether something can still become of it.
    public func isLive(at time: Timestamp) -> Bool { (state == .open || state == .approved) && time < expires }

    /// What the box with the request is bound to.
    static func label(_ id: UniqueID) -> [UInt8] { Array("profilevault approval v1".utf8) + id.bytes }

    /// How the log knows this state of the row.
    func head(code: [UInt8]) -> HeadChange { .row(.approval, id, sequence: UInt64(revision), digest: code) }

    /// Code of the row: BLAKE2b-128 keyed over `"profilevault approval v1"`, revision 4, id 16, request 32, requester (kind 1:
    /// 1 operator, 2 service; a length of 4 and the name), tenant 4, created 8, expires 8, state 1, approver (1 with one, 0
    /// without; then as the requester) and the box (a length of 4 and its bytes).
    func code(box: [UInt8], key: AuthenticationKey) -> [UInt8] {
        var writer = ByteWriter(capacity: 256)
        writer.write(revision)
        writer.write(id.bytes)
        writer.write(request)
        Self.write(requester, to: &writer)
        writer.write(tenant.number)
        writer.write(created.milliseconds)
        writer.write(expires.milliseconds)
        writer.write(state.rawValue)
        writer.write(approver == nil ? 0 : 1 as UInt8)
        if let approver { Self.write(approver, to: &writer) }
        writer.writeCounted(box)
        let hash = BLAKE2b(key: key, length: 16)
        hash.update("profilevault approval v1")
        hash.update(writer.bytes)
        return hash.finish()
    }

    private static func write(_ principal: Principal, to writer: inout ByteWriter) {
        writer.write(principal.kind.code)
        writer.writeCounted(principal.name)
    }
}
