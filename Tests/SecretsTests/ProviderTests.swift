import Core
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Secrets

@Suite("Owner-only files")
struct OwnerOnlyFileTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private func code(of body: () throws -> Void) -> ErrorCode? {
        #expect(throws: SecretsError.self) { try body() }?.code
    }

    @Test("are made with mode 0600 and never over another file")
    func create() throws {
        let path = folder.file("secret")
        try OwnerOnlyFile.create(path, [1, 2, 3])
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o7777 == 0o600)
        #expect(code { try OwnerOnlyFile.create(path, [4]) } == SecretsError.fileNotWritten)
        #expect(try OwnerOnlyFile.read(path, limit: 3) == [1, 2, 3])
        try OwnerOnlyFile.overwrite(path, [9])
        #expect(try OwnerOnlyFile.read(path, limit: 3) == [9, 2, 3])
        #expect(code { _ = try OwnerOnlyFile.read(path, limit: 2) } == SecretsError.keyFileUnreadable)
        // A link is not followed when making a file: somebody else may have laid it there.
        #expect(symlink(folder.file("elsewhere"), folder.file("link")) == 0)
        #expect(code { try OwnerOnlyFile.create(folder.file("link"), [4]) } == SecretsError.fileNotWritten)
        #expect(access(folder.file("elsewhere"), F_OK) != 0)
    }

    @Test("are refused when others may touch them", arguments: [0o644, 0o640, 0o604, 0o620, 0o602, 0o610, 0o777])
    func modes(_ mode: UInt32) throws {
        let path = folder.file("secret")
        try OwnerOnlyFile.create(path, [1])
        #expect(chmod(path, mode) == 0)
        #expect(code { _ = try OwnerOnlyFile.read(path, limit: 10) } == SecretsError.permissionsTooOpen)
        #expect(code { try OwnerOnlyFile.overwrite(path, [2]) } == SecretsError.permissionsTooOpen)
    }

    @Test("are refused in a folder that others may write, except where the sticky bit keeps them from replacing files")
    func folders() throws {
        let path = folder.file("secret")
        try OwnerOnlyFile.create(path, [1])
        for mode in [0o720, 0o702, 0o777] as [mode_t] {
            #expect(chmod(folder.path, mode) == 0)
            #expect(code { _ = try OwnerOnlyFile.read(path, limit: 10) } == SecretsError.folderTooOpen)
            #expect(code { try OwnerOnlyFile.overwrite(path, [2]) } == SecretsError.folderTooOpen)
        }
        for mode in [0o755, 0o1777, 0o700] as [mode_t] {
            #expect(chmod(folder.path, mode) == 0)
            #expect(try OwnerOnlyFile.read(path, limit: 10) == [1])
        }
    }

    @Test("are refused when they are another user's", .enabled(if: geteuid() == 0, "only root can give a file away"))
    func owner() throws {
        let path = folder.file("secret")
        try OwnerOnlyFile.create(path, [1])
        #expect(chown(path, 12345, 12345) == 0)
        #expect(code { _ = try OwnerOnlyFile.read(path, limit: 10) } == SecretsError.permissionsTooOpen)
    }

    @Test("are refused when they are a folder, a pipe, a device or missing")
    func notFiles() throws {
        #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
        #expect(code { _ = try OwnerOnlyFile.read(folder.path, limit: 10) } == SecretsError.keyFileUnreadable)
        let error = #expect(throws: SecretsError.self) { _ = try OwnerOnlyFile.read(folder.path, limit: 10) }
        #expect(error?.message == "`\(folder.path)` is a folder")
        #expect(code { _ = try OwnerOnlyFile.read(folder.file("pipe"), limit: 10) } == SecretsError.keyFileUnreadable)
        #expect(code { _ = try OwnerOnlyFile.read("/dev/zero", limit: 10) } == SecretsError.keyFileUnreadable)
        #expect(code { _ = try OwnerOnlyFile.read(folder.file("none"), limit: 10) } == SecretsError.keyFileUnreadable)
        #expect(code { try OwnerOnlyFile.overwrite(folder.file("none"), [1]) } == SecretsError.fileNotWritten)
        #expect(code { try OwnerOnlyFile.overwrite(folder.path, [1]) } == SecretsError.fileNotWritten)
        #expect(code { try OwnerOnlyFile.overwrite("/dev/full", [1]) } == SecretsError.fileNotWritten)
        #expect(code { try OwnerOnlyFile.create(folder.file("no/folder"), [1]) } == SecretsError.fileNotWritten)
    }

    @Test("say so when the disk is full")
    func full() throws {
        let device = open("/dev/full", O_WRONLY | O_CLOEXEC)
        try #require(device >= 0)
        defer { close(device) }
        let error = #expect(throws: SecretsError.self) { try OwnerOnlyFile.write([1], to: device, "/dev/full") }
        #expect(error?.code == SecretsError.fileNotWritten)
        #expect(error?.message.contains("No space left") == true)
    }

    @Test("say so when what was written cannot be forced to disk")
    func unforced() throws {
        let device = open("/dev/null", O_WRONLY | O_CLOEXEC)
        try #require(device >= 0)
        defer { close(device) }
        let error = #expect(throws: SecretsError.self) { try OwnerOnlyFile.write([], to: device, "/dev/null") }
        #expect(error?.code == SecretsError.fileNotWritten)
        #expect(error?.message.hasPrefix("could not force `/dev/null` to disk") == true)
    }

    @Test("are taken away again when they could not be written whole")
    func halfWritten() async {
        await #expect(processExitsWith: .success) {
            let folder = try TemporaryDirectory()
            let path = folder.file("secret")
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let free = limit
            limit.rlim_cur = 10
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let error = #expect(throws: SecretsError.self) {
                try OwnerOnlyFile.create(path, [UInt8](repeating: 1, count: 100))
            }
            var open = free
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &open)
            exit(error?.code == SecretsError.fileNotWritten && access(path, F_OK) != 0 ? 0 : 1)
        }
    }
}

