#if HardwareKeys
    import Core
    import CP11Kit
    import Foundation
    import Glibc
    import Secrets
    import TestSupport
    import Testing

    @testable import HardwareKeys

    extension HardwareKeyTests {
        @Suite("PKCS#11 modules")
        struct ModuleTests {
            private let vault = VaultID(high: 1, low: 2)
            private let folder: TemporaryDirectory

            init() throws { folder = try TemporaryDirectory() }

            private func key(through path: String) throws -> TokenKey {
                TokenKey(try TokenURI("pkcs11:token=vault;object=root?module-path=\(path)")) {
                    () throws(SecretsError) in
                    Issue.record("asked for a PIN")
                    return try SecretBytes.random(count: 1)
                }
            }

            private func refusal(of path: String) throws -> ErrorCode? {
                let key = try key(through: path)
                let root = try RootKey.random()
                return code { _ = try key.wrap(root, of: vault) }
            }

            @Test("are refused where there is none, before anybody is asked for a PIN")
            func missing() throws {
                #expect(try refusal(of: folder.file("none.so")) == SecretsError.tokenModuleMissing)
                #expect(try refusal(of: folder.path) == SecretsError.tokenModuleMissing)
            }

            @Test("are refused where the file is no library, or one that is no module")
            func noModule() throws {
                try Data("no library".utf8).write(to: URL(filePath: folder.file("text.so")))
                #expect(try refusal(of: folder.file("text.so")) == SecretsError.tokenModuleFailed)
                let maps = try #require(FileHandle(forReadingAtPath: "/proc/self/maps")).readDataToEndOfFile()
                let loaded = String(decoding: maps, as: UTF8.self).split(separator: "\n")
                let line = try #require(loaded.first { $0.hasSuffix("/libc.so.6") })
                let library = String(line[try #require(line.firstIndex(of: "/"))...])
                #expect(try refusal(of: library) == SecretsError.tokenModuleFailed)
            }

            @Test("are refused where others may change them, or put others in their place")
            func open() throws {
                let real = try #require(SoftHSM.module)
                let path = folder.file("copy.so")
                try Data(contentsOf: URL(filePath: real)).write(to: URL(filePath: path))
                #expect(chmod(path, 0o664) == 0)
                #expect(try refusal(of: path) == SecretsError.tokenModuleTooOpen)
                #expect(chmod(path, 0o644) == 0)
                let link = try TemporaryDirectory()
                #expect(symlink(path, link.file("link.so")) == 0)
                #expect(chmod(folder.path, 0o777) == 0)
                #expect(try refusal(of: path) == SecretsError.folderTooOpen)
                #expect(try refusal(of: link.file("link.so")) == SecretsError.folderTooOpen)
                #expect(chmod(folder.path, 0o700) == 0)
                if geteuid() == 0 {
                    #expect(chown(path, 12345, 12345) == 0)
                    #expect(try refusal(of: path) == SecretsError.tokenModuleTooOpen)
                }
            }

            @Test("are shared by all who use them at the same time, and let go with the last")
            func shared() throws {
                let token = try SoftToken("vault")
                let root = try RootKey.random()
                let one = try token.key()
                var other: TokenKey? = try token.key("other")
                _ = try one.wrap(root, of: vault)
                _ = try other?.wrap(root, of: vault)
                other = nil
                _ = try one.wrap(root, of: vault)
                #expect(token.timesAsked == 1)
            }
        }

        @Suite("Tokens that answer otherwise", .enabled(if: FaultyModule.isThere))
        struct FaultTests {
            private let vault = VaultID(high: 1, low: 2)
            private let module: FaultyModule
            private let token: SoftToken

            init() throws {
                module = try FaultyModule()
                token = try SoftToken("vault", through: module.path)
            }

            @Test("have their sessions closed and their modules finalised, each once, whatever went wrong")
            func balance() throws {
                let root = try RootKey.random()
                do {
                    let key = try token.key()
                    let envelope = try key.wrap(root, of: vault)
                    for number in [FaultyModule.Number.findAnswer, .openAnswer] {
                        module[number] = CKR_DEVICE_REMOVED
                        #expect(code { _ = try key.unwrap(envelope, of: vault) } == SecretsError.tokenUnreachable)
                        module[number] = 0
                        _ = try key.unwrap(envelope, of: vault)
                    }
                    #expect(module[.opened] == module[.closed] + 1 && module[.initialized] == module[.finalized] + 1)
                    module[.loginAnswer] = CKR_PIN_INCORRECT
                    module[.findAnswer] = CKR_USER_NOT_LOGGED_IN
                    #expect(code { _ = try key.unwrap(envelope, of: vault) } == SecretsError.tokenUnreachable)
                    #expect(code { _ = try key.unwrap(envelope, of: vault) } == SecretsError.tokenWrongPIN)
                    #expect(code { _ = try token.key(in: "gone").wrap(root, of: vault) } == SecretsError.tokenMissing)
                }
                #expect(module[.opened] == 4 && module[.closed] == 4)
                #expect(module[.initialized] > 0 && module[.initialized] == module[.finalized])
            }

            @Test("are given one PIN for each try, and none when they say that theirs is locked or not set")
            func locked() throws {
                let key = try token.key()
                let root = try RootKey.random()
                module[.tokenFlags] = CKF_USER_PIN_LOCKED
                let error = #expect(throws: SecretsError.self) { _ = try key.wrap(root, of: vault) }
                #expect(error?.code == SecretsError.tokenPINLocked)
                #expect(error?.message == "the token's PIN is locked after too many wrong ones")
                module[.tokenFlags] = 0
                module[.tokenUnset] = CKF_USER_PIN_INITIALIZED
                #expect(code { _ = try key.wrap(root, of: vault) } == SecretsError.tokenPINNotSet)
                #expect(token.timesAsked == 0 && module[.logins] == 0)
                module[.tokenUnset] = 0
                for (answer, expected) in [
                    (CKR_PIN_LOCKED, SecretsError.tokenPINLocked), (CKR_PIN_INCORRECT, SecretsError.tokenWrongPIN),
                    (CKR_PIN_EXPIRED, SecretsError.tokenPINNotSet),
                    (CKR_USER_PIN_NOT_INITIALIZED, SecretsError.tokenPINNotSet),
                    (CKR_DEVICE_ERROR, SecretsError.tokenUnreachable),
                    (CKR_USER_ANOTHER_ALREADY_LOGGED_IN, SecretsError.tokenRefused),
                ] {
                    module[.loginAnswer] = answer
                    let before = (token.timesAsked, module[.logins])
                    #expect(code { _ = try key.wrap(root, of: vault) } == expected)
                    #expect(token.timesAsked == before.0 + 1 && module[.logins] == before.1 + 1)
                }
                module[.loginAnswer] = 0
                _ = try key.wrap(root, of: vault)
            }

            @Test("with a keypad of their own ask for the PIN themselves")
            func keypad() throws {
                module[.tokenFlags] = CKF_PROTECTED_AUTHENTICATION_PATH
                let key = try token.key()
                _ = try key.unwrap(key.wrap(RootKey.random(), of: vault), of: vault)
                #expect(token.timesAsked == 0 && module[.pads] == 1)
            }

            @Test("are unfit where they cannot seal, seal with a nonce of their own or do not open what they sealed")
            func unfit() throws {
                let key = try token.key()
                let root = try RootKey.random()
                module[.sealAnswer] = CKR_MECHANISM_INVALID
                #expect(code { _ = try key.wrap(root, of: vault) } == SecretsError.tokenUnsupported)
                module[.sealAnswer] = 0
                module[.sealExtra] = 16
                #expect(code { _ = try key.wrap(root, of: vault) } == SecretsError.tokenUnsupported)
                module[.sealExtra] = 0
                module[.openAnswer] = CKR_ENCRYPTED_DATA_INVALID
                #expect(code { _ = try key.wrap(root, of: vault) } == SecretsError.tokenUnsupported)
                module[.openAnswer] = 0
                _ = try key.wrap(root, of: vault)
            }

            @Test("that fail while they open are not taken for tokens with another key")
            func failing() throws {
                let key = try token.key()
                let envelope = try key.wrap(RootKey.random(), of: vault)
                for (answer, expected) in [
                    (CKR_DEVICE_ERROR, SecretsError.tokenUnreachable), (CKR_HOST_MEMORY, SecretsError.tokenRefused),
                    (CKR_ENCRYPTED_DATA_INVALID, SecretsError.wrongRootKey),
                ] {
                    module[.openAnswer] = answer
                    #expect(code { _ = try key.unwrap(envelope, of: vault) } == expected)
                }
                module[.openAnswer] = 0
                _ = try key.unwrap(envelope, of: vault)
            }

            @Test("keep what was there when they fail before the new version is whole")
            func overwriting() throws {
                let object = try token.object()
                try object.create([1])
                for number in [FaultyModule.Number.sealAnswer, .openAnswer, .findAnswer] {
                    module[number] = CKR_DEVICE_REMOVED
                    #expect(code { try object.overwrite(with: [2]) } == SecretsError.tokenUnreachable)
                    module[number] = 0
                    #expect(try object.read() == [number == .openAnswer ? 2 : 1])
                    try object.overwrite(with: [1])
                }
            }

            @Test("are not there when their module does not start, and there when it does")
            func starting() throws {
                let key = try token.key()
                let root = try RootKey.random()
                module[.startAnswer] = CKR_DEVICE_ERROR
                let error = #expect(throws: SecretsError.self) { _ = try key.wrap(root, of: vault) }
                #expect(error?.code == SecretsError.tokenModuleFailed)
                #expect(module[.finalized] == 0 && token.timesAsked == 0)
                module[.startAnswer] = 0
                _ = try key.wrap(root, of: vault)
            }

            @Test("may come while the others are counted")
            func coming() throws {
                module[.slotsMore] = 2
                _ = try token.key().wrap(RootKey.random(), of: vault)
                #expect(module[.slotsMore] == 0)
            }
        }
    }
#endif
