import Glibc

/// A file or folder that others than its owner may use.
package struct OpenFile: Sendable, Equatable {
    package let path: String
    /// Whether this user may close it, and it is a plain file or a folder: what a link leads to is left alone.
    package let canBeClosed: Bool
}

extension HomeFolder {
    /// The home and everything in it that others than the owner may use.
    ///
    /// - Throws: `homeUnreadable` when the folder may not be looked into.
    package func filesOpenToOthers() throws(VaultError) -> [OpenFile] {
        try Self.openToOthers([path] + names().map { "\(path)/\($0)" })
    }

    /// Those of `paths` that others than their owner may use; one that is not there is used by nobody.
    package static func openToOthers(_ paths: [String]) -> [OpenFile] {
        paths.compactMap { path in
            var status = stat()
            guard unsafe lstat(path, &status) == 0, status.st_mode & 0o077 != 0 else { return nil }
            let kind = status.st_mode & S_IFMT
            // A link's own mode says nothing; what it leads to is refused or taken when it is opened.
            guard kind != S_IFLNK else { return nil }
            return OpenFile(
                path: path, canBeClosed: status.st_uid == geteuid() && (kind == S_IFREG || kind == S_IFDIR))
        }
    }

    /// Takes every right from group and others, and gives nobody any.
    ///
    /// - Throws: `homeTooOpen` when that is refused.
    package static func closeToOthers(_ file: OpenFile) throws(VaultError) {
        var status = stat()
        guard file.canBeClosed, unsafe lstat(file.path, &status) == 0,
            unsafe fchmodat(AT_FDCWD, file.path, status.st_mode & 0o700, AT_SYMLINK_NOFOLLOW) == 0
        else {
            throw VaultError(
                VaultError.homeTooOpen, "`\(file.path)` could not be closed to others than its owner",
                remedy: "chmod go= '\(file.path)' as the user who owns it, and think who may have read it")
        }
    }
}
