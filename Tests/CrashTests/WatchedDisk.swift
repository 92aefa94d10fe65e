import CFaults
import Foundation
import Synchronization
import TestSupport

/// A folder in which every change is counted, may fail, and is only lasting once it has been forced to the disk.
///
/// The model is a strict one: a file's content lasts from its `fsync` on, a name from the `fsync` of its folder on. What a
/// machine that stops leaves is any part of the rest: file systems keep more order than that, but promise none of it.
// A call's pointers may not cross a `Mutex`; the lock guards `state` as one would.
final class WatchedDisk: @unchecked Sendable {
    private var state: DiskState
    private let lock = NSLock()
    private let watch: Int32
    let root: String

    private static let all = Mutex<[Int32: WatchedDisk]>([:])

    /// Watches `root`, where `image` lies, lasting.
    init(_ root: String, holding image: DiskImage, seed: UInt64) {
        self.root = root
        state = DiskState(root, holding: image, generator: SeededGenerator(seed: seed))
        watch = pv_watch(root) { call in
            guard let call = call?.pointee, let disk = WatchedDisk.all.withLock({ $0[call.watch] }) else {
                return pv_answer(error: 0, written: 0)
            }
            return disk.answer(call)
        }
        precondition(watch > 0, "too many watches at once")
        Self.all.withLock { $0[watch] = self }
    }

    /// Counts from here on, and lets the change of this number meet the fault.
    func arm(_ fault: Fault? = nil, at number: Int = 0) {
        lock.withLock {
            state.count = 0
            state.fault = fault
            state.target = number
        }
    }

    /// Changes since it was armed.
    var count: Int { lock.withLock { state.count } }

    /// Whether the fault has come.
    var hasFired: Bool { lock.withLock { state.hasFired } }

    /// The change that met the fault, for people.
    var victim: String { lock.withLock { state.victim } }

    /// What the machine would find after stopping now.
    func cut() -> DiskImage { lock.withLock { state.cut() } }

    /// Stops watching; what lies there stays.
    func end() {
        pv_forget(watch)
        Self.all.withLock { $0[watch] = nil }
    }

    private func answer(_ call: pv_call) -> pv_answer { lock.withLock { state.answer(call) } }
}
