import Core
import Testing

@testable import Secrets

@Suite("Key arena")
struct KeyArenaTests {
    private func content(of slot: UInt) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: slot)!, count: KeyArena.slotSize))
    }

    @Test("wipes a slot on release and hands it out again")
    func wipes() throws {
        let arena = KeyArena()
        let slot = try arena.acquire()
        let address = UInt(bitPattern: slot)
        slot.copyMemory(from: [UInt8](repeating: 0xA5, count: 32), byteCount: 32)
        #expect(arena.status.slotsInUse == 1)
        #expect(content(of: address) == [UInt8](repeating: 0xA5, count: 32))
        arena.release(slot)
        #expect(content(of: address) == [UInt8](repeating: 0, count: 32))
        #expect(arena.status.slotsInUse == 0)
        #expect(UInt(bitPattern: try arena.acquire()) == address)
    }

    @Test("wipes a key when its last holder lets go, not before")
    func lastHolder() throws {
        let arena = KeyArena()
        var first: SecretKey? = try SecretKey(in: arena) {
            $0.initializeMemory(as: UInt8.self, repeating: 9, count: 32)
        }
        var second = first
        let address = first!.withPointer { UInt(bitPattern: $0) }
        first = nil
        #expect(content(of: address) == [UInt8](repeating: 9, count: 32))
        #expect(second != nil)
        second = nil
        #expect(content(of: address) == [UInt8](repeating: 0, count: 32))
    }

    @Test("wipes what a failed filling left")
    func failedFilling() throws {
        let arena = KeyArena()
        var address: UInt = 0
        #expect(throws: SecretsError.self) {
            _ = try SecretKey(in: arena) { slot throws(SecretsError) in
                address = UInt(bitPattern: slot)
                slot.initializeMemory(as: UInt8.self, repeating: 9, count: 32)
                throw SecretsError(SecretsError.malformed, "for the test")
            }
        }
        #expect(content(of: address) == [UInt8](repeating: 0, count: 32))
        #expect(arena.status.slotsInUse == 0)
    }

    @Test("never hands one slot to two holders, however many threads ask")
    func threads() async throws {
        let arena = KeyArena()
        let clashes = await withTaskGroup(of: Int.self) { group in
            for task in 0..<8 {
                group.addTask {
                    var clashes = 0
                    var held: [(UnsafeMutableRawPointer, UInt64)] = []
                    for round in 0..<4000 {
                        if held.count < 400, round % 3 != 2 || held.isEmpty {
                            guard let slot = try? arena.acquire() else { continue }
                            // Fresh slots are zero; each holder signs its own and finds its sign again.
                            if slot.load(as: UInt64.self) != 0 { clashes += 1 }
                            let sign = UInt64(task + 1) << 32 | UInt64(round)
                            slot.storeBytes(of: sign, as: UInt64.self)
                            held.append((slot, sign))
                        } else {
                            let (slot, sign) = held.remove(at: round % held.count)
                            if slot.load(as: UInt64.self) != sign { clashes += 1 }
                            arena.release(slot)
                        }
                    }
                    for (slot, sign) in held {
                        if slot.load(as: UInt64.self) != sign { clashes += 1 }
                        arena.release(slot)
                    }
                    return clashes
                }
            }
            return await group.reduce(0, +)
        }
        #expect(clashes == 0)
        #expect(arena.status.slotsInUse == 0)
    }

    @Test("grows by whole slabs and gives slots that do not overlap")
    func grows() throws {
        let arena = KeyArena()
        #expect(arena.status.slots == 0)
        let slots = try (0..<9000).map { _ in UInt(bitPattern: try arena.acquire()) }.sorted()
        #expect(zip(slots, slots.dropFirst()).allSatisfy { $1 - $0 >= 32 })
        #expect(slots.allSatisfy { $0.isMultiple(of: 32) })
        #expect(arena.status.slots == 16384)
        #expect(arena.status.slotsInUse == 9000)
    }

    @Test("says so when there is no memory for a slab, and works on with what it has")
    func noMemory() throws {
        // More than any address can reach.
        let arena = KeyArena(slotsPerSlab: 1 << 56)
        let error = #expect(throws: SecretsError.self) { _ = try arena.acquire() }
        #expect(error?.code == SecretsError.outOfSecureMemory && error?.remedy != nil)
        #expect(arena.status.slots == 0)
    }

    @Test("ends the program when something runs past the end of a slab")
    func guardPages() async {
        await #expect(processExitsWith: .failure) {
            let arena = KeyArena()
            let slots = try (0..<8192).map { _ in UInt(bitPattern: try arena.acquire()) }
            UnsafeMutableRawPointer(bitPattern: slots.max()! + 32)!.storeBytes(of: 1, as: UInt8.self)
        }
    }
}

