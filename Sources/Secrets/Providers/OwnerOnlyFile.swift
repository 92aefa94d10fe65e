import Core
import Glibc

/// Small files that hold secrets: made with mode 0600, refused when anyone but their owner may read them.
public enum OwnerOnlyFile {
    /// - Throws: `permissionsTooOpen` when group or others may read or write the file.
    public static func read(_ path: String, limit: Int) throws(SecretsError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(SecretsError.keyFileUnreadable, "could not open `\(path)`") }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw failure(SecretsError.keyFileUnreadable, "could not examine `\(path)`")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw SecretsError(
                SecretsError.permissionsTooOpen,
                "`\(path)` may be read by others than its owner (mode \(String(status.st_mode & 0o7777, radix: 8)))",
                remedy: "chmod 600 '\(path)', and think who may have read it")
        }
        var text = [UInt8](repeating: 0, count: limit + 1)
        let count = unsafe text.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress!, $0.count) }
        guard count >= 0, count <= limit else {
            wipe(&text)
            throw SecretsError(SecretsError.keyFileUnreadable, "`\(path)` is not a file of at most \(limit) bytes")
        }
        defer { wipe(&text) }
        return Array(text.prefix(count))
    }

    /// Makes a new file and forces it to disk; fails when there is one already.
    public static func create(_ path: String, _ content: [UInt8]) throws(SecretsError) {
        try write(path, content, flags: O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC)
    }

    /// Overwrites the first bytes of a file where they lie, and forces them to disk.
    public static func overwrite(_ path: String, _ content: [UInt8]) throws(SecretsError) {
        try write(path, content, flags: O_WRONLY | O_CLOEXEC)
    }

    private static func write(_ path: String, _ content: [UInt8], flags: Int32) throws(SecretsError) {
        let descriptor = unsafe open(path, flags, 0o600)
        guard descriptor >= 0 else { throw failure(SecretsError.fileNotWritten, "could not create `\(path)`") }
        defer { close(descriptor) }
        var offset = 0
        while offset < content.count {
            let written = unsafe content.withUnsafeBytes {
                unsafe pwrite(descriptor, $0.baseAddress! + offset, content.count - offset, off_t(offset))
            }
            guard written > 0 else { throw failure(SecretsError.fileNotWritten, "could not write `\(path)`") }
            offset += written
        }
        guard fsync(descriptor) == 0 else {
            throw failure(SecretsError.fileNotWritten, "could not force `\(path)` to disk")
        }
        let parent = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let folder = unsafe open(parent.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : parent, O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { throw failure(SecretsError.fileNotWritten, "could not open the folder of `\(path)`") }
        defer { close(folder) }
        guard fsync(folder) == 0 else {
            throw failure(SecretsError.fileNotWritten, "could not force the folder of `\(path)` to disk")
        }
    }

    private static func failure(_ code: ErrorCode, _ what: String) -> SecretsError {
        let reason = unsafe String(cString: strerror(errno))
        return SecretsError(code, "\(what): \(reason)", remedy: "check the path, its permissions and the free space")
    }
}
