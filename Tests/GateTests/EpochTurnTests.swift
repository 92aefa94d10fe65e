import Accounts
import Audit
import Core
import Foundation
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Gate
@testable import Secrets
@testable import Vault

/// The turn of an epoch: everybody's key under new ones, those of before destroyed.
@Suite("The turn of an epoch")
struct EpochTurnTests {
    private let fixture: VaultFixture
    private let ada: Subject
    private let bob: Subject

    init() throws {
        fixture = try VaultFixture()
        ada = try fixture.add(VaultFixture.ada, granting: ["marketing_email"])
        bob = try fixture.add(
            ["customer_id": "43", "email": "bob@example.org", "first_name": "Bob"], granting: ["marketing_email"])
    }

    @discardableResult
    private func turn(_ progress: (Int) -> Bool = { _ in true }) throws -> EpochTurn.Outcome? {
        try fixture.gate.turnEpoch(of: fixture.vault, by: VaultFixture.administrator, progress: progress)
    }

    private func email(_ person: Subject) throws -> String? {
        try fixture.read(.profile(person.id), for: "marketing_email").values["email"]
    }

    private func count(_ sql: StaticString) throws -> Int {
        try fixture.vault.stores.keys.read { try $0.first(sql) { try $0.int(at: 0) } } ?? -1
    }

    private var holders: [String] { fixture.vault.epochs.holders.map(\.name) }

    private func epochs() throws -> [UInt32?] { try fixture.vault.epochs.states().map { try? $0.epoch.get() } }

    @Test("leaves everybody readable, at once and after the vault was opened again, and nothing of the epoch before")
    func readable() throws {
        #expect(try fixture.vault.epoch == 1 && email(ada) == "Ada@example.org")
        let outcome = try #require(try turn())
        #expect(outcome.epoch == 2 && outcome.rewrapped == 2 && outcome.failures.isEmpty)
        #expect(try epochs() == [2, 2])
        for _ in 0..<2 {
            #expect(fixture.vault.epoch == 2 && fixture.vault.epochGoal == nil)
            #expect(try email(ada) == "Ada@example.org" && email(bob) == "bob@example.org")
            #expect(try count("SELECT count(*) FROM profile_key WHERE epoch <> 2") == 0)
            #expect(try count("SELECT count(*) FROM vault_key WHERE name = 'wrap' AND version <> 2") == 0)
            #expect(try count("SELECT count(*) FROM vault_key WHERE name IN ('epoch', 'counterpart')") == 0)
            try fixture.reopen()
        }
        try fixture.add(["customer_id": "44", "email": "eve@example.org"])
        #expect(try turn()?.rewrapped == 3)
        let entries = try fixture.vault.audit.show(limit: 3)
        #expect(entries.map(\.action) == ["key.rotate_epoch", "key.rotate_epoch", "import"] || entries.count == 3)
        #expect(entries[0].facts["rewrapped"] == 3 && entries[0].facts["epoch"] == 3)
        #expect(entries[1].facts["to_epoch"] == 3 && entries[1].facts["resumed"] == false)
    }

    @Test(
        "kills what is left of an erased person's key: copies of the key store and of all holders open it before, not after"
    )
    func deadKeys() throws {
        // What somebody copied before: the key store, byte for byte, and every holder.
        let keys = try Data(contentsOf: URL(filePath: fixture.home.database(.keys)))
        let copies = try holders.map { try Data(contentsOf: URL(filePath: $0)) }
        _ = try fixture.gate.erase(.profile(ada.id), by: VaultFixture.officer, through: fixture.vault.erasure)

        /// Opens the person's key out of the copies, with everything that is live now.
        func steal() throws -> Bool {
            let folder = try TemporaryDirectory()
            try OwnerOnlyFile.create(folder.file("keys.db"), Array(keys))
            var places: [EpochHolder] = []
            for (number, copy) in copies.enumerated() {
                let path = folder.file("holder\(number)")
                try OwnerOnlyFile.create(path, Array(copy))
                places.append(EpochHolder(EpochFile(path: path)))
            }
            let live = fixture.vault.epochs
            let store = EpochStore(
                vault: live.vault, root: live.root, rootVersion: live.rootVersion, holders: places + live.holders,
                counterpart: live.counterpart)
            let database = try SQLiteDatabase(
                path: folder.file("keys.db"), options: .store(.keys, durability: .ordinary))
            defer { try? database.close() }
            let counterparts = try live.counterpart.read(of: live.vault)
            for holder in store.holders {
                guard
                    let key = try? holder.read(of: live.vault, roots: [1: live.root], counterparts: counterparts)
                else { continue }
                let tree = try KeyTree(vault: live.vault, root: live.root, epoch: key, database: database)
                let keyring = ProfileKeyring(tree: tree, database: database)
                if (try? keyring.entry(of: ada)) != nil { return true }
            }
            return false
        }
        #expect(try steal())
        try turn()
        #expect(try !steal())
        #expect(try email(bob) == "bob@example.org")
    }

