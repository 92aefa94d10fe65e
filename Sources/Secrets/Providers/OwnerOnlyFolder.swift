import Glibc

/// Folders for files that hold secrets: made with mode 0700, level by level.
public enum OwnerOnlyFolder {
    /// Refuses a folder in which others may put another file in the place of `path`; where the sticky bit keeps them
    /// from that, as in `/tmp`, the file's own mode and owner say enough.
    ///
    /// - Throws: `folderTooOpen`.
    package static func requireOwnerOnlyWriting(above path: String) throws(SecretsError) {
        let folder = folder(of: path)
        let mode = mode(of: folder)
        guard mode & 0o022 != 0, mode & S_ISVTX == 0 else { return }
        throw SecretsError(
            SecretsError.folderTooOpen,
            "others than the owner may put files into `\(folder)` (mode \(String(mode & 0o7777, radix: 8)))",
            remedy: "chmod go-w '\(folder)', and think who may have changed something")
    }

    /// Whether others may see which secrets there are in the folder of `path`.
    public static func isReadableByOthers(above path: String) -> Bool { mode(of: folder(of: path)) & 0o055 != 0 }

    /// The folder in which a file lies.
    public static func folder(of path: String) -> String {
        guard let cut = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return cut == path.startIndex ? "/" : String(path[..<cut])
    }

    private static func mode(of folder: String) -> mode_t {
        var status = stat()
        return unsafe stat(folder, &status) == 0 ? status.st_mode : 0
    }

    /// Makes the folder in which `path` is to lie, and those above it that are missing.
    public static func make(for path: String) throws(SecretsError) {
        var made = ""
        for part in path.split(separator: "/", omittingEmptySubsequences: false).dropLast() {
            made += part
            if made.isEmpty {
                // The root of an absolute path is there.
            } else if unsafe mkdir(made, 0o700) == 0 {
                // A file in it is only as lasting as the folder itself.
                try OwnerOnlyFile.forceFolder(of: made)
            } else if errno != EEXIST {
                let reason = unsafe String(cString: strerror(errno))
                throw SecretsError(
                    SecretsError.fileNotWritten, "could not make the folder `\(made)`: \(reason)",
                    remedy: "make it, or name another place")
            }
            made += "/"
        }
    }
}
