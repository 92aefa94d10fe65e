import Core
import Foundation
import TestSupport
import Testing

@testable import Secrets

@Suite("Epoch holders")
struct EpochHolderTests {
    private let folder: TemporaryDirectory
    private let holder: EpochHolder
    private let root: RootKey
    private let first: WrappingKey
    private let counterpart: EpochCounterpart

    init() throws {
        folder = try TemporaryDirectory()
        holder = EpochHolder(EpochFile(path: folder.file("epoch")))
        root = try .random()
        first = try .random()
        counterpart = try .random()
        try holder.create(first, under: lock())
    }

    private func lock(
        of vault: VaultID = .first, epoch: UInt32 = 1, rootVersion: UInt32 = 1
    ) -> EpochLock {
        EpochLock(vault: vault, epoch: epoch, root: root, rootVersion: rootVersion, counterpart: counterpart)
    }

    private func read(
        _ holder: EpochHolder? = nil, of vault: VaultID = .first, root: RootKey? = nil,
        counterparts: [UInt32: EpochCounterpart]? = nil
    ) throws -> EpochKey {
        try (holder ?? self.holder).read(
            of: vault, roots: [1: root ?? self.root], counterparts: counterparts ?? [1: counterpart, 2: counterpart])
    }

    private func code(_ body: () throws -> Void) -> ErrorCode? {
        #expect(throws: SecretsError.self) { try body() }?.code
    }

    private func content() throws -> [UInt8] { try OwnerOnlyFile.read(holder.name, limit: 4096) }

    @Test("hold a key in one block of 256 bytes, never in the clear")
    func roundTrip() throws {
        let held = try read()
        #expect(held.number == 1)
        #expect(exposed(held.key) == exposed(first))
        let bytes = try content()
        #expect(bytes.count == 256)
        for secret in [exposed(first), exposed(counterpart)] {
            #expect(!bytes.indices.contains { bytes[$0...].starts(with: secret.prefix(8)) })
        }
        #expect(code { try holder.create(.random(), under: lock()) } == SecretsError.fileNotWritten)
    }

    @Test("open only for their own vault, root key and counterpart, and none of these alone")
    func wrong() throws {
        #expect(code { _ = try read(of: .second) } == SecretsError.keyOfAnotherVault)
        #expect(code { _ = try read(root: .random()) } == SecretsError.authenticationFailed)
        #expect(code { _ = try read(counterparts: [1: .random()]) } == SecretsError.authenticationFailed)
        #expect(code { _ = try read(counterparts: [2: counterpart]) } == SecretsError.epochEnded)
        try holder.replace(with: first, under: lock(rootVersion: 2))
        #expect(code { _ = try read() } == SecretsError.wrongRootKey)
    }

    @Test("destroy the old key when they take a new one: not a byte of it is left in the file")
    func replace() throws {
        let before = try content()
        let second = try WrappingKey.random()
        try holder.replace(with: second, under: lock(epoch: 2))
        let after = try content()
        let held = try read()
        #expect(held.number == 2)
        #expect(exposed(held.key) == exposed(second))
        #expect(after.count == 256)
        // Magic, vault id and epoch come first; nonce, sealed key and commitment must all be gone, in pieces too.
        let secret = Array(before[28..<(28 + 73 + 32)])
        for start in stride(from: 1, to: secret.count - 4, by: 1) {
            let piece = secret[start..<(start + 4)]
            #expect(!after.indices.contains { after[$0...].starts(with: piece) }, "byte \(28 + start)")
        }
    }

    @Test("with any byte changed, or cut, are called torn, and can be repaired")
    func torn() throws {
        let whole = try content()
        for place in 0..<256 {
            var bytes = whole
            bytes[place] ^= 0x40
            try OwnerOnlyFile.overwrite(holder.name, bytes)
            #expect(code { _ = try read() } == SecretsError.malformed, "byte \(place)")
        }
        try holder.replace(with: first, under: lock())
        #expect(exposed(try read().key) == exposed(first))
        #expect(truncate(holder.name, 255) == 0)
        #expect(code { _ = try read() } == SecretsError.malformed)
        #expect(code { try holder.replace(with: first, under: lock()) } == SecretsError.malformed)
    }

