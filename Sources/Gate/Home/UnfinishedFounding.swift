import Core
import Secrets
import Storage
import Vault

/// The note in a home that a vault is being made there, and where files of it lie outside.
///
/// It is written before the first of them and removed when there is a vault, so that the next `init` can take away what
/// one that was cut short left behind.
struct UnfinishedFounding {
    private static let limit = 64 << 10

    let vault: VaultID
    /// `nil` when a passphrase guards the root key.
    let keyFile: String?
    let epochReplica: String

    init(vault: VaultID, keyFile: String?, epochReplica: String) {
        self.vault = vault
        self.keyFile = keyFile
        self.epochReplica = epochReplica
    }

    /// The note in `folder`; `nil` when there is none.
    ///
    /// - Throws: `permissionsTooOpen` when others may have written it: what it names is removed.
    private init?(in folder: HomeFolder) throws {
        guard FileSystem.local.size(folder.unfinished) != nil else { return nil }
        do {
            var fields = try JSONFields(JSON(parsing: OwnerOnlyFile.read(folder.unfinished, limit: Self.limit)), at: "")
            guard let vault = VaultID(try fields.string("vault")) else { throw fields.error("vault", "must be an id") }
            self.vault = vault
            keyFile = try fields.optionalString("key_file")
            epochReplica = try fields.string("epoch_replica")
            try fields.finish()
        } catch let error as SecretsError {
            throw error
        } catch {
            throw VaultError(
                VaultError.homeExists, "the note `\(folder.unfinished)` cannot be read: \(error)",
                remedy: "name another place with --home, or empty the folder")
        }
    }

    func write(to folder: HomeFolder) throws {
        var object = JSONObject()
        object["vault"] = JSON(vault.description)
        if let keyFile { object["key_file"] = JSON(keyFile) }
        object["epoch_replica"] = JSON(epochReplica)
        try FileSystem.local.atomicWrite(JSON.object(object).bytes(.pretty) + [0x0A], to: folder.unfinished)
    }

    /// Takes away what the making of a vault left in `folder` and, where the note names it, outside of it; the lock stays.
    ///
    /// Outside only what belongs to that very vault goes.
    static func clear(_ folder: HomeFolder) throws {
        let files = FileSystem.local
        let note = try UnfinishedFounding(in: folder)
        if let note {
            for path in [note.keyFile, note.epochReplica].compactMap({ $0 }) {
                try files.remove(OwnerOnlyFile.draft(of: path))
                let isOurs =
                    KeyFile(path: path).belongs(to: note.vault)
                    || EpochHolder(EpochFile(path: path)).belongs(to: note.vault)
                guard isOurs else { continue }
                try files.remove(path)
                try files.synchroniseFolder(of: path)
            }
        }
        for path in folder.parts { try files.remove(path) }
        // The note goes last, also for a machine that stops: until then the next `init` takes up here.
        if note != nil { try files.synchroniseFolder(of: folder.unfinished) }
        for path in [folder.unfinished, folder.unfinished + ".new"] { try files.remove(path) }
    }
}
