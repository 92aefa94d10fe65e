import Core
import Secrets
import Storage
import Synchronization

extension KeyTree {
    /// Makes the next epoch's keys: its own, its counterpart and every tenant's wrap key. What is made from now on is
    /// wrapped under these; where a turn was begun already, it goes on.
    func beginTurn(at time: Timestamp) throws {
        try database.write { connection in
            let current = epochs.withLock { $0.next == nil ? $0.current : nil }
            guard let current else { return }
            let next = EpochKey(number: current.number + 1, key: try .random())
            let counterpart = try EpochCounterpart.random()
            func store<Role>(_ key: Key<Role>, _ name: String, _ tenant: TenantID, under wrapping: WrappingKey) throws {
                try StoredKey(vault: vault, name: name, tenant: tenant, version: next.number)
                    .store(key, under: wrapping, at: time, on: connection)
            }
            try store(next.key, StoredKey.epoch, TenantID(0), under: current.key)
            try store(counterpart, StoredKey.counterpart, TenantID(0), under: current.key)
            for tenant in try tenants(on: connection) {
                try store(WrappingKey.random(), StoredKey.wrap, tenant, under: next.key)
            }
            // Whoever writes next meets the new epoch: the store is locked until it is there.
            epochs.withLock { $0.next = (next, counterpart) }
        }
    }

    /// What a turn that has begun goes to.
    var turning: (key: EpochKey, counterpart: EpochCounterpart)? { epochs.withLock { $0.next } }

    /// The epoch before is over: nothing of it is left here.
    func endTurn() throws {
        let newest = epochs.withLock { epochs in
            if let next = epochs.next { epochs = Epochs(current: next.key) }
            return epochs.current
        }
        try removeEnded(before: newest.number)
        forgetWrappings(before: newest.number)
    }

    /// Whether there are keys here of an epoch that has ended, which a turn that was cut short at its very end leaves.
    func holdsEnded() throws -> Bool {
        let current = epochs.withLock { $0.current.number }
        return try database.read { connection in
            try connection.first(
                """
                SELECT 1 FROM vault_key WHERE name = 'wrap' AND version < $1
                    OR name IN ('epoch', 'counterpart') AND version <= $1 LIMIT 1
                """, .integer(current)
            ) { _ in true }
        } ?? false
    }

    private func removeEnded(before epoch: UInt32) throws {
        try database.write { connection in
            try connection.run(
                """
                DELETE FROM vault_key WHERE name = 'wrap' AND version < $1
                    OR name IN ('epoch', 'counterpart') AND version <= $1
                """, .integer(epoch))
        }
    }

    private func tenants(on connection: any Connection) throws -> [TenantID] {
        var tenants: [TenantID] = []
        try connection.query(
            "SELECT DISTINCT tenant FROM vault_key WHERE name = 'derivation' AND tenant > 0 ORDER BY tenant"
        ) { row in tenants.append(TenantID(UInt32(clamping: try row.int64(at: 0)))) }
        return tenants
    }
}
