import Storage
import Synchronization

/// Lets a few threads through at once while the others wait: each Argon2id takes the memory that its cost names.
final class Turnstile: Sendable {
    /// How many went through, and the most that were inside at once.
    struct Tally: Equatable {
        var passes = 0
        var inside = 0
        var peak = 0
    }

    private let places: Semaphore
    private let state = Mutex(Tally())

    init(places: Int) {
        precondition(places > 0, "a turnstile has a place")
        self.places = Semaphore(count: UInt32(places))
    }

    var tally: Tally { state.withLock { $0 } }

    func pass<R>(_ body: () throws -> R) rethrows -> R {
        places.wait()
        state.withLock { state in
            state.passes += 1
            state.inside += 1
            state.peak = max(state.peak, state.inside)
        }
        defer {
            state.withLock { $0.inside -= 1 }
            places.signal()
        }
        return try body()
    }
}
