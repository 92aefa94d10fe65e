package import Accounts
package import Audit
package import Consent
package import Core
import Secrets
import Storage
import Synchronization
package import Vault

/// One vault in use by this process: its lock, stores and keys, and the rooms wired together.
///
/// The gate of a tenant is the only way from here to a value.
package final class OpenVault: Sendable {
    package let folder: HomeFolder
    package let header: Header
    package let stores: Stores
    package let tree: KeyTree
    package let epochs: EpochStore
    package let profiles: Profiles
    package let denials: DenialLedger
    package let events: Events
    package let lookup: LookupIndex
    package let tenants: Tenants
    package let ledger: ConsentLedger
    package let accounts: AccountRegister
    package let approvals: ApprovalRegister
    package let audit: AuditLog
    /// How a person is erased; the gate allows it.
    package let erasure: Erasure
    package let archive: PolicyArchive
    package let clock: Clock
    /// What all gates decide by, once there is one.
    private let policies = Mutex<PoliciesInForce?>(nil)
    /// Held until the vault is closed.
    private let lock: Mutex<HomeLock?>

    /// Opens the vault in `folder`.
    ///
    /// What a crash left half done is finished here: the spool is folded into the log, an erasure is completed. Of keys only
    /// those of erased people are destroyed: other keys without a person may be those of people whom only a newer copy of
    /// the database knows. Where another process has the home, `waiting` is called and the home waited for, two seconds at
    /// most.
    package convenience init(
        _ folder: HomeFolder, unlock: RootUnlock, clock: Clock = .system, waiting: ((Int?) -> Void)? = nil
    ) throws {
        try self.init(folder, unlock: unlock, clock: clock, waiting: waiting) { _, _, _ in nil }
    }

    /// Commands of a moment follow each other; what takes longer is named.
    private static let lockPatienceMilliseconds = 2000

    /// Opens the vault; `accepting` may look at stores and keys before the log is opened, and accept that entries are lost.
    convenience init(
        _ folder: HomeFolder, unlock: RootUnlock, clock: Clock, waiting: ((Int?) -> Void)? = nil,
        accepting: (Header, Stores, KeyTree) throws -> LossAcceptance?
    ) throws {
        try folder.requireVault()
        try folder.requireOwnerOnlyWriting()
        let lock = try HomeLock(path: folder.lock, patience: Self.lockPatienceMilliseconds, waiting: waiting)
        // The making of this vault was cut short after its last step but one.
        try FileSystem.local.remove(folder.unfinished)
        let header = try Header(decoding: FileSystem.local.readFile(folder.header, checkingOwnerOnly: true))
        let root = try unlock.root(of: header, in: folder)
        let epochs = RootUnlock.epochStore(of: header, folder: folder, root: root)
        let epoch = try epochs.read()
        let stores = try Stores(folder, strict: header.strict)
        let tree = try KeyTree(vault: header.vault, root: root, epoch: epoch, database: stores.keys)
        let acceptance = try accepting(header, stores, tree)
        try self.init(
            folder: folder, header: header, lock: lock, stores: stores, tree: tree, epochs: epochs, clock: clock,
            accepting: acceptance)
        try epochTurn.settle()
        try erasure.resume()
    }

    init(
        folder: HomeFolder, header: Header, lock: consuming HomeLock, stores: Stores, tree: KeyTree,
        epochs: EpochStore, clock: Clock, accepting acceptance: LossAcceptance? = nil
    ) throws {
        self.folder = folder
        self.header = header
        self.stores = stores
        self.tree = tree
        self.epochs = epochs
        self.clock = clock
        audit = try AuditLog(
            database: stores.data, spoolPath: folder.spool, keys: Self.auditKeys(tree),
            origin: Self.origin(of: header), clock: clock, durability: Self.durability(of: header),
            accepting: acceptance)
        denials = try DenialLedger(tree: tree, database: stores.data)
        profiles = try Profiles(
            tree: tree, keyring: ProfileKeyring(tree: tree, database: stores.keys), denials: denials,
            database: stores.data)
        events = Events(database: stores.data)
        lookup = LookupIndex(database: stores.index)
        tenants = try Tenants(tree: tree, database: stores.data)
        ledger = ConsentLedger { tenant in try tree.keys(of: tenant).consentHead }
        accounts = AccountRegister(
            database: stores.data, key: try tree.accountRowKey(), box: try tree.accountBoxKey()
        ) { [audit] kind, connection in try audit.rowCounts(on: connection)[kind] }
        approvals = ApprovalRegister(
            database: stores.data, key: try tree.accountRowKey(), box: try tree.accountBoxKey()
        ) { [audit] connection in try audit.rowCounts(on: connection)[.approval] }
        archive = try PolicyArchive(tree: tree)
        erasure = Erasure(
            profiles: profiles, events: events, lookup: lookup, archive: archive, audit: audit, stores: stores,
            clock: clock)
        self.lock = Mutex(lock)
    }

    /// The epoch that holds.
    package var epoch: UInt32 { epochTurn.goal.map { $0 - 1 } ?? tree.epoch }
    /// The epoch that a turn which was cut short goes to; `nil` where none was.
    package var epochGoal: UInt32? { epochTurn.goal }

    /// How the epoch turns; the gate allows it.
    var epochTurn: EpochTurn { EpochTurn(tree: tree, keyring: profiles.keyring, store: epochs) }

    static func auditKeys(_ tree: KeyTree) throws -> AuditKeys {
        AuditKeys(signing: tree.logSigningKey, box: try tree.auditBoxKey(), spool: try tree.auditSpoolKey())
    }

    static func durability(of header: Header) -> AuditLog.Durability { header.strict ? .strict : .buffered }

    static func origin(of header: Header) -> String { "profilevault/\(header.vault)" }

    /// The door to one tenant's people.
    ///
    /// - Throws: `vault.rows_rolled_back` when a tenant, a field or a policy set that the log knows is gone,
    ///   `vault.denials_changed` when the denial ledger is not the one that the log knows.
    package func gate(to tenant: Tenant) throws -> Gate {
        let newest = try stores.data.read { connection in
            let counts = try audit.rowCounts(on: connection)
            try denials.requireWhole(counts)
            try PolicyArchive.require(tenants.count(on: connection), of: counts[.tenant], "tenants")
            try archive.requireNewest(counts, on: connection)
            return try archive.newest(on: connection)
        }
        let shared = policies.withLock { known in
            let shared = known ?? PoliciesInForce(newest)
            known = shared
            return shared
        }
        shared.adopt(newest)
        return Gate(
            tenant: tenant, policies: shared, profiles: profiles,
            lookup: lookup, ledger: ledger, approvals: approvals, audit: audit, data: stores.data, clock: clock)
    }

    /// Folds what is pending into the log, closes the stores and lets go of the lock.
    ///
    /// - Throws: the first error; everything is closed nevertheless, since the next process may have the home then.
    package func close() throws {
        let log = Result { try audit.close() }
        let databases = Result { try stores.close() }
        lock.withLock { $0 = nil }
        try log.get()
        try databases.get()
    }
}
