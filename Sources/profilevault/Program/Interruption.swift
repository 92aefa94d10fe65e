#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import Synchronization

/// Lets long work end at a good place when the user presses Ctrl-C; pressed twice, the program ends at once.
final class Interruption: Sendable {
    init() {
        // Touched before the handler can run, because a signal handler must not be the first to make it.
        interruptionAsked.store(false, ordering: .relaxed)
        for number in [SIGINT, SIGTERM] {
            signal(number) { number in
                interruptionAsked.store(true, ordering: .relaxed)
                signal(number, SIG_DFL)
            }
        }
        // Whoever started the program may have blocked them, which a program inherits.
        var asked = sigset_t()
        sigemptyset(&asked)
        for number in [SIGINT, SIGTERM] { sigaddset(&asked, number) }
        pthread_sigmask(SIG_UNBLOCK, &asked, nil)
    }

    /// Whether the user has asked for an end.
    var wasAsked: Bool { interruptionAsked.load(ordering: .relaxed) }

    deinit {
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    }
}

/// A signal handler captures nothing, so what it sets is here.
private let interruptionAsked = Atomic(false)
