#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import Core
import Synchronization

/// The standard streams: results go to output, everything about them to error.
final class Output: Sendable {
    private struct State {
        var pending: [UInt8] = []
        /// The JSON value of a command that has not ended: an error that ends it becomes a member of it.
        var held: JSON?
        /// The reader has gone (`… | head`): the rest is not written, and nothing is said about it.
        var isClosed = false
        var failure: Int32 = 0
    }

    private static let flushAt = 32 << 10

    let terminal: Terminal
    private let state = Mutex(State())

    init(terminal: Terminal) { self.terminal = terminal }

    /// Writes one line of the result, or several.
    func line(_ text: String = "") {
        write(Array((DisplayText.composed(text, colours: terminal.colours) + "\n").utf8))
    }

    /// Writes a piece of the result as it is.
    ///
    /// - Returns: whether somebody still reads; a long result may end when nobody does.
    func piece(_ bytes: [UInt8]) -> Bool {
        write(bytes)
        return state.withLock { !$0.isClosed && $0.failure == 0 }
    }

    /// Writes a table.
    func table(_ table: Table, indent: Int = 2) {
        for text in table.lines(colours: terminal.colours, indent: indent) { line(text) }
    }

    /// Gives the one JSON value of a command, which is written when the command has ended: with its error, if there is one.
    func json(_ value: JSON) { state.withLock { $0.held = value } }

    /// Writes one JSON value of several as one line.
    func jsonLine(_ value: JSON) { write(value.bytes() + [0x0A]) }

    /// Text in a style, where results are coloured.
    func styled(_ text: String, _ style: Style) -> String { style(text, terminal.colours) }

    /// Says something about the work on standard error.
    func note(_ text: String) {
        flush()
        writeError(text + "\n")
    }

    /// Says what should be looked at on standard error.
    func warn(_ text: String) {
        flush()
        writeError("profilevault: \(Style.yellow("warning", terminal.errorColours)): \(text)\n")
    }

    /// Reports why a command ended: in words, and in the JSON value that scripts wait for.
    func report(_ error: any ReportableError, json: Bool) {
        flush()
        writeError("profilevault: \(Style.red("error", terminal.errorColours)): \(error.message)\n")
        if let remedy = error.remedy {
            writeError("profilevault: \(Style.cyan("hint", terminal.errorColours)): \(remedy)\n")
        }
        guard json else { return }
        var members = JSONObject()
        // The room is the program's own business: scripts ask for `no_session`.
        members["code"] = JSON(error.code.name.split(separator: ".").last.map(String.init) ?? error.code.name)
        members["message"] = JSON(error.message)
        members["hint"] = error.remedy.map { JSON($0) } ?? .null
        let held = state.withLock { state in
            defer { state.held = nil }
            return state.held
        }
        var value = held?.object ?? JSONObject()
        value["error"] = .object(members)
        jsonLine(.object(value))
        flush()
    }

    /// Writes the value that is held, and all that waits.
    ///
    /// - Returns: why that failed, if it did; a reader that has gone is no failure.
    func finish() -> CommandError? {
        let held = state.withLock { state in
            defer { state.held = nil }
            return state.held
        }
        if let held { jsonLine(held) }
        return flush()
    }

    /// Puts a line of progress over the one before; nothing unless standard error is a terminal.
    func progress(_ text: String?) {
        guard terminal.errorIsTerminal else { return }
        writeRaw("\r\u{1B}[K" + (text.map { String($0.prefix(terminal.errorWidth - 1)) } ?? ""))
    }

    /// Writes out what waits, and `value` with it, before something is done that nobody may miss the answer of.
    ///
    /// - Throws: `output_unwritable`, also where the reader has gone.
    func deliver(_ value: JSON? = nil) throws(CommandError) {
        if let value { jsonLine(value) }
        guard flush() == nil, !isCut else {
            throw CommandError(
                CommandError.outputUnwritable,
                "what has to be shown this once could not be written, so nothing was changed",
                remedy: "look at where the output goes, and run it again")
        }
    }

    /// Writes out what waits.
    ///
    /// - Returns: why that failed, if it did; a reader that has gone is no failure.
    @discardableResult
    func flush() -> CommandError? {
        let failure = state.withLock { state in
            Self.flush(&state)
            return state.failure
        }
        guard failure != 0 else { return nil }
        return CommandError(
            CommandError.outputUnwritable,
            "the output could not be written: \(String(cString: strerror(failure)).lowercased())",
            remedy: "what the command changed is done; look at where its output goes")
    }

    /// Whether the reader left before the end.
    var isCut: Bool { state.withLock { $0.isClosed } }

    private func write(_ bytes: [UInt8]) {
        state.withLock { state in
            state.pending += bytes
            if state.pending.count >= Self.flushAt { Self.flush(&state) }
        }
    }

    private static func flush(_ state: inout State) {
        defer { state.pending.removeAll(keepingCapacity: true) }
        guard !state.isClosed, state.failure == 0 else { return }
        let error = write(state.pending, to: STDOUT_FILENO)
        if error == EPIPE { state.isClosed = true } else { state.failure = error }
    }

    /// One line; what is inside it cannot begin another.
    private func writeError(_ text: String) {
        let line = text.hasSuffix("\n") ? String(text.dropLast()) : text
        let joined = line.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\\u{a}")
        writeRaw(DisplayText.composed(joined, colours: terminal.errorColours) + "\n")
    }

    private func writeRaw(_ text: String) { _ = Self.write(Array(text.utf8), to: STDERR_FILENO) }

    /// The error number, or 0.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        bytes.withUnsafeBytes { buffer in
            var written = 0
            while written < buffer.count, let base = buffer.baseAddress {
                #if canImport(Glibc)
                    let count = Glibc.write(descriptor, base + written, buffer.count - written)
                #else
                    let count = Darwin.write(descriptor, base + written, buffer.count - written)
                #endif
                if count < 0, errno == EINTR { continue }
                if count < 0 { return errno }
                written += count
            }
            return 0
        }
    }
}