    @Test("that is stopped goes on when it is asked for again, also by the next process; until then both epochs open")
    func resumed() throws {
        for number in 0..<3 { try fixture.add(["customer_id": "\(50 + number)"]) }
        #expect(try turn { _ in false } == nil)
        #expect(fixture.vault.epochGoal == 2 && fixture.vault.epoch == 1)
        #expect(try email(ada) == "Ada@example.org")
        try fixture.reopen()
        #expect(fixture.vault.epochGoal == 2 && fixture.vault.epoch == 1)
        #expect(try epochs() == [1, 1])
        #expect(try email(bob) == "bob@example.org")
        // Who comes meanwhile has a key of the new epoch.
        let eve = try fixture.add(["customer_id": "44", "email": "eve@example.org"], granting: ["marketing_email"])
        #expect(try count("SELECT count(*) FROM profile_key WHERE epoch = 2") == 6)
        try fixture.reopen()
        #expect(try turn()?.epoch == 2)
        #expect(try fixture.vault.audit.show(limit: 2)[1].facts["resumed"] == true)
        #expect(try email(eve) == "eve@example.org" && email(ada) == "Ada@example.org")
    }

    @Test("takes along a key that was made before it began and stored after")
    func straggler() throws {
        let authorization = try fixture.gate.authorize(.import, by: VaultFixture.engineer)
        let late = fixture.vault.profiles.reserve(1, for: fixture.gate.tenant.id, at: authorization.time)[0]
        let keyring = fixture.vault.profiles.keyring
        let prepared = try keyring.prepare(for: [late])
        try turn()
        try keyring.store(prepared)
        let fresh = ProfileKeyring(tree: fixture.vault.tree, database: fixture.vault.stores.keys)
        #expect(exposed(try fresh.entry(of: late).key) == exposed(prepared.entries[0].key))
    }

    @Test("is not made while a key does not open: nothing is destroyed, and the person is named by their random id")
    func damaged() throws {
        try fixture.tamper(.keys, "UPDATE profile_key SET commitment = zeroblob(32) WHERE number = \(ada.number)")
        try fixture.open()
        for script in ["wrapped = x'00'", "epoch = 0"] {
            let error = #expect(throws: VaultError.self) { try turn() }
            #expect(error?.code == VaultError.keyChanged && error?.message.contains(ada.id.description) == true)
            #expect(try epochs() == [1, 1] && email(bob) == "bob@example.org")
            try fixture.tamper(.keys, "UPDATE profile_key SET \(script) WHERE number = \(ada.number)")
            try fixture.open()
        }
    }

