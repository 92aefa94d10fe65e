import Glibc

/// The bytes of an answer in ordinary memory, wiped when the last holder lets go: a key may be among them.
@safe package final class ResponseBody: @unchecked Sendable, CustomStringConvertible, CustomReflectable {
    // Sendable: appended to only while libcurl runs, on one thread, before anybody else has it.
    private var memory: UnsafeMutableRawBufferPointer
    package private(set) var count = 0
    private let limit: Int

    /// `limit` is how many bytes there may be at most.
    init(limit: Int) {
        self.limit = limit
        unsafe memory = .allocate(byteCount: min(limit, 4096), alignment: 16)
    }

    deinit { unsafe Self.release(memory) }

    /// `false`, and nothing is kept of them, where they would be too many.
    func append(_ more: UnsafeRawBufferPointer) -> Bool {
        guard more.count <= limit - count else { return false }
        if unsafe more.count > memory.count - count {
            let grown = UnsafeMutableRawBufferPointer.allocate(
                byteCount: unsafe max(count + more.count, min(limit, 2 * memory.count)), alignment: 16)
            unsafe grown.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<count]))
            unsafe Self.release(memory)
            unsafe memory = grown
        }
        unsafe UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(from: more)
        count += more.count
        return true
    }

    /// Lends the bytes; they must not leave `body`.
    package func withUnsafeBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        defer { withExtendedLifetime(self) {} }
        return try unsafe body(UnsafeRawBufferPointer(rebasing: memory[..<count]))
    }

    private static func release(_ memory: UnsafeMutableRawBufferPointer) {
        unsafe explicit_bzero(memory.baseAddress!, memory.count)
        unsafe memory.deallocate()
    }

    package var description: String { "(\(count) bytes)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
