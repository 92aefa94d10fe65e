package import Core
import Glibc
import Storage

/// Where everything of one vault lies.
package struct HomeFolder: Sendable, Equatable {
    package let path: String

    package init(path: String) {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.path = path
    }

    package var header: String { path + "/vault.json" }
    package var lock: String { path + "/lock" }
    package var spool: String { path + "/audit.spool" }
    package var epochHolder: String { path + "/epoch.holder" }
    package var epochCounterpart: String { path + "/epoch.counterpart" }
    /// The note that a vault is being made here.
    package var unfinished: String { path + "/init.unfinished" }

    package func database(_ store: Store) -> String { "\(path)/\(store.rawValue).db" }

    /// Everything that the making of a vault puts here before there is one, the lock and the note aside.
    package var parts: [String] {
        Store.allCases.flatMap { store in ["", "-wal", "-shm", "-journal"].map { database(store) + $0 } }
            + [spool, epochHolder, epochCounterpart, header].flatMap { [$0, $0 + ".new"] }
    }

    /// Whether a vault has been made here.
    package var holdsVault: Bool { unsafe access(header, F_OK) == 0 }

    /// Makes the folder, readable by its owner only; an empty one that exists is taken, and one in which the making of
    /// a vault was cut short.
    ///
    /// - Throws: `homeExists` when there is something else in it.
    package func create() throws {
        if unsafe mkdir(path, 0o700) == 0 { return try FileSystem.local.synchroniseFolder(of: path) }
        let failure = errno
        guard failure == EEXIST, try status().st_mode & S_IFMT == S_IFDIR else {
            let reason = unsafe String(cString: strerror(failure))
            throw VaultError(
                VaultError.homeMissing, "could not make the folder `\(path)`: \(reason)",
                remedy: "make its parent folder, or name another place with --home")
        }
        let isUnfinished = unsafe access(unfinished, F_OK) == 0 && !holdsVault
        // The lock comes before the note.
        let known = [lock, unfinished + ".new"] + (isUnfinished ? parts + [unfinished] : [])
        guard try names().allSatisfy({ !holdsVault && known.contains("\(path)/\($0)") }) else {
            throw VaultError(
                VaultError.homeExists,
                holdsVault ? "there is a vault in `\(path)` already" : "the folder `\(path)` is not empty",
                remedy: "name another place with --home")
        }
        // Whoever owns a folder can open it to others again.
        guard unsafe chmod(path, 0o700) == 0, try status().st_uid == geteuid() else {
            throw VaultError(VaultError.homeMissing, "could not close `\(path)` to others than its owner")
        }
    }

    /// Refuses a home in which another user may put files in the place of the vault's own: their own modes say nothing then.
    ///
    /// - Throws: `homeTooOpen`.
    package func requireOwnerOnlyWriting() throws(VaultError) {
        let status = try status()
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw VaultError(
                VaultError.homeTooOpen, "the folder `\(path)` belongs to another user (id \(status.st_uid))",
                remedy: "run profilevault as that user, or take the folder over with chown")
        }
        guard status.st_mode & 0o022 == 0 else {
            throw VaultError(
                VaultError.homeTooOpen,
                "others than the owner may put files into `\(path)` (mode \(String(status.st_mode & 0o7777, radix: 8)))",
                remedy: "chmod 700 '\(path)', then run `profilevault doctor`, and think who may have changed something")
        }
    }

    private func status() throws(VaultError) -> stat {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            throw VaultError(VaultError.homeMissing, "there is no folder `\(path)`", remedy: "name it with --home")
        }
        return status
    }

    /// - Throws: `homeMissing` when no vault has been made here, `homeUnreadable` when that cannot be seen.
    package func requireVault() throws(VaultError) {
        guard holdsVault else {
            guard errno != EACCES else {
                throw VaultError(
                    VaultError.homeUnreadable, "the folder `\(path)` may not be looked into",
                    remedy: "run as the user who owns the vault, or check the modes of the folders above it")
            }
            guard Store.allCases.allSatisfy({ unsafe access(database($0), F_OK) != 0 }) else {
                throw VaultError(
                    VaultError.homeMissing, "`\(path)` holds a vault's databases but not its header vault.json",
                    remedy: "put vault.json back from a copy of the home: without it nothing can be opened")
            }
            throw VaultError(
                VaultError.homeMissing, "there is no vault in `\(path)`",
                remedy: "make one with `profilevault init`, or name its folder with --home")
        }
    }
}
