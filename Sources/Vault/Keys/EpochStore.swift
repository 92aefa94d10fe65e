package import Core
package import Secrets

/// Where the epoch key is: its holders, and its counterpart in the home.
package struct EpochStore: Sendable {
    package let vault: VaultID
    package let root: RootKey
    package let rootVersion: UInt32
    package let holders: [EpochHolder]
    let counterpart: CounterpartFile

    package init(
        vault: VaultID, root: RootKey, rootVersion: UInt32, holders: [EpochHolder], counterpart: CounterpartFile
    ) {
        self.vault = vault
        self.root = root
        self.rootVersion = rootVersion
        self.holders = holders
        self.counterpart = counterpart
    }

    /// Makes the first epoch's key, and stores it in every holder; nothing may be there yet.
    package func found() throws(SecretsError) -> EpochKey {
        let epoch = EpochKey(number: 1, key: try .random())
        let counterpart = try EpochCounterpart.random()
        try self.counterpart.store([epoch.number: counterpart], of: vault)
        for holder in holders { try holder.create(epoch.key, under: lock(epoch.number, counterpart)) }
        return epoch
    }

    /// The epoch key: of the newest epoch that a holder gives.
    ///
    /// - Throws: `epochKeyMissing` when none does; what is wrong with a holder that others than the owner may have read.
    package func read() throws(SecretsError) -> EpochKey {
        let counterparts = try counterpart.read(of: vault)
        var first: SecretsError?
        var newest: EpochKey?
        for holder in holders {
            do throws(SecretsError) {
                let found = try holder.read(of: vault, roots: [rootVersion: root], counterparts: counterparts)
                if newest.map({ $0.number < found.number }) ?? true { newest = found }
            } catch {
                // One that is lost has another beside it; one that others may have read is nothing to pass over.
                if [SecretsError.permissionsTooOpen, SecretsError.folderTooOpen].contains(error.code) { throw error }
                if first == nil { first = error }
            }
        }
        if let newest { return newest }
        throw SecretsError(
            SecretsError.epochKeyMissing,
            "no epoch holder gives its key; the first says: \(first?.message ?? "none is configured")",
            remedy: "bring back one of the holders named in vault.json; without one the profile keys cannot be opened")
    }

    /// What each holder has: its epoch, or what is wrong with it.
    package func states() throws(SecretsError) -> [(holder: EpochHolder, epoch: Result<UInt32, SecretsError>)] {
        let counterparts = try counterpart.read(of: vault)
        return holders.map { holder in
            do throws(SecretsError) {
                let found = try holder.read(of: vault, roots: [rootVersion: root], counterparts: counterparts)
                return (holder, .success(found.number))
            } catch {
                return (holder, .failure(error))
            }
        }
    }

    /// Puts the key of the epoch that holds where a holder is lost, torn or behind, and gives the names of these.
    package func restore() throws(SecretsError) -> [String] {
        let epoch = try read()
        guard let counterpart = try counterpart.read(of: vault)[epoch.number] else { return [] }
        let lock = lock(epoch.number, counterpart)
        var restored: [String] = []
        for holder in holders where try holder.restore(epoch.key, under: lock) { restored.append(holder.name) }
        return restored
    }

    /// Puts another epoch's key and counterpart in the place of those there are, which are destroyed with that.
    ///
    /// Both counterparts are there while holders change, so that whichever is read opens. A holder that cannot be reached keeps
    /// what it has, which opens nothing any more.
    ///
    /// - Returns: holders that could not be changed, each with the reason.
    /// - Throws: when none could be; then all is as it was.
    func turn(to epoch: EpochKey, _ counterpart: EpochCounterpart) throws(SecretsError) -> [HolderFailure] {
        var both = try self.counterpart.read(of: vault).filter { $0.key + 1 == epoch.number }
        both[epoch.number] = counterpart
        try self.counterpart.store(both, of: vault)
        var failures: [HolderFailure] = []
        for holder in holders {
            do throws(SecretsError) {
                _ = try holder.restore(epoch.key, under: lock(epoch.number, counterpart))
                _ = try holder.read(of: vault, roots: [rootVersion: root], counterparts: both)
            } catch {
                failures.append(HolderFailure(name: holder.name, error: error))
            }
        }
        if failures.count == holders.count, let first = failures.first { throw first.error }
        try self.counterpart.store([epoch.number: counterpart], of: vault)
        return failures
    }

    /// Finishes what was cut short after holders began to change, and gives holders of vaults from before counterparts.
    ///
    /// - Returns: whether there was anything to finish.
    func settle() throws -> Bool {
        let epoch = try read()
        let counterparts = try self.counterpart.read(of: vault)
        guard counterparts.count != 1 || counterparts[epoch.number] == nil else { return false }
        _ = try turn(to: epoch, try counterparts[epoch.number] ?? .random())
        return true
    }

    private func lock(_ epoch: UInt32, _ counterpart: EpochCounterpart) -> EpochLock {
        EpochLock(vault: vault, epoch: epoch, root: root, rootVersion: rootVersion, counterpart: counterpart)
    }
}

/// A holder that could not be changed, and why.
package struct HolderFailure: Sendable {
    package let name: String
    package let error: SecretsError
}
