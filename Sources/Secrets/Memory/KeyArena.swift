import CSodium
import Glibc
import Synchronization

/// Locked memory in slots of 32 bytes for the keys that are in use, wiped on release.
///
/// Guarded pages for every profile key would cost 35-48 µs each, so keys share slabs: each slab lies between two
/// inaccessible pages, is locked into memory and left out of core dumps. Where locking is refused
/// (`RLIMIT_MEMLOCK`) the arena works on and says so in `status`.
public final class KeyArena: Sendable {
    /// How much of the arena is in use and whether it is locked.
    public struct Status: Sendable {
        public let slotsInUse: Int
        public let slots: Int
        public let locked: Bool
    }

    /// Addresses rather than pointers, which may not cross the mutex.
    private struct State {
        var free: [UInt] = []
        var slabs = 0
        var locked = true
    }

    public static let slotSize = 32
    private let slotsPerSlab: Int

    /// The arena of the process.
    public static let shared = KeyArena()

    private let state = Mutex(State())

    init(slotsPerSlab: Int = 8192) { self.slotsPerSlab = slotsPerSlab }

    public var status: Status {
        state.withLock {
            let slots = $0.slabs * slotsPerSlab
            return Status(slotsInUse: slots - $0.free.count, slots: slots, locked: $0.locked)
        }
    }

    func acquire() throws(SecretsError) -> UnsafeMutableRawPointer {
        let address = try state.withLock { state throws(SecretsError) in
            if state.free.isEmpty { try addSlab(to: &state) }
            return state.free.removeLast()
        }
        // A slot's address is never zero.
        return unsafe UnsafeMutableRawPointer(bitPattern: address)!
    }

    func release(_ slot: UnsafeMutableRawPointer) {
        unsafe sodium_memzero(slot, Self.slotSize)
        let address = UInt(bitPattern: slot)
        state.withLock { $0.free.append(address) }
    }

    private func addSlab(to state: inout State) throws(SecretsError) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let size = Self.slotSize * slotsPerSlab
        let mapped = unsafe mmap(nil, size + 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let region = unsafe mapped, unsafe region != MAP_FAILED, case let slab = unsafe region + page,
            unsafe mprotect(region, page, PROT_NONE) == 0, unsafe mprotect(slab + size, page, PROT_NONE) == 0
        else {
            // Where nothing was mapped there is nothing to unmap, and the kernel says so.
            unsafe munmap(mapped, size + 2 * page)
            throw SecretsError(
                SecretsError.outOfSecureMemory, "could not map and guard \(size) bytes for keys",
                remedy: "end something else that takes memory")
        }
        if unsafe mlock(slab, size) != 0 { state.locked = false }
        unsafe madvise(slab, size, MADV_DONTDUMP)
        state.slabs += 1
        for index in (0..<slotsPerSlab).reversed() {
            state.free.append(UInt(bitPattern: slab) + UInt(index * Self.slotSize))
        }
    }
}