@Suite("Key files")
struct KeyFileTests {
    private let folder: TemporaryDirectory
    private let path: String

    init() throws {
        folder = try TemporaryDirectory()
        path = folder.file("root.key")
    }

    private func write(_ text: [UInt8]) throws {
        try? FileManager.default.removeItem(atPath: path)
        try OwnerOnlyFile.create(path, text)
    }

    private func failure(of text: String) throws -> SecretsError? {
        try write(Array(text.utf8))
        return #expect(throws: SecretsError.self, "\(text)") {
            _ = try KeyFile(path: path).wrap(.random(), of: .first)
        }
    }

    private let digits = String(repeating: "5a", count: 32)

    @Test("wrap a root and give it back")
    func roundTrip() throws {
        let file = try KeyFile.create(at: path, for: .first)
        let root = try RootKey.random()
        let envelope = try file.wrap(root, of: .first)
        #expect(envelope.provider == "key-file")
        #expect(envelope.parameters == ["path": path])
        #expect(exposed(try KeyFile(path: path).unwrap(envelope, of: .first)) == exposed(root))
        let text = String(decoding: try OwnerOnlyFile.read(path, limit: 4096), as: UTF8.self)
        #expect(text.hasPrefix("profilevault-root-key-v1\nvault: \(VaultID.first)\nkey: "))
        #expect(text.utf8.count == 25 + 7 + 36 + 1 + 5 + 64 + 1)
    }

    @Test("are never written over")
    func neverOverwritten() throws {
        _ = try KeyFile.create(at: path, for: .first)
        let before = try OwnerOnlyFile.read(path, limit: 4096)
        let error = #expect(throws: SecretsError.self) { _ = try KeyFile.create(at: path, for: .second) }
        #expect(error?.code == SecretsError.fileNotWritten)
        #expect(try OwnerOnlyFile.read(path, limit: 4096) == before)
    }

    @Test("of another vault, or another key, do not open the root")
    func wrong() throws {
        let root = try RootKey.random()
        let envelope = try KeyFile.create(at: path, for: .first).wrap(root, of: .first)
        let other = try KeyFile.create(at: folder.file("other.key"), for: .second)
        let same = try KeyFile.create(at: folder.file("same.key"), for: .first)
        #expect(
            #expect(throws: SecretsError.self) { _ = try other.unwrap(envelope, of: .first) }?.code
                == SecretsError.keyOfAnotherVault)
        #expect(
            #expect(throws: SecretsError.self) { _ = try same.unwrap(envelope, of: .first) }?.code
                == SecretsError.wrongRootKey)
        // An envelope carried over to another vault does not open there, whatever the key file says.
        let key = try String(decoding: OwnerOnlyFile.read(path, limit: 4096), as: UTF8.self).suffix(65)
        try write(Array("\(KeyFile.firstLine)\nvault: \(VaultID.second)\nkey: \(key)".utf8))
        #expect(
            #expect(throws: SecretsError.self) { _ = try KeyFile(path: path).unwrap(envelope, of: .second) }?.code
                == SecretsError.wrongRootKey)
    }

    @Test("tell a damaged envelope from a wrong key")
    func damagedEnvelope() throws {
        let file = try KeyFile.create(at: path, for: .first)
        let whole = try file.wrap(.random(), of: .first)
        let cut = RootEnvelope(
            provider: whole.provider, parameters: whole.parameters,
            wrapped: WrappedKey(bytes: Array(whole.wrapped.bytes.dropLast()), commitment: whole.wrapped.commitment))
        #expect(
            #expect(throws: SecretsError.self) { _ = try file.unwrap(cut, of: .first) }?.code
                == SecretsError.malformed)
    }

    @Test("may have comments, Windows line ends and capital digits")
    func lenient() throws {
        let text =
            "\(KeyFile.firstLine)\r\n# spare copy\r\n\r\nvault: \(VaultID.first)\r\nkey: \(digits.uppercased())\r\n"
        try write(Array(text.utf8))
        _ = try KeyFile(path: path).wrap(.random(), of: .first)
    }

    @Test("that are malformed are refused, and the error shows none of their digits")
    func malformed() throws {
        let first = KeyFile.firstLine
        let vault = "vault: \(VaultID.first)"
        for text in [
            "", "\n", "profilevault-root-key-v2\n\(vault)\nkey: \(digits)\n", "\(vault)\nkey: \(digits)\n",
            "\(first)\n\(vault)\n", "\(first)\nkey: \(digits)\n", "\(first)\n\(vault)\nkey: \(digits.dropLast())\n",
            "\(first)\n\(vault)\nkey: \(digits)5a\n", "\(first)\n\(vault)\nkey: \(digits.dropLast())g\n",
            "\(first)\n\(vault)\nkey: \(digits)\nkey: \(digits)\n", "\(first)\n\(vault)\n\(vault)\nkey: \(digits)\n",
            "\(first)\n\(vault)\nkey: \(digits)\nnote: mine\n", "\(first)\n\(vault)\nkey: \(digits)\nnonsense\n",
            "\(first)\nvault: 7\nkey: \(digits)\n", "\(first)\n\(vault)\nkey \(digits)\n",
            "\(first)\n\(vault)\nkey: \(digits.dropLast(2))é\n",
        ] {
            let error = try failure(of: text)
            #expect(error?.code == SecretsError.keyFileMalformed, "\(text)")
            #expect(error?.message.contains("5a5a") == false)
        }
        let long = try failure(of: "\(first)\n\(vault)\nkey: \(digits)\n#" + String(repeating: "x", count: 4096))
        #expect(long?.code == SecretsError.keyFileUnreadable)
    }

    @Test("with the key that keys-example/ publishes are refused")
    func example() throws {
        let published = hex(Array(0..<32))
        let error = try failure(of: "\(KeyFile.firstLine)\nvault: \(VaultID.first)\nkey: \(published)\n")
        #expect(error?.code == SecretsError.exampleKey)
        #expect(error?.message == "this is the published example key")
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "keys-example/example-root.key")
        let shipped = try failure(of: String(contentsOf: file, encoding: .utf8))
        #expect(shipped?.code == SecretsError.exampleKey)
        // As it lies in a clone, where everybody may read it: closing it to others would be no help.
        #expect(chmod(path, 0o644) == 0)
        let open = #expect(throws: SecretsError.self) { _ = try KeyFile(path: path).wrap(.random(), of: .first) }
        #expect(open?.message == "this is the published example key")
        try write(Array("\(KeyFile.firstLine)\nvault: \(VaultID.first)\nkey: \(digits)\n".utf8))
        #expect(chmod(path, 0o644) == 0)
        let other = #expect(throws: SecretsError.self) { _ = try KeyFile(path: path).wrap(.random(), of: .first) }
        #expect(other?.code == SecretsError.permissionsTooOpen)
    }

    @Test("mutated at random never crash and never open the root with another key")
    func mutated() throws {
        let file = try KeyFile.create(at: path, for: .first)
        let root = try RootKey.random()
        let envelope = try file.wrap(root, of: .first)
        let whole = try OwnerOnlyFile.read(path, limit: 4096)
        var generator = SeededGenerator.announced("key files: mutated")
        // Mutations are written over one file: making and forcing a new one to disk each time would be slow.
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        defer { close(descriptor) }
        var opened = 0
        var refused: [ErrorCode: Int] = [:]
        for _ in 0..<10_000 {
            let text = generator.mutate(whole, interesting: Array("\n\r:# 0aF-".utf8))
            #expect(ftruncate(descriptor, 0) == 0)
            #expect(text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) } == text.count)
            do {
                let back = try KeyFile(path: path).unwrap(envelope, of: .first)
                #expect(exposed(back) == exposed(root))
                opened += 1
            } catch {
                refused[error.code, default: 0] += 1
            }
        }
        let reasons = refused.map { "\($0.key): \($0.value)" }.sorted().joined(separator: ", ")
        print("key files: \(opened) of 10000 mutations left the key whole; \(reasons)")
        #expect(refused[SecretsError.keyFileMalformed, default: 0] > 1000)
    }
}

