package import Gate

/// Where exported rows go.
package protocol Destination: AnyObject {
    /// Whether what is written can be taken back.
    var delivery: Export.Delivery { get }

    /// Adds bytes, which may wait.
    func write(_ bytes: [UInt8]) throws

    /// Returns when all that was written is safe, as far as it can be: before the end is recorded.
    func settle() throws

    /// Takes pieces out again; they ascend. Never asked of a stream.
    func remove(_ pieces: [Range<Int>]) throws

    /// Makes it seen by others.
    func publish() throws
}
