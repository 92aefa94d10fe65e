public import Core
public import Secrets

extension SecretsError {
    /// The program was built without p11-kit.
    public static let tokensUnavailable = ErrorCode("token.unavailable")
    public static let tokenURIMalformed = ErrorCode("token.uri_malformed", exit: .usage)
    public static let tokenModuleMissing = ErrorCode("token.module_missing")
    /// Others may change the module, which is code that runs with the vault's keys.
    public static let tokenModuleTooOpen = ErrorCode("token.module_too_open")
    public static let tokenModuleFailed = ErrorCode("token.module_failed")
    public static let tokenMissing = ErrorCode("token.missing")
    public static let tokenAmbiguous = ErrorCode("token.ambiguous", exit: .usage)
    /// The token went away, or answers no more.
    public static let tokenUnreachable = ErrorCode("token.unreachable")
    public static let tokenWrongPIN = ErrorCode("token.wrong_pin")
    public static let tokenPINLocked = ErrorCode("token.pin_locked")
    /// The token has no PIN yet, or wants another one first.
    public static let tokenPINNotSet = ErrorCode("token.pin_not_set")
    public static let tokenKeyMissing = ErrorCode("token.key_missing")
    /// A key of the name that is none of ours: it can be taken out of the token, is too short, or is there twice.
    public static let tokenKeyUnfit = ErrorCode("token.key_unfit")
    /// The token cannot do what a key is needed for.
    public static let tokenUnsupported = ErrorCode("token.unsupported")
    /// Any other answer of a token than that it did what it was asked.
    public static let tokenRefused = ErrorCode("token.refused")
    public static let tokenObjectMissing = ErrorCode("token.object_missing")
    public static let tokenObjectExists = ErrorCode("token.object_exists")
    public static let tokenObjectLength = ErrorCode("token.object_length", exit: .usage)
    /// What is kept in the token was changed there.
    public static let tokenObjectDamaged = ErrorCode("token.object_damaged", exit: .integrity)

    static let tokensNotBuiltIn = SecretsError(
        tokensUnavailable, "this build knows no PKCS#11 tokens", remedy: "build with the trait HardwareKeys")

    static func tokenURI(_ reason: String) -> SecretsError {
        SecretsError(
            tokenURIMalformed, "the PKCS#11 URI cannot be used: \(reason)",
            remedy: "write it as `pkcs11:token=LABEL;object=NAME?module-path=/PATH/MODULE.so`, with %20 for a blank")
    }

    static func tokenKeyMissing(_ uri: TokenURI) -> SecretsError {
        SecretsError(
            tokenKeyMissing, "the token `\(uri.token)` has no key `\(uri.object)`",
            remedy: "name the token and the key of this vault; once deleted, a key does not come back")
    }

    static func tokenKeyUnfit(_ uri: TokenURI, _ reason: StaticString) -> SecretsError {
        SecretsError(
            tokenKeyUnfit, "the key `\(uri.object)` in the token `\(uri.token)` cannot be used: \(reason)",
            remedy: "name another object in the URI; where there is none of that name, a key is made")
    }

    static func tokenObjectDamaged(_ object: String) -> SecretsError {
        SecretsError(
            tokenObjectDamaged, "what the token keeps as `\(object)` was changed there, and does not open",
            remedy: "overwrite it from the vault's other holder, and think who may have changed it")
    }
}
