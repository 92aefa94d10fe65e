import Foundation

/// The log's own thread: folds the spool when enough has come together, or after a moment of quiet.
// Everything that changes is guarded by the condition.
final class FoldingThread: @unchecked Sendable {
    private let condition = NSCondition()
    private let delay: TimeInterval
    private var work: (@Sendable () -> Void)?
    private var isAsked = false
    private var isUrgent = false
    private var isStopping = false
    private var isRunning = false
    private var rounds: UInt64 = 0
    private var thread: Thread?

    /// - Parameter delay: seconds that an entry may stay in the spool alone.
    init(delay: TimeInterval) { self.delay = delay }

    func start(_ work: @escaping @Sendable () -> Void) {
        condition.withLock {
            self.work = work
            isRunning = true
        }
        let thread = Thread { self.run() }
        thread.name = "audit-folding"
        thread.stackSize = 1 << 20
        condition.withLock { self.thread = thread }
        thread.start()
    }

    /// Asks for a fold: soon when `urgent`, else after the delay.
    func ask(urgent: Bool) {
        condition.withLock {
            guard !isAsked || urgent && !isUrgent else { return }
            isAsked = true
            isUrgent = isUrgent || urgent
            condition.broadcast()
        }
    }

    /// Asks for a fold and waits until one that began afterwards is over; `false` when that takes too long.
    func waitForRound(atMost seconds: TimeInterval) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        isAsked = true
        isUrgent = true
        condition.broadcast()
        // The round under way may have begun before; the one after it has not.
        let target = rounds + 2
        let limit = Date(timeIntervalSinceNow: seconds)
        while rounds < target, isRunning {
            isAsked = true
            isUrgent = true
            if !condition.wait(until: limit) { return false }
        }
        return true
    }

    /// Lets the round under way end, and waits for it.
    func stop() {
        condition.lock()
        isStopping = true
        condition.broadcast()
        // The last holder of the log may let go of it on this very thread.
        while isRunning, Thread.current !== thread { condition.wait() }
        // It holds this object.
        thread = nil
        condition.unlock()
    }

    private func run() {
        condition.lock()
        while !isStopping {
            guard isAsked else {
                condition.wait()
                continue
            }
            if !isUrgent {
                let limit = Date(timeIntervalSinceNow: delay)
                while !isStopping, !isUrgent, condition.wait(until: limit) {}
            }
            if isStopping { break }
            isAsked = false
            isUrgent = false
            let work = self.work
            condition.unlock()
            work?()
            condition.lock()
            rounds += 1
            condition.broadcast()
        }
        work = nil
        isRunning = false
        condition.broadcast()
        condition.unlock()
    }
}
