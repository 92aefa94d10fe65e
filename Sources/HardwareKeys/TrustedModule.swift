import Glibc
import Secrets

/// The file of a PKCS#11 module: it runs inside the program, so that nobody else may be able to change it.
enum TrustedModule {
    /// - Throws: `token.module_missing`; `token.module_too_open` when others than this user and root may write the
    ///   file; `secrets.folder_too_open` when they may put another one in its place.
    static func require(_ path: String) throws(SecretsError) {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw SecretsError(
                SecretsError.tokenModuleMissing, "there is no PKCS#11 module `\(path)`",
                remedy: "install what the token's maker gives, or name where it is with `module-path`")
        }
        guard status.st_mode & 0o022 == 0, status.st_uid == 0 || status.st_uid == geteuid() else {
            throw SecretsError(
                SecretsError.tokenModuleTooOpen,
                "others than its owner may change the PKCS#11 module `\(path)`, or it is another user's",
                remedy: "chmod go-w '\(path)', give it to root, and think who may have changed it")
        }
        try OwnerOnlyFolder.requireOwnerOnlyWriting(above: path)
        guard let resolved = unsafe realpath(path, nil) else { return }
        defer { unsafe free(resolved) }
        try OwnerOnlyFolder.requireOwnerOnlyWriting(above: unsafe String(cString: resolved))
    }
}
