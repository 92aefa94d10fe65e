import Dispatch
import Synchronization

/// Hands values from one thread to the next, at most `capacity` waiting at a time, so that memory stays bounded.
final class Channel<Element: Sendable>: Sendable {
    private struct State {
        var queue: [Element] = []
        var finished = false
        var abandoned = false
    }

    private let state = Mutex(State())
    private let room = DispatchSemaphore(value: 0)
    private let work = DispatchSemaphore(value: 0)

    init(capacity: Int) {
        // Counted up here because a semaphore may not be let go below the value it was made with.
        for _ in 0..<capacity { room.signal() }
    }

    /// Waits for room; `false` when nobody receives any more.
    func send(_ element: Element) -> Bool {
        room.wait()
        let accepted = state.withLock { state in
            guard !state.abandoned else { return false }
            state.queue.append(element)
            return true
        }
        if accepted { work.signal() } else { room.signal() }
        return accepted
    }

    /// No more will be sent.
    func finish() {
        state.withLock { $0.finished = true }
        work.signal()
    }

    /// No more will be received: wakes a sender that waits for room.
    func abandon() {
        state.withLock { state in
            state.abandoned = true
            state.queue.removeAll()
        }
        room.signal()
    }

    /// Waits for a value; `nil` after the last.
    func receive() -> Element? {
        work.wait()
        let element: Element? = state.withLock { $0.queue.isEmpty ? nil : $0.queue.removeFirst() }
        // The signal of the end serves every later call, too.
        if element == nil { work.signal() } else { room.signal() }
        return element
    }
}
