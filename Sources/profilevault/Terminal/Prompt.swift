#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import Secrets

/// Asks the person at the terminal; never standard input, which may be a file of customers.
enum Prompt {
    /// Whether there is somebody to ask.
    static var isPossible: Bool {
        let descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        close(descriptor)
        return true
    }

    /// Asks for a secret without showing it.
    ///
    /// - Throws: `passwordMissing` when there is no terminal or nothing was typed.
    static func secret(_ question: String, otherwise remedy: String) throws -> SecretBytes {
        let descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandError(CommandError.passwordMissing, "there is no terminal to ask for it", remedy: remedy)
        }
        defer { close(descriptor) }
        // The first to be made is the last to go: a signal that would end the program does so when the terminal is as it was.
        let ending = HeldEnding()
        defer { ending.release() }
        var before = termios()
        let isKnown = tcgetattr(descriptor, &before) == 0
        if isKnown {
            var silent = before
            silent.c_lflag &= ~tcflag_t(ECHO)
            tcsetattr(descriptor, TCSAFLUSH, &silent)
        }
        defer {
            if isKnown { tcsetattr(descriptor, TCSAFLUSH, &before) }
            say("\n", to: descriptor)
        }
        say(question + ": ", to: descriptor)
        return try SecretLine.read(from: descriptor, remedy: remedy) { ending.wasAsked }
    }

    /// Asks for a line that may be seen; `nil` when there is no terminal.
    static func line(_ question: String) -> String? {
        let descriptor = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        say(question + ": ", to: descriptor)
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while line.count < 256, read(descriptor, &byte, 1) == 1, byte != 0x0A { line.append(byte) }
        return String(decoding: line, as: UTF8.self)
    }

    private static func say(_ text: String, to descriptor: Int32) {
        let bytes = Array(text.utf8)
        _ = write(descriptor, bytes, bytes.count)
    }
}