@Suite("Passphrases")
struct PassphraseTests {
    private let cheap = PasswordCost(operations: 1, memory: 8192)

    @Test("give the root back to who knows them, and to nobody else")
    func roundTrip() throws {
        let root = try RootKey.random()
        let envelope = try Passphrase(try password("correct horse"), cost: cheap).wrap(root, of: .first)
        // The cost is read from the envelope, not from how the provider was made.
        let back = try Passphrase(try password("correct horse")).unwrap(envelope, of: .first)
        #expect(exposed(back) == exposed(root))
        for (text, vault) in [("correct horsf", VaultID.first), ("correct horse", .second)] {
            let error = #expect(throws: SecretsError.self) {
                _ = try Passphrase(try password(text)).unwrap(envelope, of: vault)
            }
            #expect(error?.code == SecretsError.wrongRootKey)
        }
    }

    @Test("with a salt of their own each time")
    func salted() throws {
        let provider = try Passphrase(try password("correct horse"), cost: cheap)
        let root = try RootKey.random()
        #expect(
            try provider.wrap(root, of: .first).parameters["salt"]
                != (try provider.wrap(root, of: .first)).parameters["salt"])
    }

    @Test(
        "refuse a header whose parameters are damaged or would use up the machine",
        arguments: [
            ("salt", "00"), ("salt", "zz"), ("salt", ""), ("operations", "0"), ("operations", "17"),
            ("operations", "-1"), ("operations", "18446744073709551615"), ("memory", "8191"), ("memory", "-1"),
            ("memory", "1073741825"), ("memory", "9223372036854775807"), ("memory", "much"),
            ("algorithm", "argon2i13"),
        ])
    func hostile(parameter: String, value: String) throws {
        let provider = try Passphrase(try password("correct horse"), cost: cheap)
        let whole = try provider.wrap(.random(), of: .first)
        var parameters = whole.parameters
        parameters[parameter] = value
        let changed = RootEnvelope(provider: whole.provider, parameters: parameters, wrapped: whole.wrapped)
        let error = #expect(throws: SecretsError.self) { _ = try provider.unwrap(changed, of: .first) }
        #expect(error?.code == SecretsError.malformed)
        parameters[parameter] = nil
        let missing = RootEnvelope(provider: whole.provider, parameters: parameters, wrapped: whole.wrapped)
        #expect(throws: SecretsError.self) { _ = try provider.unwrap(missing, of: .first) }
    }
}
