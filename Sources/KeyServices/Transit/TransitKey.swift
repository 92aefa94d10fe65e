import Core
import Outbound
public import Secrets

/// The root key wrapped under a random key that HashiCorp Vault or OpenBao keep encrypted (Transit secrets engine,
/// HTTP API, "Encrypt Data" and "Decrypt Data"), by a key of a type with associated data (`aes256-gcm96`, which is the
/// default, or `chacha20-poly1305`).
///
/// The envelope names address, mount, key and namespace, and has the ciphertext, whose associated data name the vault.
///
/// Who can write into a vault's header cannot send the token elsewhere: requests go to `VAULT_ADDR` and to nowhere else,
/// and without it the address in the header is refused as `key_services.unconfirmed`. They can name another mount or key
/// of the same server: a token that may use this one alone, as it should be, is refused there.
public struct TransitKey: KeyService {
    public static let kind = "vault-transit"
    static let service: StaticString = "Vault Transit"

    private let place: TransitPlace
    private let environment: [String: String]
    private let client: HTTPClient

    /// A key by which to wrap, at `VAULT_ADDR` and in the namespace `VAULT_NAMESPACE`.
    ///
    /// - Throws: `key_services.misnamed`, and `key_services.unconfirmed` without `VAULT_ADDR`.
    public init(key: String, mount: String = "transit", environment: [String: String]) throws(SecretsError) {
        let place = try TransitPlace(
            key: key, mount: mount, namespace: environment.value(of: "VAULT_NAMESPACE"), environment: environment)
        self.init(place, environment: environment, limits: HTTPClient.Limits())
    }

    /// The key that an envelope names.
    ///
    /// - Throws: `malformed`, `key_services.unconfirmed`.
    public init(of envelope: RootEnvelope, environment: [String: String]) throws(SecretsError) {
        let place = try TransitPlace(envelope.parameters, environment: environment)
        self.init(place, environment: environment, limits: HTTPClient.Limits())
    }

    init(_ place: TransitPlace, environment: [String: String], limits: HTTPClient.Limits) {
        self.place = place
        self.environment = environment
        client = HTTPClient(
            authorities: environment.value(of: "VAULT_CACERT"), proxy: Proxy(environment: environment), limits: limits)
    }

    func encrypt(_ key: borrowing SecretBytes, of vault: VaultID) throws(SecretsError) -> [String: String] {
        let before = #"{"associated_data":"\#(try Self.associatedData(vault))","plaintext":""#
        let body = try SecretBytes(base64Of: key, between: Array(before.utf8), and: Array(#""}"#.utf8))
        let answer = try ask("encrypt", .secret(HeldSecret(body)))
        guard let ciphertext = answer.body.string(at: "data", "ciphertext") else {
            throw .keyServiceAnswer(Self.service, status: answer.status)
        }
        return place.parameters.merging(["ciphertext": ciphertext]) { $1 }
    }

    func decrypt(_ ciphertext: String, of vault: VaultID) throws(SecretsError) -> HeldSecret {
        let body = #"{"associated_data":"\#(try Self.associatedData(vault))","ciphertext":"\#(ciphertext)"}"#
        let answer = try ask("decrypt", .bytes(Array(body.utf8)))
        guard let key = try answer.body.secret(base64At: "data", "plaintext", count: Self.keyLength) else {
            throw .keyServiceAnswer(Self.service, status: answer.status)
        }
        return key
    }

    /// The binding of the wrapped root, in base 64.
    private static func associatedData(_ vault: VaultID) throws(SecretsError) -> String {
        let binding = try SecretBytes(copying: binding(vault))
        let text = try SecretBytes(base64Of: binding, between: [], and: [0])
        return text.withUnsafeBytes { String(decoding: $0.dropLast(), as: UTF8.self) }
    }

    private func ask(_ action: String, _ body: HTTPRequest.Body) throws(SecretsError) -> HTTPResponse {
        var headers = [
            HTTPHeader("Content-Type", "application/json"),
            // Refused by agents and proxies of Vault without it, against requests that somebody's browser makes.
            HTTPHeader("X-Vault-Request", "true"),
            HTTPHeader("X-Vault-Token", secret: try TransitToken.find(in: environment)),
        ]
        if let namespace = place.namespace { headers.append(HTTPHeader("X-Vault-Namespace", namespace)) }
        let answer: HTTPResponse
        do throws(OutboundError) {
            answer = try client.send(
                HTTPRequest(
                    .post, place.address, path: "/v1/\(place.mount)/\(action)/\(place.key)", headers: headers,
                    body: body))
        } catch {
            throw .keyService(Self.service, error)
        }
        guard answer.status == 200 else { throw refusal(answer) }
        return answer
    }

    /// By the status (Vault's HTTP API, "HTTP status codes"); of the sentences only two are known, and none is shown.
    private func refusal(_ answer: HTTPResponse) -> SecretsError {
        switch answer.status {
        case 400 where answer.body.contains("encryption key not found"), 404:
            SecretsError(
                SecretsError.keyServiceKeyUnusable,
                "Vault Transit has no key `\(place.key)` at `\(place.mount)`, or none that may decrypt this any more",
                remedy: place.isMoved
                    ? "VAULT_ADDR is another address than the one in `vault.json`: check which of them is meant"
                    : "look at the key, and at its min_decryption_version")
        case 400 where answer.body.contains("message authentication failed"):
            SecretsError(
                SecretsError.wrongRootKey,
                "the key `\(place.key)` of Vault Transit has not encrypted this, or not for this vault",
                remedy: "restore `vault.json` from a copy")
        case 400, 403:
            SecretsError(
                SecretsError.keyServiceRefused,
                "Vault Transit does not do this with the key `\(place.key)` for this token",
                remedy: "check the token, and that its policy allows update on `\(place.mount)/encrypt/\(place.key)`"
                    + " and `\(place.mount)/decrypt/\(place.key)`")
        case 503:
            SecretsError(
                SecretsError.keyServiceUnreachable, "Vault is sealed or in maintenance", remedy: "unseal it")
        default:
            .keyServiceAnswer(Self.service, status: answer.status)
        }
    }
}
