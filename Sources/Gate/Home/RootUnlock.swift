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
        for state in try epochStore(of: header, folder: folder, root: root).states() {
            switch state.epoch {
            case .success: return root
            case .failure(let error): isRefused = isRefused || error.code == SecretsError.authenticationFailed
            }
        }
        // Where no holder can be read at all, the one who needs its key says so.
        if isRefused { throw foreign }
        return root
    }

    /// Where the epoch key of a vault is.
    package static func epochStore(of header: Header, folder: HomeFolder, root: RootKey) -> EpochStore {
        EpochStore(
            vault: header.vault, root: root, rootVersion: header.rootVersion,
            holders: holders(of: header, folder: folder),
            counterpart: CounterpartFile(EpochFile(path: folder.epochCounterpart)))
    }

    package static func holders(of header: Header, folder: HomeFolder) -> [EpochHolder] {
        header.epochHolders.map { EpochHolder(EpochFile(path: $0.hasPrefix("/") ? $0 : folder.path + "/" + $0)) }
    }
}
