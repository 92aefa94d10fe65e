#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import Core

/// The bytes of a file, or of standard input for `-`.
final class FileBlocks: Blocks {
    let name: String
    /// The size of a regular file; `nil` of a pipe.
    let size: Int?
    private(set) var bytesRead = 0
    private let descriptor: Int32
    private let ownsDescriptor: Bool
    private let blockSize: Int

    init(path: String, blockSize: Int) throws(IngestError) {
        self.blockSize = blockSize
        name = path
        ownsDescriptor = path != "-"
        descriptor = ownsDescriptor ? unsafe open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO
        guard descriptor >= 0 else { throw Self.unreadable(path, errno) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw Self.unreadable(path, errno) }
        size = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
    }

    deinit {
        if ownsDescriptor, descriptor >= 0 { close(descriptor) }
    }

    func next() throws(IngestError) -> [UInt8]? {
        while true {
            var failure: Int32 = 0
            let block = unsafe [UInt8](unsafeUninitializedCapacity: blockSize) { buffer, count in
                let got = unsafe read(descriptor, buffer.baseAddress, buffer.count)
                if got < 0 { failure = errno }
                count = max(0, got)
            }
            if failure == EINTR { continue }
            guard failure == 0 else { throw Self.unreadable(name, failure) }
            bytesRead += block.count
            return block.isEmpty ? nil : block
        }
    }

    private static func unreadable(_ name: String, _ failure: Int32) -> IngestError {
        IngestError(
            .inputUnreadable, unsafe "cannot read `\(name)`: \(String(cString: strerror(failure)).lowercased())",
            remedy: "check the path and who may read it; `-` reads standard input")
    }
}
