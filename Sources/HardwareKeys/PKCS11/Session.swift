import Secrets

/// What PKCS#11 calls an object in a session: a number that holds as long as the session.
typealias ObjectHandle = UInt

#if HardwareKeys
    import CP11Kit

    /// A session with a token (PKCS#11 2.40 §5.6); closed, and with the last one logged out, when its owner lets go.
    @safe struct Session: ~Copyable, @unchecked Sendable {
        // Sendable: whoever uses it holds the lock of its `Token`.
        let module: Module
        let handle: CK_SESSION_HANDLE
        private let slot: Module.Slot

        /// - Throws: where the module or the token is not there.
        init(_ uri: TokenURI) throws(SecretsError) {
            let module = try Module(uri.library)
            let slot = try module.slot(of: uri)
            var handle: CK_SESSION_HANDLE = 0
            try ReturnValue(
                unsafe module.functions.pointee.C_OpenSession?(
                    slot.id, CKF_SERIAL_SESSION | CKF_RW_SESSION, nil, nil, &handle)
            ).require("a session could not be opened")
            self.module = module
            self.handle = handle
            self.slot = slot
        }

        deinit { _ = unsafe module.functions.pointee.C_CloseSession?(handle) }

        /// Logs in where the token wants it and no session of this process has done so yet: a login holds for all of
        /// them. One try, and none where the token says that its PIN is locked.
        ///
        /// - Throws: `token.wrong_pin`, `token.pin_locked`, `token.pin_not_set`, and what `pin` throws.
        borrowing func logIn(with pin: TokenPIN) throws(SecretsError) {
            guard slot.has(CKF_LOGIN_REQUIRED), try !isLoggedIn() else { return }
            guard !slot.has(CKF_USER_PIN_LOCKED) else { throw ReturnValue(CKR_PIN_LOCKED).error("") }
            guard slot.has(CKF_USER_PIN_INITIALIZED) else {
                throw ReturnValue(CKR_USER_PIN_NOT_INITIALIZED).error("")
            }
            // With a keypad of its own the token asks by itself.
            let status =
                if slot.has(CKF_PROTECTED_AUTHENTICATION_PATH) {
                    ReturnValue(unsafe module.functions.pointee.C_Login?(handle, CKU_USER, nil, 0))
                } else {
                    logIn(typed: try pin())
                }
            guard status.code != CKR_USER_ALREADY_LOGGED_IN else { return }
            try status.require("the login failed")
        }

        private borrowing func logIn(typed pin: borrowing SecretBytes) -> ReturnValue {
            unsafe pin.withUnsafeBytes { bytes in
                // The function reads the PIN only, although its declaration does not say so.
                let start = unsafe UnsafeMutablePointer(
                    mutating: bytes.baseAddress!.assumingMemoryBound(to: UInt8.self))
                return ReturnValue(
                    unsafe module.functions.pointee.C_Login?(handle, CKU_USER, start, CK_ULONG(bytes.count)))
            }
        }

        private borrowing func isLoggedIn() throws(SecretsError) -> Bool {
            var info = CK_SESSION_INFO()
            try ReturnValue(unsafe module.functions.pointee.C_GetSessionInfo?(handle, &info))
                .require("the session's state could not be read")
            return info.state == CKS_RW_USER_FUNCTIONS
        }
    }
#else
    /// Without p11-kit there is no session: no value of this type can be made.
    struct Session: ~Copyable {
        private let none: Never

        init(_ uri: TokenURI) throws(SecretsError) { throw .tokensNotBuiltIn }

        func logIn(with pin: TokenPIN) throws(SecretsError) { switch none {} }
        func makeKey(labelled label: String, id: [UInt8]) throws(SecretsError) -> ObjectHandle { switch none {} }
        func keys(labelled label: String) throws(SecretsError) -> [ObjectHandle] { switch none {} }
        func isSound(_ key: ObjectHandle) throws(SecretsError) -> Bool { switch none {} }
        func id(of key: ObjectHandle) throws(SecretsError) -> [UInt8] { switch none {} }
        func makeData(labelled label: String, value: [UInt8]) throws(SecretsError) { switch none {} }
        func data(labelled label: String) throws(SecretsError) -> [ObjectHandle] { switch none {} }
        func value(of data: ObjectHandle) throws(SecretsError) -> [UInt8] { switch none {} }
        func destroy(_ object: ObjectHandle) throws(SecretsError) { switch none {} }
        func seal(
            _ message: borrowing SecretBytes, with key: ObjectHandle, binding: [UInt8]
        ) throws(SecretsError) -> TokenCiphertext { switch none {} }
        func open(
            _ sealed: TokenCiphertext, with key: ObjectHandle, binding: [UInt8]
        ) throws(SecretsError) -> SecretBytes? { switch none {} }
    }
#endif
