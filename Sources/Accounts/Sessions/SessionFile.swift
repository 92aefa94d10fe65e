public import Core
import Glibc
import Secrets

/// Where an operator's token lies between commands.
public struct SessionFile: Sendable {
    public let path: String

    public init(path: String) { self.path = path }

    /// `$PROFILEVAULT_SESSION`; else `profilevault/sessions/<vault id>` under `$XDG_STATE_HOME`, else under
    /// `~/.local/state` (XDG Base Directory Specification: a relative path there counts as unset).
    public init(of vault: UniqueID, environment: [String: String]) throws(AccountsError) {
        if let path = environment["PROFILEVAULT_SESSION"], !path.isEmpty {
            self.path = path
        } else if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
            path = "\(state)/profilevault/sessions/\(vault)"
        } else if let home = environment["HOME"], home.hasPrefix("/") {
            path = "\(home)/.local/state/profilevault/sessions/\(vault)"
        } else {
            throw AccountsError(
                AccountsError.sessionFileUnusable, "there is no place for the session file",
                remedy: "set HOME, XDG_STATE_HOME or PROFILEVAULT_SESSION")
        }
    }

    /// The token in the file.
    ///
    /// - Throws: `accounts.no_session` when there is no file, `accounts.session_file_too_open` when others may read it.
    public func read() throws(AccountsError) -> SessionToken {
        guard access(path, F_OK) == 0 || errno != ENOENT else { throw AccountsError.nobody }
        var content: [UInt8]
        do throws(SecretsError) {
            content = try OwnerOnlyFile.read(path, limit: 256)
        } catch {
            guard error.code == SecretsError.permissionsTooOpen else {
                throw AccountsError(AccountsError.sessionFileUnusable, error.message, remedy: error.remedy)
            }
            throw AccountsError(
                AccountsError.sessionFileTooOpen, error.message,
                remedy:
                    "others may know this session: run `profilevault logout`, which ends it, then `profilevault login`")
        }
        defer { wipe(&content) }
        guard let token = SessionToken(content.prefix { $0 != 0x0A }) else {
            throw AccountsError(
                AccountsError.sessionFileUnusable, "`\(path)` does not hold a session",
                remedy: "remove it and run `profilevault login`")
        }
        return token
    }

    /// The token in the file, also where others may know it: to end the session.
    ///
    /// - Throws: `accounts.no_session` when there is no file, `accounts.session_file_unusable` when it holds something else.
    public func readToEnd() throws(AccountsError) -> SessionToken {
        do throws(AccountsError) {
            return try read()
        } catch {
            guard error.code == AccountsError.sessionFileTooOpen, let token = content else { throw error }
            return token
        }
    }

    /// Puts the token in place, whole or not at all, readable by its owner only; it replaces a session and nothing else.
    public func write(_ token: SessionToken) throws(AccountsError) {
        try makeFolder()
        try requireSessionOrNothing()
        do throws(SecretsError) {
            try OwnerOnlyFile.put(path, Array((token.text + "\n").utf8))
        } catch {
            throw AccountsError(AccountsError.sessionFileUnusable, error.message, remedy: error.remedy)
        }
    }

    /// - Throws: `accounts.session_file_unusable` where there is a file that is something else: nobody may lose it for a session.
    public func requireSessionOrNothing() throws(AccountsError) {
        guard !holdsSomethingElse else {
            throw AccountsError(
                AccountsError.sessionFileUnusable, "`\(path)` is no session file, and stays as it is",
                remedy: "name another place with PROFILEVAULT_SESSION")
        }
    }

    private var holdsSomethingElse: Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_size > 0 && content == nil
    }

    /// The token of a file whoever may read it; `nil` where there is none, or something else.
    private var content: SessionToken? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var content = [UInt8](repeating: 0, count: 256)
        defer { wipe(&content) }
        let count = Glibc.read(descriptor, &content, content.count)
        guard count > 0 else { return nil }
        return SessionToken(content[..<count].prefix { $0 != 0x0A })
    }

    /// Removes the file, and one that a crash left before it had this name; no file is no error.
    ///
    /// - Throws: `accounts.session_file_unusable` for a file that is something else, which stays.
    public func remove() throws(AccountsError) {
        try requireSessionOrNothing()
        unlink(OwnerOnlyFile.draft(of: path))
        guard unlink(path) == 0 || errno == ENOENT else { throw failure("could not remove `\(path)`") }
    }

    /// Makes the folders that are missing, for their owner only.
    private func makeFolder() throws(AccountsError) {
        let parts = path.split(separator: "/").dropLast()
        var folder = path.hasPrefix("/") ? "" : "."
        for part in parts {
            folder += "/\(part)"
            guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
                let reason = errno
                // A folder that may not be made may still be there, on a file system that is read-only up to it.
                if access(folder, X_OK) == 0 { continue }
                errno = reason
                throw failure("could not make the folder `\(folder)`")
            }
        }
    }

    private func failure(_ what: String) -> AccountsError {
        AccountsError(
            AccountsError.sessionFileUnusable, "\(what): \(String(cString: strerror(errno)))",
            remedy: "check the path and its permissions")
    }
}
