import Core
import Glibc

/// The vault's own files outside its databases: only their owner may read them, and they are written whole or not at all.
package struct FileSystem: Sendable {
    /// One thing done to a file, each a place where a machine may stop.
    package enum Step: Sendable, CaseIterable {
        case create
        case write
        case synchronise
        case rename
        case synchroniseFolder
    }

    /// Called before each step with the file's path; a test fails here, or ends the process.
    private let before: @Sendable (Step, String) throws(StorageError) -> Void

    package init(before: @escaping @Sendable (Step, String) throws(StorageError) -> Void) { self.before = before }

    /// The machine's own, where nothing stands between.
    package static let local = FileSystem { (_, _) throws(StorageError) in }

    /// Puts `bytes` at `path`: whoever looks, also after a power cut, finds the old content or the new, never a mixture.
    package func atomicWrite(
        _ bytes: [UInt8], to path: String, mode: UInt32 = 0o600
    ) throws(StorageError) {
        let temporary = "\(path).new"
        // Only a crash leaves one: the home is locked, and a file has one writer in the process.
        if unsafe unlink(temporary) != 0, errno != ENOENT { throw .file(temporary, "replaced", errno) }
        do throws(StorageError) {
            try create(temporary, bytes, mode: mode)
            try before(.rename, path)
            guard unsafe rename(temporary, path) == 0 else { throw .file(path, "replaced", errno) }
        } catch {
            unsafe unlink(temporary)
            throw error
        }
        try synchroniseFolder(of: path)
    }

    /// The file's content; refuses one that others than its owner may read or write, and one larger than `limit`.
    package func readFile(
        _ path: String, checkingOwnerOnly: Bool = true, limit: Int = 64 << 20
    ) throws(StorageError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(path, "opened", errno) }
        defer { Glibc.close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .file(path, "examined", errno) }
        if checkingOwnerOnly { try refuseOpenPermissions(status, path) }
        guard status.st_size <= limit else {
            throw StorageError(.storageInputOutput, "`\(path)` is larger than \(limit) bytes")
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var filled = 0
        while filled < bytes.count {
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(descriptor, buffer.baseAddress! + filled, buffer.count - filled)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .file(path, "read", errno) }
            if count == 0 { break }
            filled += count
        }
        bytes.removeLast(bytes.count - filled)
        return bytes
    }

    /// Makes an empty file that only its owner may read, unless there is one.
    func ensureExists(_ path: String, checkingOwnerOnly: Bool) throws(StorageError) {
        // An existing database is only looked at: closing a descriptor of it would drop the locks SQLite holds on it.
        var status = stat()
        if unsafe stat(path, &status) == 0 {
            if checkingOwnerOnly { try refuseOpenPermissions(status, path) }
            return
        }
        guard errno == ENOENT else { throw .file(path, "examined", errno) }
        try create(path, [], mode: 0o600)
        try synchroniseFolder(of: path)
    }

    /// The file's size; `nil` when there is none.
    package func size(_ path: String) -> Int? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    private func create(_ path: String, _ bytes: [UInt8], mode: UInt32) throws(StorageError) {
        try before(.create, path)
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw .file(path, "created", errno) }
        defer { Glibc.close(descriptor) }
        if !bytes.isEmpty { try before(.write, path) }
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe write(descriptor, buffer.baseAddress! + written, buffer.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .file(path, "written", errno) }
            written += count
        }
        try before(.synchronise, path)
        guard fsync(descriptor) == 0 else { throw .file(path, "written", errno) }
    }

    /// Takes a file away; none is no error.
    package func remove(_ path: String) throws(StorageError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR else {
            throw .file(path, "removed", errno)
        }
    }

    /// Makes the folder's entry for `path` survive a power cut.
    package func synchroniseFolder(of path: String) throws(StorageError) {
        let cut = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        let folder = cut.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        try before(.synchroniseFolder, folder)
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(folder, "opened", errno) }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .file(folder, "written", errno) }
    }

    private func refuseOpenPermissions(_ status: stat, _ path: String) throws(StorageError) {
        let open = status.st_mode & 0o077
        guard open == 0 else {
            throw StorageError(
                .storagePermissionsTooOpen,
                "`\(path)` may be used by others than its owner (mode \(String(status.st_mode & 0o777, radix: 8)))",
                remedy: "run `chmod 600 \(path)`, and think about who may have read it")
        }
    }
}

extension StorageError {
    /// What the operating system said when `path` should have been opened, read, written …
    static func file(_ path: String, _ verb: String, _ error: Int32) -> StorageError {
        let message = "`\(path)` could not be \(verb): \(systemMessage(error))"
        return switch error {
        case ENOENT: StorageError(.storageNotFound, message, remedy: "check the path")
        case ENOSPC, EDQUOT, EFBIG: StorageError(.storageDiskFull, message, remedy: "free space and try again")
        case EACCES, EPERM, EROFS:
            StorageError(.storageReadOnly, message, remedy: "check the owner and the mode of the file and its folder")
        default: StorageError(.storageInputOutput, message, remedy: "check the disk and its file system")
        }
    }
}

/// What the operating system calls an error, as `no space left on device`.
func systemMessage(_ error: Int32) -> String {
    let text = unsafe String(cString: strerror(error))
    return text.prefix(1).lowercased() + text.dropFirst()
}
