import Core
import Outbound
import Secrets

/// Why AWS KMS has not done what it was asked: the name of its error, and nothing of its sentences.
struct KMSRefusal {
    private let status: Int
    /// Without the namespace before it (`com.amazonaws.kms#…`).
    private let name: String

    init(_ answer: HTTPResponse) {
        status = answer.status
        let type = answer.body.string(at: "__type") ?? ""
        name = type.split(separator: "#").last.map(String.init) ?? ""
    }

    /// AWS KMS API Reference, `Encrypt` and `Decrypt`, "Errors", and "Common Error Types".
    func error(key: String) -> SecretsError {
        switch name {
        case "InvalidCiphertextException", "IncorrectKeyException":
            return SecretsError(
                SecretsError.wrongRootKey, "the key `\(key)` of AWS KMS has not encrypted this, or not for this vault",
                remedy: "restore `vault.json` from a copy")
        case "DisabledException", "KMSInvalidStateException", "NotFoundException", "InvalidKeyUsageException",
            "InvalidArnException":
            return SecretsError(
                SecretsError.keyServiceKeyUnusable, "AWS KMS cannot use the key `\(key)`: \(reason)",
                remedy: "look at the key in its region; one that waits for its deletion can still be kept")
        case "UnrecognizedClientException", "InvalidClientTokenId", "ExpiredTokenException",
            "InvalidSignatureException",
            "IncompleteSignature", "SignatureDoesNotMatch", "MissingAuthenticationTokenException":
            return SecretsError(
                SecretsError.keyServiceRefused, "AWS does not accept the credentials (\(name))",
                remedy: "check AWS_ACCESS_KEY_ID and what goes with it, whether it has ended, and this machine's clock")
        case "AccessDeniedException", "AccessDenied":
            return SecretsError(
                SecretsError.keyServiceRefused, "AWS does not let these credentials use the key `\(key)`",
                remedy: "allow them kms:Encrypt and kms:Decrypt on this key, and nothing else")
        case _ where status == 401 || status == 403:
            return SecretsError(
                SecretsError.keyServiceRefused,
                "AWS KMS does not do this for these credentials (HTTP status \(status))",
                remedy: "check the credentials, and that they allow kms:Encrypt and kms:Decrypt on the key `\(key)`")
        default:
            return .keyServiceAnswer(AWSKey.service, status: status)
        }
    }

    private var reason: String {
        switch name {
        case "DisabledException": "it is disabled"
        case "KMSInvalidStateException": "it waits for its deletion, or is not ready"
        case "NotFoundException": "there is none"
        case "InvalidKeyUsageException": "it is not for encrypting"
        default: "its name is not one"
        }
    }
}