    @Test("of another vault, and other files, are never written over")
    func notOurs() throws {
        let before = try content()
        let error = code { try holder.replace(with: .random(), under: lock(of: .second, epoch: 2)) }
        #expect(error == SecretsError.keyOfAnotherVault)
        #expect(try content() == before)
        let letter = EpochHolder(EpochFile(path: folder.file("letter")))
        #expect(code { try letter.replace(with: .random(), under: lock()) } == SecretsError.keyFileUnreadable)
        #expect(code { _ = try read(letter) } == SecretsError.keyFileUnreadable)
        try OwnerOnlyFile.create(letter.name, Array("dear reader".utf8))
        #expect(code { try letter.replace(with: .random(), under: lock(epoch: 2)) } == SecretsError.malformed)
        #expect(try OwnerOnlyFile.read(letter.name, limit: 100) == Array("dear reader".utf8))
    }

    @Test("that tell another epoch than they hold do not open")
    func epochIsBound() throws {
        var bytes = try content()
        bytes[27] = 2
        bytes.replaceSubrange(224..., with: BLAKE2b.digest(Array(bytes.prefix(224))))
        try OwnerOnlyFile.overwrite(holder.name, bytes)
        #expect(code { _ = try read() } == SecretsError.authenticationFailed)
    }

    @Test(
        "are put back where nothing, a torn holder or one of an earlier epoch is left, and leave a whole one and anything else alone"
    )
    func restored() throws {
        let key = try WrappingKey.random()
        #expect(try !holder.restore(key, under: lock()))
        #expect(try exposed(read().key) == exposed(first))
        // Asked for another vault, whole or torn: what was in it is not that vault's to destroy.
        #expect(try !holder.restore(key, under: lock(of: .second, epoch: 2)))
        var torn = try content()
        torn[100] ^= 1
        try OwnerOnlyFile.overwrite(holder.name, torn)
        #expect(try !holder.restore(key, under: lock(of: .second)))
        #expect(try content() == torn)
        #expect(try holder.restore(key, under: lock()))
        #expect(try exposed(read().key) == exposed(key))
        #expect(try holder.restore(first, under: lock(epoch: 2)))
        #expect(try read().number == 2)
        #expect(try !holder.restore(key, under: lock(epoch: 1)))

        let lost = EpochHolder(EpochFile(path: folder.file("deep/down/epoch")))
        #expect(try lost.restore(key, under: lock()))
        #expect(try exposed(read(lost).key) == exposed(key))
        let letter = EpochHolder(EpochFile(path: folder.file("letter")))
        try OwnerOnlyFile.create(letter.name, Array("dear reader".utf8))
        #expect(try !letter.restore(key, under: lock()))
        let blocked = EpochHolder(EpochFile(path: folder.file("letter/epoch")))
        #expect(code { _ = try blocked.restore(key, under: lock()) } == SecretsError.keyFileUnreadable)
        #expect(code { try OwnerOnlyFolder.make(for: folder.file("letter/deep/epoch")) } == SecretsError.fileNotWritten)
    }

    @Test("have counterparts in a file of one block: of one epoch, or of two while one takes the other's place")
    func counterparts() throws {
        let file = CounterpartFile(EpochFile(path: folder.file("counterpart")))
        #expect(try file.read(of: .first).isEmpty)
        let second = try EpochCounterpart.random()
        try file.store([1: counterpart], of: .first)
        #expect(try file.read(of: .first).mapValues { exposed($0) } == [1: exposed(counterpart)])
        try file.store([2: second, 1: counterpart], of: .first)
        #expect(
            try file.read(of: .first).mapValues { exposed($0) } == [1: exposed(counterpart), 2: exposed(second)])
        try file.store([2: second], of: .first)
        let bytes = try OwnerOnlyFile.read(folder.file("counterpart"), limit: 4096)
        #expect(bytes.count == 256)
        let gone = exposed(counterpart)
        #expect(!bytes.indices.contains { bytes[$0...].starts(with: gone.prefix(4)) })
        #expect(code { _ = try file.read(of: .second) } == SecretsError.keyOfAnotherVault)
        for place in 0..<256 {
            var changed = bytes
            changed[place] ^= 1
            try OwnerOnlyFile.overwrite(folder.file("counterpart"), changed)
            #expect(code { _ = try file.read(of: .first) } == SecretsError.malformed, "byte \(place)")
        }
    }
}
