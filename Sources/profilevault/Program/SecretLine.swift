#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import Core
import Secrets

/// Passwords and passphrases: from the terminal, a file that only its owner may read or a descriptor; never from
/// arguments or the environment, which others can see.
enum SecretLine {
    private static let limit = 4096

    /// Whether the options say where the operator's password is.
    static func isPasswordGiven(_ arguments: Arguments) -> Bool {
        arguments.has(.passwordFile) || arguments.has(.passwordDescriptor)
    }

    /// The operator's password from where the options say, else from the terminal.
    static func password(_ arguments: Arguments, askingFor question: String) throws -> SecretBytes {
        try arguments.exclude(.passwordFile, .passwordDescriptor)
        if let path = arguments[.passwordFile] { return try read(path: absolutePath(path)) }
        guard let number = try arguments.integer(.passwordDescriptor) else {
            return try Prompt.secret(question, otherwise: "give it with --password-file or --password-fd")
        }
        guard let descriptor = Int32(exactly: number) else {
            throw CommandError(CommandError.valueInvalid, "`--password-fd` takes the number of an open descriptor")
        }
        return try read(from: descriptor, remedy: "open the descriptor for reading, as in `--password-fd 3 3<file`")
    }

    /// The first line of a file that only its owner may read.
    static func read(path: String) throws -> SecretBytes {
        var content = try OwnerOnlyFile.read(path, limit: limit)
        defer { wipe(&content) }
        return try secret(content, empty: "the first line of `\(path)` is empty")
    }

    /// The first line of an open descriptor; none where a signal comes and `isEnding` then.
    static func read(
        from descriptor: Int32, remedy: String, unless isEnding: () -> Bool = { false }
    ) throws -> SecretBytes {
        var content: [UInt8] = []
        content.reserveCapacity(limit)
        defer { wipe(&content) }
        var byte: UInt8 = 0
        while content.count < limit {
            let count = readByte(descriptor, &byte)
            if count < 0, errno == EINTR {
                if isEnding() { throw CommandError(CommandError.passwordMissing, "no password was given") }
                continue
            }
            guard count >= 0 else {
                throw CommandError(
                    CommandError.passwordMissing,
                    "the password could not be read: \(String(cString: strerror(errno)).lowercased())", remedy: remedy)
            }
            if count == 0 || byte == 0x0A { break }
            content.append(byte)
        }
        return try secret(content, empty: "no password was given")
    }

    private static func secret(_ content: [UInt8], empty: String) throws -> SecretBytes {
        var line = Array(content.prefix { $0 != 0x0A })
        defer { wipe(&line) }
        if line.last == 0x0D { line.removeLast() }
        guard !line.isEmpty else { throw CommandError(CommandError.passwordMissing, empty) }
        return try SecretBytes(copying: line)
    }
}

/// One byte at a time: what follows the line belongs to somebody else.
private func readByte(_ descriptor: Int32, _ byte: inout UInt8) -> Int { read(descriptor, &byte, 1) }
