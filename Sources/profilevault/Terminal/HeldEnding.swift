#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import Synchronization

/// Holds back a signal that would end the program, such as Ctrl-C, until something is put in order first.
///
/// A read that waits ends early with `EINTR`.
struct HeldEnding {
    private static let numbers = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]

    private let before: [(number: Int32, action: sigaction)]

    init() {
        // Touched before the handler can run, because a signal handler must not be the first to make it.
        heldSignal.store(0, ordering: .relaxed)
        let note: @convention(c) (Int32) -> Void = { heldSignal.store($0, ordering: .relaxed) }
        // Without SA_RESTART.
        var held = sigaction()
        #if canImport(Glibc)
            held.__sigaction_handler.sa_handler = note
        #else
            held.__sigaction_u.__sa_handler = note
        #endif
        before = Self.numbers.map { number in
            var action = sigaction()
            sigaction(number, &held, &action)
            return (number, action)
        }
    }

    /// Whether such a signal came.
    var wasAsked: Bool { heldSignal.load(ordering: .relaxed) != 0 }

    /// Lets a signal that came do what it would have done.
    func release() {
        for (number, action) in before {
            var action = action
            sigaction(number, &action, nil)
        }
        if wasAsked { raise(heldSignal.load(ordering: .relaxed)) }
    }
}

/// A signal handler captures nothing, so what it sets is here.
private let heldSignal = Atomic<Int32>(0)