    @Test("leaves a holder that cannot be changed with a key that opens nothing; it is mended from another")
    func lostHolder() throws {
        let replica = try #require(holders.last)
        let before = try Data(contentsOf: URL(filePath: replica))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: replica)
        let outcome = try #require(try turn())
        #expect(outcome.failures.map(\.name) == [replica])
        #expect(try fixture.vault.audit.show(limit: 1).first?.facts["holders_left"] == 1)
        #expect(try Data(contentsOf: URL(filePath: replica)) == before)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: replica)
        #expect(try epochs() == [2, nil])
        try fixture.reopen()
        #expect(try fixture.vault.restoreEpochHolders() == [replica])
        #expect(try epochs() == [2, 2])
        try FileManager.default.removeItem(atPath: fixture.home.epochHolder)
        try fixture.reopen()
        #expect(try email(ada) == "Ada@example.org")
    }

    @Test("changes nothing where no holder can be changed")
    func noHolder() throws {
        for path in holders {
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        }
        let error = #expect(throws: SecretsError.self) { try turn() }
        #expect(error?.code == SecretsError.permissionsTooOpen)
        for path in holders {
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        }
        try fixture.reopen()
        #expect(try epochs() == [1, 1] && email(ada) == "Ada@example.org")
        #expect(try turn()?.epoch == 2)
    }

    @Test("that was cut short while the holders changed is finished by the next opening", arguments: [0, 1, 2])
    func settled(changed: Int) throws {
        let (vault, store) = (fixture.vault, fixture.vault.epochs)
        try vault.tree.beginTurn(at: vault.clock.now())
        _ = try vault.profiles.keyring.rewrap { _ in true }
        let (next, counterpart) = try #require(vault.tree.turning)
        var both = try store.counterpart.read(of: store.vault)
        both[next.number] = counterpart
        try store.counterpart.store(both, of: store.vault)
        for holder in store.holders.prefix(changed) {
            _ = try holder.restore(
                next.key,
                under: EpochLock(
                    vault: store.vault, epoch: next.number, root: store.root, rootVersion: 1, counterpart: counterpart))
        }
        try fixture.reopen()
        #expect(try email(ada) == "Ada@example.org" && email(bob) == "bob@example.org")
        if changed == 0 {
            #expect(fixture.vault.epochGoal == 2)
            #expect(try turn()?.epoch == 2)
        }
        #expect(fixture.vault.epoch == 2 && fixture.vault.epochGoal == nil)
        #expect(try epochs() == [2, 2])
        #expect(try store.counterpart.read(of: store.vault).map(\.key) == [2])
        #expect(try count("SELECT count(*) FROM vault_key WHERE name = 'wrap' AND version <> 2") == 0)
        #expect(try email(ada) == "Ada@example.org")
    }

    @Test("comes to holders of vaults from before counterparts when they are opened")
    func older() throws {
        let store = fixture.vault.epochs
        let key = try store.read().key
        let wrapping: WrappingKey = try store.root.derive("epoch")
        var binding = ByteWriter()
        binding.writeCounted("profilevault epoch v1")
        binding.write(store.vault.bytes)
        binding.write(UInt32(1))
        let wrapped = KeyWrapper(wrapping).wrap(key, binding: binding.bytes)
        var bytes = Array("PVEPOCH1".utf8) + store.vault.bytes + [0, 0, 0, 1] + wrapped.bytes + wrapped.commitment
        bytes += [UInt8](repeating: 0, count: 224 - bytes.count)
        bytes += BLAKE2b.digest(bytes)
        for holder in holders { try OwnerOnlyFile.overwrite(holder, bytes) }
        try FileManager.default.removeItem(atPath: fixture.home.epochCounterpart)
        try fixture.reopen()
        #expect(try email(ada) == "Ada@example.org")
        #expect(try epochs() == [1, 1])
        #expect(try fixture.vault.epochs.counterpart.read(of: store.vault).map(\.key) == [1])
        #expect(try OwnerOnlyFile.read(holders[0], limit: 256).starts(with: Array("PVEPOCH2".utf8)))
        #expect(try turn()?.epoch == 2)
    }

    @Test("is for who may do it to the whole vault, with a second factor")
    func policies() throws {
        let confined = Caller(
            principal: Principal(.operator, "cora"), roles: ["administrator"], proof: .shown,
            tenant: fixture.gate.tenant.id)
        let stale = Caller(principal: VaultFixture.administrator.principal, roles: ["administrator"])
        for (caller, code) in [
            (confined, GateError.denied), (VaultFixture.engineer, GateError.denied), (stale, GateError.mfaRequired),
        ] {
            let error = #expect(throws: GateError.self) {
                _ = try fixture.gate.turnEpoch(of: fixture.vault, by: caller)
            }
            #expect(error?.code == code)
        }
        #expect(try epochs() == [1, 1])
    }

    private final class Meanwhile: Sendable {
        let isOver = Atomic(false)
        let reads = Atomic(0)
    }

    private func exposed(_ key: ProfileKey) -> [UInt8] {
        key.secret.withPointer { Array(UnsafeBufferPointer(start: $0, count: 32)) }
    }

    @Test("lets readers and writers go on meanwhile, and none of them meets a key that does not open")
    func concurrent() throws {
        for number in 0..<40 { try fixture.add(["customer_id": "\(100 + number)"]) }
        let (gate, ada) = (fixture.gate, ada)
        let keyring = ProfileKeyring(tree: fixture.vault.tree, database: fixture.vault.stores.keys, capacity: 2)
        let meanwhile = Meanwhile()
        let reader = Worker("reader") {
            while !meanwhile.isOver.load(ordering: .relaxed) {
                _ = try keyring.entry(of: ada)
                meanwhile.reads.add(1, ordering: .relaxed)
            }
        }
        for epoch in 2...4 as ClosedRange<UInt32> {
            #expect(try gate.turnEpoch(of: fixture.vault, by: VaultFixture.administrator)?.epoch == epoch)
            try fixture.add(["customer_id": "\(1000 + Int(epoch))"])
        }
        meanwhile.isOver.store(true, ordering: .relaxed)
        try reader.join()
        #expect(meanwhile.reads.load(ordering: .relaxed) > 0)
        #expect(try fixture.vault.profiles.verifyKeys { _ in }.findings.isEmpty)
    }
}
