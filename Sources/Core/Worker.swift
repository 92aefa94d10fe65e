import Foundation
import Synchronization

/// A thread that ends with a value or an error.
package final class Worker<Output: Sendable>: Sendable {
    private let result = Mutex<Result<Output, any Error>?>(nil)
    private let ended = DispatchSemaphore(value: 0)

    /// Starts at once; `name` shows in debuggers.
    package init(_ name: String, _ body: @escaping @Sendable () throws -> Output) {
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
    package func join() throws -> Output {
        ended.wait()
        // The thread stores its result before it signals.
        guard let outcome = result.withLock({ $0 }) else { preconditionFailure("a worker ends with a result") }
        return try outcome.get()
    }
}

extension Array where Element: Sendable {
    /// Maps on as many threads as there are cores when there is enough to do; the order stays.
    ///
    /// - Parameters:
    ///   - grain: how many elements are worth waking a thread for.
    ///   - transform: what is done to each.
    /// - Returns: the results in the order of the elements.
    /// - Throws: what `transform` throws first in the order of the elements.
    package func mapInParallel<Output: Sendable>(
        grain: Int = 16, _ transform: @Sendable (Element) throws -> Output
    ) throws -> [Output] {
        let parts = Swift.min(ProcessInfo.processInfo.activeProcessorCount, count / grain)
        guard parts > 1 else { return try map(transform) }
        let results = Mutex([Result<[Output], any Error>?](repeating: nil, count: parts))
        // Of dispatch only this loop is used, which returns when all its turns are over: its threads are there already.
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            let result = Result { try self[(part * count / parts)..<((part + 1) * count / parts)].map(transform) }
            results.withLock { $0[part] = result }
        }
        return try results.withLock { $0 }.flatMap { try $0?.get() ?? [] }
    }
}
