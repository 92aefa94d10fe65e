/// One person of one tenant as the stores know them: a random id, and the dense number that keys their rows.
public struct Subject: Hashable, Sendable {
    public let tenant: TenantID
    /// The row number of the profile: dense, never part of a log entry or an associated data.
    public let number: Int64
    /// What is bound in keys, codes and log entries.
    public let id: ProfileID

    public init(tenant: TenantID, number: Int64, id: ProfileID) {
        self.tenant = tenant
        self.number = number
        self.id = id
    }
}
