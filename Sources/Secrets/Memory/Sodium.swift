import CSodium

/// libsodium's start, needed once before anything else of it is called.
enum Sodium {
    static let started: Bool = sodium_init() >= 0

    /// Starts the library where the caller has no way to fail: drawing random bytes ends the process by itself when
    /// the system has none.
    static func start() { _ = started }

    /// - Throws: `libraryUnavailable` when it has not started.
    static func ensureReady(_ isReady: Bool = started) throws(SecretsError) {
        guard isReady else {
            throw SecretsError(
                SecretsError.libraryUnavailable, "libsodium could not start",
                remedy: "check that the system's random source works")
        }
    }
}

/// Bytes from the operating system's random source, through libsodium.
public enum Random {
    /// `count` fresh random bytes for ids, nonces and salts; keys are made in guarded memory instead.
    public static func bytes(_ count: Int) -> [UInt8] {
        // Giving room for nothing back means writing into the empty array that all threads share.
        guard count > 0 else { return [] }
        Sodium.start()
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
            if let base = buffer.baseAddress { unsafe randombytes_buf(base, count) }
            written = count
        }
    }

    /// Two times sixty-four fresh random bits, as an id takes them.
    public static func words() -> (UInt64, UInt64) {
        Sodium.start()
        var words: (UInt64, UInt64) = (0, 0)
        unsafe withUnsafeMutableBytes(of: &words) { unsafe randombytes_buf($0.baseAddress!, 16) }
        return words
    }

    /// `count` times two words, drawn in one call.
    public static func words(_ count: Int) -> [(UInt64, UInt64)] {
        guard count > 0 else { return [] }
        Sodium.start()
        return unsafe [(UInt64, UInt64)](unsafeUninitializedCapacity: count) { buffer, written in
            if let base = buffer.baseAddress { unsafe randombytes_buf(base, count * 16) }
            written = count
        }
    }
}
