import Dispatch
import Foundation
import Synchronization

/// A thread of the import that ends with a value or an error.
final class Worker<Output: Sendable>: Sendable {
    private let result = Mutex<Result<Output, any Error>?>(nil)
    private let ended = DispatchSemaphore(value: 0)

    /// Starts at once; `name` shows in debuggers.
    init(_ name: String, _ body: @escaping @Sendable () throws -> Output) {
        let thread = Thread { [self] in
            let outcome = Result { try body() }
            result.withLock { $0 = outcome }
            ended.signal()
        }
        thread.name = name
        thread.stackSize = 4 << 20
        thread.start()
    }

    /// Waits for the end, once.
    func join() throws -> Output {
        ended.wait()
        // The thread stores its result before it signals.
        guard let outcome = result.withLock({ $0 }) else { preconditionFailure("a worker ends with a result") }
        return try outcome.get()
    }
}

extension Array where Element: Sendable {
    /// Maps with two threads when there is enough to do: sealing is the part of an import that divides.
    func mapInParallel<Output: Sendable>(
        _ transform: @escaping @Sendable (Element) throws -> Output
    ) throws -> [Output] {
        guard count >= 64 else { return try map(transform) }
        let middle = count / 2
        let second = self[middle...]
        let worker = Worker("import: sealing") { try second.map(transform) }
        let first = Result { try self[..<middle].map(transform) }
        let rest = try worker.join()
        return try first.get() + rest
    }
}
