import Synchronization

/// Lets commits and reads of one file take turns where the journal allows only one of them.
///
/// SQLite would let them meet and sleep for milliseconds at a time. A waiting commit goes before new readers, so it is not
/// starved; a thread that reads already may read again, so it does not wait for itself.
final class CommitGate: Sendable {
    private struct State {
        var readers: [ThreadIdentity] = []
        var isCommitting = false
        var waitingCommit: Semaphore?
        var waitingReaders: [(thread: ThreadIdentity, signal: Semaphore)] = []
    }

    private let state = Mutex(State())

    /// Runs `body` while no commit is under way.
    func reading<R>(_ body: () throws -> R) rethrows -> R {
        let thread = ThreadIdentity.current
        let signal: Semaphore? = state.withLock { state in
            let mayEnter = !state.isCommitting && state.waitingCommit == nil
            if mayEnter || state.readers.contains(thread) {
                state.readers.append(thread)
                return nil
            }
            let signal = Semaphore()
            state.waitingReaders.append((thread, signal))
            return signal
        }
        signal?.wait()
        defer { leave(thread) }
        return try body()
    }

    /// Runs `body` while no read is under way; there is one writer, so there is one caller.
    func committing<R>(_ body: () throws(StorageError) -> R) throws(StorageError) -> R {
        let signal: Semaphore? = state.withLock { state in
            if state.readers.isEmpty {
                state.isCommitting = true
                return nil
            }
            let signal = Semaphore()
            state.waitingCommit = signal
            return signal
        }
        signal?.wait()
        defer { finish() }
        return try body()
    }

    private func leave(_ thread: ThreadIdentity) {
        state.withLock { state in
            if let index = state.readers.firstIndex(of: thread) { state.readers.remove(at: index) }
            guard state.readers.isEmpty, let commit = state.waitingCommit else { return }
            state.waitingCommit = nil
            state.isCommitting = true
            commit.signal()
        }
    }

    private func finish() {
        state.withLock { state in
            state.isCommitting = false
            for waiting in state.waitingReaders {
                state.readers.append(waiting.thread)
                waiting.signal.signal()
            }
            state.waitingReaders = []
        }
    }
}
