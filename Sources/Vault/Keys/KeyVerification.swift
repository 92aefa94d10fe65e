import Core
import Secrets
import Storage

/// What a walk over every person's key found.
package struct KeyVerification: Sendable {
    /// Keys that open and are the ones their commitments name.
    package fileprivate(set) var sound = 0
    package fileprivate(set) var findings: [VaultError] = []
}

extension Profiles {
    private static let keyBatch = 2000

    /// Unwraps the key of every person on all cores and holds it against its commitment and against whose it should be.
    ///
    /// A person without any key is left to `verify`, which counts them. Nothing may write meanwhile. `progress` is told how
    /// many people were looked at; only a store that cannot be read throws.
    package func verifyKeys(progress: (Int) -> Void) throws -> KeyVerification {
        var result = KeyVerification()
        var seen = 0
        var last: Int64 = 0
        while true {
            let people = try people(after: last)
            guard let highest = people.last?.number else { return result }
            for finding in try keyring.check(people, upTo: highest) {
                if let finding { result.findings.append(finding) } else { result.sound += 1 }
            }
            seen += people.count
            last = highest
            progress(seen)
        }
    }

    private func people(after number: Int64) throws -> [Subject] {
        var people: [Subject] = []
        try database.read { connection in
            try connection.query(
                "SELECT number, tenant, id FROM profile WHERE number > $1 ORDER BY number LIMIT $2", .integer(number),
                .integer(Int64(Self.keyBatch))
            ) { row in
                people.append(
                    Subject(
                        tenant: TenantID(UInt32(clamping: try row.int64(at: 1))), number: try row.int64(at: 0),
                        id: ProfileID(bytes: try row.blob(at: 2)) ?? ProfileID(high: 0, low: 0)))
            }
        }
        return people
    }
}

extension ProfileKeyring {
    /// What is wrong with each of these people's keys, `nil` where nothing is; who has none is left out.
    fileprivate func check(_ people: [Subject], upTo highest: Int64) throws -> [VaultError?] {
        guard let first = people.first else { return [] }
        let owners = Dictionary(people.map { ($0.number, $0) }) { first, _ in first }
        var stored: [Claim] = []
        try database.read { connection in
            try connection.query(
                """
                SELECT tenant, id, key_id, epoch, wrapped, commitment, number FROM profile_key
                WHERE number >= $1 AND number <= $2
                """, .integer(first.number), .integer(highest)
            ) { row in
                guard let owner = owners[try row.int64(at: 6)] else { return }
                // A row that is not even one of this person is the finding, not the end of the walk.
                do {
                    stored.append(Claim(owner: owner, row: try StoredRow(row, of: owner)))
                } catch {
                    stored.append(Claim(owner: owner, row: nil))
                }
            }
        }
        return try stored.mapInParallel { [self] claim in
            guard let row = claim.row else { return .keyChanged(claim.owner.id) }
            do {
                _ = try unwrap(row)
                return nil
            } catch {
                return .keyChanged(claim.owner.id)
            }
        }
    }

    /// A person and what lies in the store as theirs; `nil` when that says it is somebody else's.
    private struct Claim: Sendable {
        let owner: Subject
        let row: StoredRow?
    }
}

extension VaultError {
    static func keyChanged(_ id: ProfileID) -> VaultError {
        VaultError(
            keyChanged, "the key of profile \(id) does not open: it was changed, or is somebody else's",
            remedy: "put keys.db back from a backup of the home; without its key nothing of that person can be read")
    }
}
