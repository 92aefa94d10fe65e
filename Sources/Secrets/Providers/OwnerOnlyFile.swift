import CSodium
import Core
import Glibc

/// Small files that hold secrets: made with mode 0600, refused when anyone but their owner may read them.
public enum OwnerOnlyFile {
    /// Whether there is something at `path`, or a place that may not be looked at.
    public static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 || errno != ENOENT }

    /// The whole file, of at most `limit` bytes; the caller wipes it.
    ///
    /// - Throws: `permissionsTooOpen` when group or others may read or write the file, or when it is another user's;
    ///   `folderTooOpen` when they may write its folder.
    public static func read(_ path: String, limit: Int) throws(SecretsError) -> [UInt8] {
        try unsafe withContent(of: path, limit: limit) { unsafe Array($0) }
    }

    /// Lends the file's bytes and wipes them after; `ownerOnly` is `false` only to say why a file is refused.
    static func withContent<R>(
        of path: String, limit: Int, ownerOnly: Bool = true,
        _ body: (UnsafeRawBufferPointer) throws(SecretsError) -> R
    ) throws(SecretsError) -> R {
        // Not blocking, or opening a pipe would wait for a writer.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw failure(SecretsError.keyFileUnreadable, "could not open `\(path)`") }
        defer { close(descriptor) }
        try examine(descriptor, path, ownerOnly: ownerOnly, orThrow: SecretsError.keyFileUnreadable)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: limit + 1, alignment: 16)
        defer {
            unsafe sodium_memzero(buffer.baseAddress!, buffer.count)
            unsafe buffer.deallocate()
        }
        var count = 0
        while count <= limit {
            let more = unsafe Glibc.read(descriptor, buffer.baseAddress! + count, limit + 1 - count)
            if more < 0, errno == EINTR { continue }
            guard more >= 0 else { throw failure(SecretsError.keyFileUnreadable, "could not read `\(path)`") }
            if more == 0 { break }
            count += more
        }
        guard count <= limit else {
            throw SecretsError(
                SecretsError.keyFileUnreadable, "`\(path)` has more than \(limit) bytes",
                remedy: "check that the path names the file that is meant")
        }
        return try unsafe body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }

    /// Makes a new file and forces it to disk; fails when there is one already.
    ///
    /// It gets its name when it is whole: whoever finds a file there finds all of it, also after a power cut.
    public static func create(_ path: String, _ content: [UInt8]) throws(SecretsError) {
        let draft = draft(of: path)
        try write(draft, content)
        // A link is refused where there is something by now, a renaming is not.
        guard unsafe link(draft, path) == 0 else {
            let error = failure(SecretsError.fileNotWritten, "could not create `\(path)`")
            unsafe unlink(draft)
            throw error
        }
        do throws(SecretsError) {
            // Before the folder is forced to disk, so that a power cut does not bring back a second name of the file.
            guard unsafe unlink(draft) == 0 else {
                throw failure(SecretsError.fileNotWritten, "could not remove `\(draft)`")
            }
            try forceFolder(of: path)
        } catch {
            unsafe unlink(path)
            throw error
        }
    }

    /// Puts a file in place, whole or not at all, instead of the one that may be there.
    public static func put(_ path: String, _ content: [UInt8]) throws(SecretsError) {
        let draft = draft(of: path)
        try write(draft, content)
        guard unsafe rename(draft, path) == 0 else {
            let error = failure(SecretsError.fileNotWritten, "could not put `\(path)` in place")
            unsafe unlink(draft)
            throw error
        }
        try forceFolder(of: path)
    }

    /// Where a file lies until it is whole; only a crash leaves one there, which the next writing takes away.
    public static func draft(of path: String) -> String { path + ".new" }

    private static func write(_ draft: String, _ content: [UInt8]) throws(SecretsError) {
        unsafe unlink(draft)
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(SecretsError.fileNotWritten, "could not create `\(draft)`") }
        defer { close(descriptor) }
        do throws(SecretsError) {
            try write(content, to: descriptor, draft)
        } catch {
            unsafe unlink(draft)
            throw error
        }
    }

    /// Overwrites the first bytes of a file where they lie, and forces them to disk.
    ///
    /// - Throws: `permissionsTooOpen` as for reading.
    public static func overwrite(_ path: String, _ content: [UInt8]) throws(SecretsError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw failure(SecretsError.fileNotWritten, "could not open `\(path)`") }
        defer { close(descriptor) }
        try examine(descriptor, path, orThrow: SecretsError.fileNotWritten)
        try write(content, to: descriptor, path)
    }

    /// Writes all of `content` from the file's start and forces it to disk.
    static func write(_ content: [UInt8], to descriptor: Int32, _ path: String) throws(SecretsError) {
        var offset = 0
        while offset < content.count {
            let written = unsafe content.withUnsafeBytes {
                unsafe pwrite(descriptor, $0.baseAddress! + offset, content.count - offset, off_t(offset))
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw failure(SecretsError.fileNotWritten, "could not write `\(path)`") }
            offset += written
        }
        try force(descriptor, "`\(path)`")
    }

    /// Makes the folder's entry for `path` survive a power cut.
    static func forceFolder(of path: String) throws(SecretsError) {
        let parent = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let folder = unsafe open(parent.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : parent, O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { throw failure(SecretsError.fileNotWritten, "could not open the folder of `\(path)`") }
        defer { close(folder) }
        try force(folder, "the folder of `\(path)`")
    }

    private static func force(_ descriptor: Int32, _ what: String) throws(SecretsError) {
        while fsync(descriptor) != 0 {
            guard errno == EINTR else {
                throw failure(SecretsError.fileNotWritten, "could not force \(what) to disk")
            }
        }
    }

    /// Refuses what is open unless it is a plain file, of this user or of root, that nobody else may touch.
    private static func examine(
        _ descriptor: Int32, _ path: String, ownerOnly: Bool = true, orThrow code: ErrorCode
    ) throws(SecretsError) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw failure(code, "could not examine `\(path)`") }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            throw SecretsError(code, "`\(path)` is a folder", remedy: "name the file in it that is meant")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw SecretsError(code, "`\(path)` is not a plain file", remedy: "name the file itself")
        }
        guard ownerOnly else { return }
        try OwnerOnlyFolder.requireOwnerOnlyWriting(above: path)
        guard status.st_mode & 0o077 == 0 else {
            throw SecretsError(
                SecretsError.permissionsTooOpen,
                "`\(path)` may be read by others than its owner (mode \(String(status.st_mode & 0o7777, radix: 8)))",
                remedy: "chmod 600 '\(path)', and think who may have read it")
        }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw SecretsError(
                SecretsError.permissionsTooOpen, "`\(path)` belongs to another user (id \(status.st_uid))",
                remedy: "chown it to the user that runs profilevault, and think who may have read it")
        }
    }

    private static func failure(_ code: ErrorCode, _ what: String) -> SecretsError {
        let reason = unsafe String(cString: strerror(errno))
        return SecretsError(code, "\(what): \(reason)", remedy: "check the path, its permissions and the free space")
    }
}
