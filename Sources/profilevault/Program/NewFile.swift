#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file that is written under another name, or none, and gets its own when it is whole.
final class NewFile {
    let path: String
    private let temporary: String
    private let replaces: Bool
    private var descriptor: Int32
    /// Whether it stands in the folder under the temporary name.
    private var isNamed = false
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
        descriptor = Self.openNameless(in: Self.folder(of: path))
        if descriptor < 0 {
            descriptor = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw Self.failure(path, errno) }
            isNamed = true
        }
    }

    /// Adds to the file.
    func write(_ bytes: [UInt8]) throws(CommandError) {
        pending += bytes
        if pending.count >= Self.flushAt { try flush() }
    }

    /// Brings all that was written to the disk.
    func settle() throws(CommandError) {
        try flush()
        guard fsync(descriptor) == 0 else { throw Self.failure(path, errno) }
    }

    /// Takes pieces out of what was written, which ascend, and closes the gaps.
    func remove(_ pieces: [Range<Int>]) throws(CommandError) {
        guard let first = pieces.first else { return }
        try flush()
        let end = Int(lseek(descriptor, 0, SEEK_END))
        var kept = first.lowerBound
        for (place, piece) in pieces.enumerated() {
            let next = place + 1 < pieces.count ? pieces[place + 1].lowerBound : end
            try move(piece.upperBound..<next, to: &kept)
        }
        guard ftruncate(descriptor, off_t(kept)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
            throw Self.failure(path, errno)
        }
    }

    /// Gives the file its name.
    func finish() throws(CommandError) {
        try settle()
        defer { dropTemporary() }
        // A link is refused where there is something by now, a renaming is not.
        if replaces {
            if !isNamed { try give(temporary) }
            isNamed = true
            guard rename(temporary, path) == 0 else { throw Self.failure(path, errno) }
        } else if isNamed {
            guard link(temporary, path) == 0 else {
                throw errno == EEXIST ? Self.exists(path) : Self.failure(path, errno)
            }
        } else {
            try give(path)
        }
        try settleFolder()
    }

    deinit { dropTemporary() }

    private func dropTemporary() {
        guard descriptor >= 0 else { return }
        close(descriptor)
        descriptor = -1
        if isNamed { unlink(temporary) }
    }

    /// Where the system can, the file has no name at all until it is whole: what a killed process wrote is gone.
    private static func openNameless(in folder: String) -> Int32 {
        #if canImport(Glibc)
            // O_TMPFILE, which is a macro that Swift does not see: the flag and O_DIRECTORY.
            let descriptor = open(folder, 0o20_000_000 | O_DIRECTORY | O_RDWR | O_CLOEXEC, 0o600)
            // It is named through this path, which a system without /proc does not have.
            guard descriptor >= 0, access(pathOfDescriptor(descriptor), F_OK) != 0 else { return descriptor }
            close(descriptor)
            return -1
        #else
            return -1
        #endif
    }

    private static func pathOfDescriptor(_ descriptor: Int32) -> String { "/proc/self/fd/\(descriptor)" }

    /// Names the nameless file.
    private func give(_ name: String) throws(CommandError) {
        guard linkat(AT_FDCWD, Self.pathOfDescriptor(descriptor), AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0 else {
            throw errno == EEXIST ? Self.exists(name) : Self.failure(path, errno)
        }
    }

    /// The name is in the folder, which is a file of its own.
    private func settleFolder() throws(CommandError) {
        let folder = open(Self.folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw Self.failure(path, errno) }
        defer { close(folder) }
        // Some file systems have nothing to settle and say so.
        guard fsync(folder) == 0 || errno == EINVAL else { throw Self.failure(path, errno) }
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private func move(_ source: Range<Int>, to target: inout Int) throws(CommandError) {
        var buffer = [UInt8](repeating: 0, count: Self.flushAt)
        var position = source.lowerBound
        while position < source.upperBound {
            let wanted = min(buffer.count, source.upperBound - position)
            let count = pread(descriptor, &buffer, wanted, off_t(position))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure(path, count < 0 ? errno : EIO) }
            var written = 0
            while written < count {
                let done = buffer.withUnsafeBytes { bytes in
                    pwrite(descriptor, bytes.baseAddress! + written, count - written, off_t(target + written))
                }
                if done < 0, errno == EINTR { continue }
                guard done > 0 else { throw Self.failure(path, done < 0 ? errno : EIO) }
                written += done
            }
            position += count
            target += count
        }
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
