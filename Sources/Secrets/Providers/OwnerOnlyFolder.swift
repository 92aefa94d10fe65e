import Glibc

/// Folders for files that hold secrets: made with mode 0700, level by level.
public enum OwnerOnlyFolder {
    /// Makes the folder in which `path` is to lie, and those above it that are missing.
    public static func make(for path: String) throws(SecretsError) {
        var made = ""
        for part in path.split(separator: "/", omittingEmptySubsequences: false).dropLast() {
            made += part
            if !made.isEmpty, unsafe mkdir(made, 0o700) != 0, errno != EEXIST {
                let reason = unsafe String(cString: strerror(errno))
                throw SecretsError(
                    SecretsError.fileNotWritten, "could not make the folder `\(made)`: \(reason)",
                    remedy: "make it, or name another place")
            }
            made += "/"
        }
    }
}
