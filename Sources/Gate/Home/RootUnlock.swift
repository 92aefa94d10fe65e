import Core
package import Secrets
package import Vault

/// What the person or the configuration brings to open a vault's root key.
package struct RootUnlock: Sendable {
    /// Takes the place of the path in the header: the key file has moved.
    package var keyFile: String?
    /// Asked only when the header names a passphrase.
    package var passphrase: (@Sendable () throws -> Passphrase)?

    /// Asked in the place of everything that the header names.
    package var shares: (@Sendable () throws -> [Share])?

    package init(keyFile: String? = nil, passphrase: (@Sendable () throws -> Passphrase)? = nil) {
        self.keyFile = keyFile
        self.passphrase = passphrase
    }

    /// By a quorum of the root key's shares.
    package init(shares: @escaping @Sendable () throws -> [Share]) { self.shares = shares }

    /// The root key, from its shares where they are given; else from the first provider of the header that gives it.
    ///
    /// - Throws: what is wrong with the shares, `wrongRootKey` for those of another key; else the error of the first provider
    ///   when none gives the root key.
    package func root(of header: Header, in folder: HomeFolder) throws -> RootKey {
        if let shares { return try Self.root(from: shares(), of: header, in: folder) }
        var first: (any Error)?
        for envelope in header.envelopes {
            do {
                switch envelope.provider {
                case KeyFile.kind:
                    guard let path = keyFile ?? envelope.parameters["path"] else { continue }
                    return try KeyFile(path: path).unwrap(envelope, of: header.vault)
                case Passphrase.kind:
                    guard let passphrase else { continue }
                    return try passphrase().unwrap(envelope, of: header.vault)
                default:
                    continue
                }
            } catch {
                if first == nil { first = error }
            }
        }
        throw first
            ?? VaultError(
                VaultError.noProvider, "nothing at hand opens the root key of this vault",
                remedy: "give what `vault.json` names under `root_key`: a key file or a passphrase")
    }

    /// Shares do not say what they are shares of: their key is held against the vault's epoch holders.
    private static func root(from shares: [Share], of header: Header, in folder: HomeFolder) throws -> RootKey {
        let secret = try Shares.combine(shares)
        let foreign = SecretsError(
            SecretsError.wrongRootKey, "these are not shares of this vault's root key",
            remedy: "bring those that were made for it last; older ones ended when the root key was changed")
        guard secret.count == Header.rootKeyLength else { throw foreign }
        let root = try RootKey(copying: secret)
        var isRefused = false
        for holder in holders(of: header, folder: folder) {
            do throws(SecretsError) {
                _ = try holder.read(of: header.vault, root: root)
                return root
            } catch {
                isRefused = isRefused || error.code == SecretsError.authenticationFailed
            }
        }
        // Where no holder can be read at all, the one who needs its key says so.
        if isRefused { throw foreign }
        return root
    }

    /// The epoch key from the first holder that has it.
    package static func epoch(
        of header: Header, folder: HomeFolder, root: RootKey
    ) throws -> (epoch: UInt32, key: WrappingKey) {
        var first: SecretsError?
        for holder in holders(of: header, folder: folder) {
            do throws(SecretsError) {
                return try holder.read(of: header.vault, root: root)
            } catch {
                // One that is lost has another beside it; one that others may have read is nothing to pass over.
                if error.code == SecretsError.permissionsTooOpen || error.code == SecretsError.folderTooOpen {
                    throw error
                }
                if first == nil { first = error }
            }
        }
        throw SecretsError(
            SecretsError.epochKeyMissing,
            "no epoch holder gives its key; the first says: \(first?.message ?? "none is configured")",
            remedy: "bring back one of the holders named in vault.json; without one the profile keys cannot be opened")
    }

    package static func holders(of header: Header, folder: HomeFolder) -> [EpochHolder] {
        header.epochHolders.map { EpochHolder(path: $0.hasPrefix("/") ? $0 : folder.path + "/" + $0) }
    }
}
