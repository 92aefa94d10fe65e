import Activation
import Gate

/// A file that gets its name when the export is whole.
final class FileDestination: Destination {
    let delivery = Export.Delivery.file
    private let file: NewFile

    init(_ path: String, replacing: Bool) throws { file = try NewFile(path, replacing: replacing) }

    func write(_ bytes: [UInt8]) throws { try file.write(bytes) }
    func settle() throws { try file.settle() }
    func remove(_ pieces: [Range<Int>]) throws { try file.remove(pieces) }
    func publish() throws { try file.finish() }
}

/// Standard output, from which nothing comes back.
final class OutputDestination: Destination {
    let delivery = Export.Delivery.stream
    private let output: Output

    init(_ output: Output) { self.output = output }

    func write(_ bytes: [UInt8]) throws {
        guard output.piece(bytes) else { throw failure }
    }

    func settle() throws {
        guard output.flush() == nil, !output.isCut else { throw failure }
    }

    func remove(_ pieces: [Range<Int>]) throws { precondition(pieces.isEmpty, "a stream is not taken back") }
    func publish() throws {}

    /// Why no more can be written: the system says why, unless the reader is gone.
    private var failure: CommandError {
        let written = output.flush()
        return CommandError(
            written?.code ?? CommandError.interrupted,
            written?.message ?? "the reader of the export left before its end",
            remedy: "the log has it as failed, with everybody whose row may have left")
    }
}
