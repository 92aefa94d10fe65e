#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file that is written under another name and gets its own when it is whole.
final class NewFile {
    let path: String
    private let temporary: String
    private let replaces: Bool
    private var descriptor: Int32
    private var pending: [UInt8] = []

    private static let flushAt = 256 << 10

    /// - Parameters:
    ///   - path: where it will be; without `replaces` there must be nothing.
    ///   - replaces: whether a file there may go.
    /// - Throws: `fileExists`, or `outputUnwritable` where no file can be made.
    init(_ path: String, replacing replaces: Bool) throws(CommandError) {
        self.path = path
        self.replaces = replaces
        temporary = "\(path).\(getpid()).partial"
        descriptor = -1
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw CommandError(
                    CommandError.outputUnwritable, "`\(path)` is not a file",
                    remedy: "write to standard output with `-`, and send that there")
            }
            guard replaces else { throw Self.exists(path) }
        }
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path, errno) }
    }

    /// Adds to the file.
    func write(_ bytes: [UInt8]) throws(CommandError) {
        pending += bytes
        if pending.count >= Self.flushAt { try flush() }
    }

    /// Gives the file its name.
    func finish() throws(CommandError) {
        try flush()
        guard fsync(descriptor) == 0 else { throw Self.failure(path, errno) }
        close(descriptor)
        descriptor = -1
        defer { unlink(temporary) }
        // A link is refused where there is something by now, a renaming is not.
        guard (replaces ? rename(temporary, path) : link(temporary, path)) == 0 else {
            throw errno == EEXIST ? Self.exists(path) : Self.failure(path, errno)
        }
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        unlink(temporary)
    }

    private func flush() throws(CommandError) {
        var written = 0
        while written < pending.count {
            let count = pending.withUnsafeBytes { buffer in
                #if canImport(Glibc)
                    Glibc.write(descriptor, buffer.baseAddress! + written, buffer.count - written)
                #else
                    Darwin.write(descriptor, buffer.baseAddress! + written, buffer.count - written)
                #endif
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Self.failure(path, errno) }
            written += count
        }
        pending.removeAll(keepingCapacity: true)
    }

    private static func exists(_ path: String) -> CommandError {
        CommandError(
            CommandError.fileExists, "there is a file at `\(path)` already",
            remedy: "name another, or replace it with --force")
    }

    private static func failure(_ path: String, _ error: Int32) -> CommandError {
        CommandError(
            CommandError.outputUnwritable,
            "`\(path)` could not be written: \(String(cString: strerror(error)).lowercased())",
            remedy: "check its folder, and the space on the disk")
    }
}
