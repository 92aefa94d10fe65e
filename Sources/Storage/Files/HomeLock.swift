import Core
import Glibc

/// The exclusive use of a home by one process, held as long as this value lives or the process does.
@safe package struct HomeLock: ~Copyable, Sendable {
    private let descriptor: Int32

    private static let pollMilliseconds = 20

    /// Takes the lock in the file at `path`, which is made if need be and says in it which process holds the lock.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - patience: how many milliseconds to wait for another process that has it.
    ///   - waiting: called once, with that process where it is known, when there is waiting to do.
    /// - Throws: `storage.home_in_use` when another process still has it.
    package init(
        path: String, patience: Int = 0, waiting: ((Int?) -> Void)? = nil
    ) throws(StorageError) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .file(path, "opened", errno) }
        var left = patience
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let reason = errno
            if reason == EINTR { continue }
            let holder = Self.holder(descriptor)
            if reason == EWOULDBLOCK, left > 0 {
                if left == patience { waiting?(holder) }
                left -= Self.pollMilliseconds
                usleep(UInt32(Self.pollMilliseconds) * 1000)
                continue
            }
            Glibc.close(descriptor)
            guard reason == EWOULDBLOCK else { throw .file(path, "locked", reason) }
            let who = holder.map { "process \($0)" } ?? "another process"
            throw StorageError(
                .storageHomeInUse, "this vault is in use by \(who)",
                remedy: "wait for it to end, or end it, and try again")
        }
        // The number is for people; the lock itself is the kernel's and ends with the process, however it ends.
        let text = Array("\(getpid())\n".utf8)
        let written = unsafe text.withUnsafeBytes { bytes in
            ftruncate(descriptor, 0) == 0 ? unsafe pwrite(descriptor, bytes.baseAddress!, bytes.count, 0) : -1
        }
        guard written == text.count else {
            let reason = errno
            Glibc.close(descriptor)
            throw .file(path, "written", reason)
        }
        self.descriptor = descriptor
    }

    deinit {
        // Said and not left to `close`: a child that is just being started has a copy of the descriptor for a moment.
        flock(descriptor, LOCK_UN)
        Glibc.close(descriptor)
    }

    private static func holder(_ descriptor: Int32) -> Int? {
        var bytes = [UInt8](repeating: 0, count: 20)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress!, $0.count, 0) }
        let digits = bytes.prefix(max(count, 0)).prefix { $0 != UInt8(ascii: "\n") }
        return Int(String(decoding: digits, as: UTF8.self))
    }
}
