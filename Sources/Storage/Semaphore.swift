import Glibc

/// A count that threads wait on: what `Mutex` lacks, a way to sleep until somebody else is done.
// The semaphore lives at a fixed address and POSIX lets any thread use it.
@safe package final class Semaphore: @unchecked Sendable {
    private let handle: UnsafeMutablePointer<sem_t>

    /// `count` threads may pass before one waits.
    package init(count: UInt32 = 0) {
        unsafe handle = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
        unsafe sem_init(handle, 0, count)
    }

    deinit {
        unsafe sem_destroy(handle)
        unsafe handle.deallocate()
    }

    /// Lets one thread more pass.
    package func signal() { unsafe sem_post(handle) }

    /// Passes, or sleeps until it may.
    package func wait() {
        // A signal handler of the process may wake the thread too early.
        while unsafe sem_wait(handle) != 0 {}
    }
}

/// Which thread is running, to find calls that would wait for themselves.
struct ThreadIdentity: Equatable, Sendable {
    private let number: UInt

    static var current: ThreadIdentity { ThreadIdentity(number: pthread_self()) }
}
