#if HardwareKeys
    import CP11Kit
    import Secrets

    /// What a PKCS#11 function answered (PKCS#11 2.40 §5.1); `nil` where the module has no such function.
    struct ReturnValue {
        let code: CK_RV

        init(_ code: CK_RV?) { self.code = code ?? CKR_FUNCTION_NOT_SUPPORTED }

        var isDone: Bool { code == CKR_OK }

        /// - Throws: unless the function did `what` it was asked for.
        func require(_ what: StaticString) throws(SecretsError) {
            guard isDone else { throw error(what) }
        }

        /// The error for a function that did not do `what` it was asked for.
        func error(_ what: StaticString) -> SecretsError {
            switch code {
            case CKR_PIN_INCORRECT, CKR_PIN_INVALID, CKR_PIN_LEN_RANGE:
                SecretsError(
                    SecretsError.tokenWrongPIN, "the token does not take this PIN",
                    remedy: "check which token and PIN are meant before another try: a token locks after a few")
            case CKR_PIN_LOCKED:
                SecretsError(
                    SecretsError.tokenPINLocked, "the token's PIN is locked after too many wrong ones",
                    remedy: "unlock it as security officer, with the tool of the token's maker")
            case CKR_PIN_EXPIRED, CKR_USER_PIN_NOT_INITIALIZED:
                SecretsError(
                    SecretsError.tokenPINNotSet, "the token's PIN has to be set first",
                    remedy: "set one with the tool of the token's maker")
            case CKR_TOKEN_NOT_PRESENT, CKR_TOKEN_NOT_RECOGNIZED, CKR_DEVICE_REMOVED, CKR_DEVICE_ERROR,
                CKR_SLOT_ID_INVALID, CKR_SESSION_CLOSED, CKR_SESSION_HANDLE_INVALID, CKR_USER_NOT_LOGGED_IN:
                SecretsError(
                    SecretsError.tokenUnreachable, "the token does not answer: \(what) (\(name))",
                    remedy: "connect it and try again")
            case CKR_MECHANISM_INVALID, CKR_MECHANISM_PARAM_INVALID, CKR_FUNCTION_NOT_SUPPORTED:
                SecretsError(
                    SecretsError.tokenUnsupported, "the token cannot do what is needed: \(what) (\(name))",
                    remedy: "take a token that makes AES keys and seals with AES-GCM")
            default:
                SecretsError(
                    SecretsError.tokenRefused, "\(what) (\(name))",
                    remedy: "see what the token's maker says of it, and whether the token has room left")
            }
        }

        /// The code as the standard's header has it, and p11-kit's words for it.
        private var name: String {
            let words = unsafe p11_kit_strerror(code).map { unsafe String(cString: $0) } ?? "no words for it"
            return "0x\(String(code, radix: 16)), \(words)"
        }
    }
#endif
