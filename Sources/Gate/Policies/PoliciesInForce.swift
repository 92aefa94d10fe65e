import Synchronization

/// The policy set that all gates of an open vault decide by: who puts another one in force reaches every tenant's.
package final class PoliciesInForce: Sendable {
    private let newest: Mutex<ActivePolicies>
    /// Read at every request, so without the lock.
    private let number: Atomic<UInt16>

    package init(_ policies: ActivePolicies) {
        newest = Mutex(policies)
        number = Atomic(policies.version)
    }

    /// The version of the set in force.
    package var version: UInt16 { number.load(ordering: .acquiring) }

    package var policies: ActivePolicies { newest.withLock { $0 } }

    /// Puts a set in force unless that one or a later one is already.
    package func adopt(_ policies: ActivePolicies) {
        newest.withLock { newest in
            guard policies.version > newest.version else { return }
            newest = policies
            number.store(policies.version, ordering: .releasing)
        }
    }
}
