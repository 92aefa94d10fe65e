#if HardwareKeys
    import Foundation
    import Glibc
    import TestSupport
    import Testing

    /// SoftHSM behind a module that counts what it is asked for and answers, where a test says so, what no token of
    /// software answers by itself.
    ///
    /// A module is a shared library, so that it is compiled here: by `cc`, or by the toolchain's own compiler.
    struct FaultyModule {
        /// What the module does besides; `*_answer` 0 is what SoftHSM says.
        private static let source = """
            #include <dlfcn.h>
            #include <p11-kit/pkcs11.h>
            unsigned long initialized, finalized, opened, closed, logins, pads;
            unsigned long start_answer, token_flags, token_unset, login_answer, find_answer, seal_answer, seal_extra, open_answer, slots_more;
            static CK_FUNCTION_LIST *real, list;
            static CK_RV initialize(void *a) {
                if (start_answer) return start_answer;
                initialized++;
                return real->C_Initialize(a);
            }
            static CK_RV finalize(void *a) { finalized++; return real->C_Finalize(a); }
            static CK_RV slots(CK_BBOOL present, CK_SLOT_ID *ids, CK_ULONG *count) {
                if (ids && slots_more) { slots_more--; *count += 1; return CKR_BUFFER_TOO_SMALL; }
                return real->C_GetSlotList(present, ids, count);
            }
            static CK_RV info(CK_SLOT_ID id, CK_TOKEN_INFO *found) {
                CK_RV answer = real->C_GetTokenInfo(id, found);
                found->flags = (found->flags | token_flags) & ~token_unset;
                return answer;
            }
            static CK_RV open_session(CK_SLOT_ID id, CK_FLAGS flags, void *a, CK_NOTIFY n, CK_SESSION_HANDLE *s) {
                CK_RV answer = real->C_OpenSession(id, flags, a, n, s);
                if (answer == CKR_OK) opened++;
                return answer;
            }
            static CK_RV close_session(CK_SESSION_HANDLE s) { closed++; return real->C_CloseSession(s); }
            static CK_RV login(CK_SESSION_HANDLE s, CK_USER_TYPE user, unsigned char *pin, CK_ULONG length) {
                logins++;
                if (!pin) { pads++; return real->C_Login(s, user, (unsigned char *)PIN, sizeof(PIN) - 1); }
                return login_answer ? login_answer : real->C_Login(s, user, pin, length);
            }
            static CK_RV find(CK_SESSION_HANDLE s, CK_ATTRIBUTE *a, CK_ULONG n) {
                return find_answer ? find_answer : real->C_FindObjectsInit(s, a, n);
            }
            static CK_RV seal(CK_SESSION_HANDLE s, CK_MECHANISM *m, CK_OBJECT_HANDLE k) {
                return seal_answer ? seal_answer : real->C_EncryptInit(s, m, k);
            }
            static CK_RV sealed(CK_SESSION_HANDLE s, unsigned char *in, CK_ULONG n, unsigned char *out, CK_ULONG *m) {
                CK_RV answer = real->C_Encrypt(s, in, n, out, m);
                *m += seal_extra;
                return answer;
            }
            static CK_RV opening(CK_SESSION_HANDLE s, unsigned char *in, CK_ULONG n, unsigned char *out, CK_ULONG *m) {
                CK_RV answer = real->C_Decrypt(s, in, n, out, m);
                return open_answer ? open_answer : answer;
            }
            CK_RV C_GetFunctionList(CK_FUNCTION_LIST **found) {
                void *library = dlopen(REAL, RTLD_NOW);
                CK_C_GetFunctionList get = library ? (CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList") : 0;
                if (!get || get(&real) != CKR_OK) return CKR_GENERAL_ERROR;
                list = *real;
                list.C_Initialize = initialize;
                list.C_Finalize = finalize;
                list.C_GetSlotList = slots;
                list.C_GetTokenInfo = info;
                list.C_OpenSession = open_session;
                list.C_CloseSession = close_session;
                list.C_Login = login;
                list.C_FindObjectsInit = find;
                list.C_EncryptInit = seal;
                list.C_Encrypt = sealed;
                list.C_Decrypt = opening;
                *found = &list;
                return CKR_OK;
            }
            """

        /// One of the module's numbers.
        enum Number: String, CaseIterable {
            case initialized, finalized, opened, closed, logins, pads
            case startAnswer = "start_answer"
            case tokenFlags = "token_flags"
            case tokenUnset = "token_unset"
            case loginAnswer = "login_answer"
            case findAnswer = "find_answer"
            case sealAnswer = "seal_answer"
            case sealExtra = "seal_extra"
            case openAnswer = "open_answer"
            case slotsMore = "slots_more"
        }

        private static let folder = FileManager.default.temporaryDirectory.appending(
            path: "profilevault-module-\(getpid())"
        ).path(percentEncoded: false)

        /// Where it is; `nil` where nothing here can compile it.
        private static let path: String? = {
            guard let real = SoftHSM.module, compile(around: real) else { return nil }
            atexit { _ = try? FileManager.default.removeItem(atPath: FaultyModule.folder) }
            return folder + "/faulty.so"
        }()

        static var isThere: Bool {
            if path == nil { print("a C compiler for a PKCS#11 module: not found, skipped") }
            return path != nil
        }

        let path: String
        private let library: UnsafeMutableRawPointer

        /// The module with all numbers at zero.
        init() throws {
            path = try #require(Self.path)
            library = try #require(dlopen(path, RTLD_NOW))
            for number in Number.allCases { self[number] = 0 }
        }

        subscript(number: Number) -> UInt {
            get { place(number).pointee }
            nonmutating set { place(number).pointee = newValue }
        }

        private func place(_ number: Number) -> UnsafeMutablePointer<UInt> {
            dlsym(library, number.rawValue)!.assumingMemoryBound(to: UInt.self)
        }

        private static func compile(around real: String) -> Bool {
            let places = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
            let toolchain = places.map { $0 + "/swift" }.first { access($0, X_OK) == 0 }.map {
                URL(filePath: $0).resolvingSymlinksInPath().deletingLastPathComponent().path(percentEncoded: false)
            }
            let compilers = places.map { $0 + "/cc" } + [(toolchain ?? "") + "/clang"]
            guard let compiler = compilers.first(where: { access($0, X_OK) == 0 }) else { return false }
            do {
                try FileManager.default.createDirectory(
                    atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
                try Data(source.utf8).write(to: URL(filePath: folder + "/faulty.c"))
                let process = Process()
                process.executableURL = URL(filePath: compiler)
                process.arguments = [
                    "-shared", "-fPIC", "-I/usr/include/p11-kit-1", "-DREAL=\"\(real)\"",
                    "-DPIN=\"\(SoftToken.pin)\"", "-o", folder + "/faulty.so", folder + "/faulty.c", "-ldl",
                ]
                try process.run()
                process.waitUntilExit()
                return process.terminationStatus == 0
            } catch {
                return false
            }
        }
    }
#endif