@Suite("Secrets in memory")
struct SecretMemoryTests {
    @Test("are refused with a word about it when there is no memory that can be locked, or no library")
    func refused() throws {
        let error = #expect(throws: SecretsError.self) { _ = try SecretBytes.random(count: Int.max / 2) }
        #expect(error?.code == SecretsError.outOfSecureMemory && error?.remedy != nil)
        let library = #expect(throws: SecretsError.self) { try Sodium.ensureReady(false) }
        #expect(library?.code == SecretsError.libraryUnavailable && library?.remedy != nil)
        try Sodium.ensureReady()
    }

    @Test("keys show nothing of themselves when printed, interpolated or dumped")
    func keysAreSilent() throws {
        let bytes = [UInt8](repeating: 0x41, count: 32)
        let key = try key(bytes, as: CellRole.self)
        var dumped = ""
        dump(key, to: &dumped)
        for text in [
            "\(key)", String(describing: key), String(reflecting: key), "\(key.secret)", String(reflecting: key.secret),
            "\(Optional(key) as Any)", dumped,
        ] {
            #expect(text.contains("(secret)"))
            #expect(!text.contains("41") && !text.contains("65") && !text.contains("AAAA"))
            #expect(!text.contains("0x"), "an address helps whoever reads memory")
        }
        #expect("\(key)" == "(secret)")
    }

    @Test("opened values show nothing of themselves when printed, interpolated or dumped")
    func plaintextIsSilent() throws {
        let value = try Plaintext("jane@example.com")
        var dumped = ""
        dump(value, to: &dumped)
        for text in ["\(value)", String(reflecting: value), "\([value])", dumped] { #expect(!text.contains("jane")) }
        #expect("\(value)" == "(plaintext)")
        #expect(value.text == "jane@example.com")
    }

    @Test("an opened value of no bytes is empty, not a crash")
    func emptyPlaintext() throws {
        let value = try Plaintext("")
        #expect(value.count == 0)
        #expect(value.text.isEmpty)
    }

    @Test("a secret of no bytes is refused, because people press return on an empty line")
    func emptySecret() {
        let error = #expect(throws: SecretsError.self) { _ = try SecretBytes(copying: []) }
        #expect(error?.code == SecretsError.emptySecret)
    }

    @Test("secret bytes come back as they were given, and so does their duplicate")
    func roundTrip() throws {
        let bytes = Random.bytes(100)
        let secret = try SecretBytes(copying: bytes)
        let twin = try secret.duplicate()
        #expect(secret.withUnsafeBytes { Array($0) } == bytes)
        #expect(twin.withUnsafeBytes { Array($0) } == bytes)
        #expect(secret.withUnsafeBytes { $0.baseAddress } != twin.withUnsafeBytes { $0.baseAddress })
        #expect(try SecretBytes.random(count: 32).withUnsafeBytes { Array($0) } != [UInt8](repeating: 0, count: 32))
    }

    @Test("no random bytes are none", arguments: [0, -1])
    func noRandomBytes(_ count: Int) {
        #expect(Random.bytes(count).isEmpty)
        #expect(Random.words(count).isEmpty)
    }

    @Test("secret bytes cannot be written once they are made")
    func readOnly() async {
        await #expect(processExitsWith: .failure) {
            let secret = try SecretBytes.random(count: 32)
            secret.withUnsafeBytes {
                UnsafeMutableRawPointer(mutating: $0.baseAddress!).storeBytes(of: 1, as: UInt8.self)
            }
        }
    }

    @Test("a key is made of 32 bytes and of no other number", arguments: [1, 31, 33, 64])
    func keyLength(_ count: Int) {
        let error = #expect(throws: SecretsError.self) {
            _ = try ProfileKey(copying: SecretBytes.random(count: count))
        }
        #expect(error?.code == SecretsError.malformed)
    }

    @Test("wiping overwrites the array's own storage")
    func wiping() {
        var bytes: [UInt8] = [1, 2, 3, 4]
        let before = bytes.withUnsafeBytes { $0.baseAddress }
        wipe(&bytes)
        #expect(bytes == [0, 0, 0, 0])
        #expect(bytes.withUnsafeBytes { $0.baseAddress } == before)
        var none: [UInt8] = []
        wipe(&none)
    }

    @Test("comparing in constant time says the same as comparing")
    func comparing() {
        #expect(equalInConstantTime([], []))
        #expect(equalInConstantTime([1, 2], [1, 2]))
        #expect(!equalInConstantTime([1, 2], [1, 3]))
        #expect(!equalInConstantTime([1, 2], [1]))
        #expect(!equalInConstantTime([], [1]))
    }
}
