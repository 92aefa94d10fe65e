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
        guard output.piece(bytes) else { throw gone }
    }

    func settle() throws {
        if let failure = output.flush() { throw failure }
        if output.isCut { throw gone }
    }

    func remove(_ pieces: [Range<Int>]) throws { precondition(pieces.isEmpty, "a stream is not taken back") }
    func publish() throws {}

    private var gone: CommandError {
        CommandError(
            CommandError.interrupted, "the reader of the export left before its end",
            remedy: "the log has it as failed, with everybody whose row may have left")
    }
}
