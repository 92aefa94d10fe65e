import Glibc

/// The spool as a file: appended to, cut, replaced.
struct SpoolFile: Sendable {
    /// What the operating system is asked to do; a test puts a full disk in its place.
    struct Calls: Sendable {
        var write: @Sendable (Int32, UnsafeRawPointer, Int, Int) -> Int = { pwrite($0, $1, $2, off_t($3)) }
        var synchronise: @Sendable (Int32) -> Int32 = { fdatasync($0) }
        var truncate: @Sendable (Int32, Int) -> Int32 = { ftruncate($0, off_t($1)) }
    }

    let path: String
    let descriptor: Int32
    private let calls: Calls

    /// Opens the spool; `nil` when there is none.
    init?(opening path: String, calls: Calls) throws(AuditError) {
        let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        if descriptor < 0, errno == ENOENT { return nil }
        guard descriptor >= 0 else { throw Self.failure(path, "opened") }
        self.init(path: path, descriptor: descriptor, calls: calls)
        var status = stat()
        let isOurs =
            fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_mode & 0o077 == 0
        guard isOurs else {
            close()
            throw AuditError(
                AuditError.permissionsTooOpen, "`\(path)` is no plain file that only its owner may use",
                remedy: "run `chmod 600 \(path)`, and think about who may have read or changed it")
        }
    }

    /// Puts a new spool with this content at `path`; whoever looks finds the old one or the new.
    init(replacing path: String, with content: [UInt8], calls: Calls) throws(AuditError) {
        let temporary = path + ".new"
        unlink(temporary)
        let descriptor = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path, "made") }
        self.init(path: path, descriptor: descriptor, calls: calls)
        guard append(content, at: 0) == 0, calls.synchronise(descriptor) == 0, rename(temporary, path) == 0 else {
            let error = Self.failure(path, "written")
            unlink(temporary)
            close()
            throw error
        }
        synchroniseFolder()
    }

    private init(path: String, descriptor: Int32, calls: Calls) {
        self.path = path
        self.descriptor = descriptor
        self.calls = calls
    }

    /// Writes all bytes with one call, as a rule; the error number when not all of them were taken.
    func append(_ bytes: [UInt8], at end: Int) -> Int32 {
        bytes.withUnsafeBytes { buffer in
            var written = 0
            while written < buffer.count, let base = buffer.baseAddress {
                let count = calls.write(descriptor, base + written, buffer.count - written, end + written)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { return count == 0 ? ENOSPC : errno }
                written += count
            }
            return 0
        }
    }

    func truncate(to length: Int) -> Bool { calls.truncate(descriptor, length) == 0 }

    func synchronise() -> Bool { calls.synchronise(descriptor) == 0 }

    func close() { Glibc.close(descriptor) }

    /// Whether the file under `path` still is this one: nobody removed or replaced it.
    var isInPlace: Bool {
        var here = stat()
        var there = stat()
        return fstat(descriptor, &here) == 0 && here.st_nlink > 0 && lstat(path, &there) == 0
            && here.st_ino == there.st_ino && here.st_dev == there.st_dev
    }

    /// Whether any folder still names the file: the cheap half of `isInPlace`.
    var isLinked: Bool {
        var here = stat()
        return fstat(descriptor, &here) == 0 && here.st_nlink > 0
    }

    func contents() throws(AuditError) -> [UInt8] {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.failure(path, "examined") }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress! + filled, buffer.count - filled, off_t(filled))
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Self.failure(path, "read") }
            if count == 0 { break }
            filled += count
        }
        bytes.removeLast(bytes.count - filled)
        return bytes
    }

    /// Makes the file's name survive a power cut; where a folder cannot be synchronised, nothing better is to be had.
    private func synchroniseFolder() {
        let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) + "/" } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        Glibc.close(descriptor)
    }

    /// What the operating system calls an error.
    static func systemMessage(_ error: Int32) -> String {
        let text = String(cString: strerror(error))
        return text.prefix(1).lowercased() + text.dropFirst()
    }

    private static func failure(_ path: String, _ verb: String) -> AuditError {
        AuditError(
            AuditError.spoolUnusable, "`\(path)` could not be \(verb): \(systemMessage(errno))",
            remedy: "check the disk, the owner and the mode of the vault's home")
    }
}
