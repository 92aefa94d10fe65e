public import Core
import Outbound
public import Secrets

/// The root key wrapped under a random key that AWS KMS keeps encrypted (AWS KMS API Reference, `Encrypt`, `Decrypt`).
///
/// The envelope names the key (its ARN), the region, where it is not AWS's own the endpoint, and has the ciphertext.
/// The encryption context binds it to the vault; CloudTrail shows that context, which holds nothing but the vault's id.
///
/// Who can write into a vault's header cannot send anything elsewhere: requests go to AWS's own endpoint of the region,
/// or to the one that the environment names (`AWS_ENDPOINT_URL_KMS`, `AWS_ENDPOINT_URL`). An endpoint in the header alone
/// is refused as `key_services.unconfirmed`. They can name another key, at AWS: credentials that may use this one alone,
/// as they should be, are refused there.
public struct AWSKey: KeyService {
    public static let kind = "aws-kms"
    static let service: StaticString = "AWS KMS"

    private let place: KMSPlace
    private let environment: [String: String]
    private let client: HTTPClient
    private let clock: Clock

    /// A key by which to wrap: its ARN, or its id or `alias/…` with a region, else that of `AWS_REGION` or
    /// `AWS_DEFAULT_REGION`.
    ///
    /// - Throws: `key_services.misnamed`.
    public init(
        key: String, region: String? = nil, environment: [String: String], clock: Clock = .system
    ) throws(SecretsError) {
        let place = try KMSPlace(key: key, region: region, environment: environment)
        try self.init(place, environment: environment, clock: clock, limits: HTTPClient.Limits())
    }

    /// The key that an envelope names.
    ///
    /// - Throws: `malformed`, `key_services.unconfirmed`.
    public init(
        of envelope: RootEnvelope, environment: [String: String], clock: Clock = .system
    ) throws(SecretsError) {
        let place = try KMSPlace(envelope.parameters, environment: environment)
        try self.init(place, environment: environment, clock: clock, limits: HTTPClient.Limits())
    }

    init(
        _ place: KMSPlace, environment: [String: String], clock: Clock, limits: HTTPClient.Limits
    ) throws(SecretsError) {
        self.place = place
        self.environment = environment
        self.clock = clock
        client = HTTPClient(
            authorities: environment.value(of: "AWS_CA_BUNDLE"), proxy: Proxy(environment: environment), limits: limits)
    }

    func encrypt(_ key: borrowing SecretBytes, of vault: VaultID) throws(SecretsError) -> [String: String] {
        let before = #"{"EncryptionContext":\#(Self.context(vault)),"KeyId":"\#(place.key)","Plaintext":""#
        let body = try SecretBytes(base64Of: key, between: Array(before.utf8), and: Array(#""}"#.utf8))
        let answer = try ask("Encrypt", .secret(HeldSecret(body)))
        guard let ciphertext = answer.body.string(at: "CiphertextBlob"), let arn = answer.body.string(at: "KeyId"),
            KMSPlace.isKey(arn)
        else { throw .keyServiceAnswer(Self.service, status: answer.status) }
        // An alias may name another key tomorrow.
        return place.parameters.merging(["key": arn, "ciphertext": ciphertext]) { $1 }
    }

    func decrypt(_ ciphertext: String, of vault: VaultID) throws(SecretsError) -> HeldSecret {
        let body =
            #"{"CiphertextBlob":"\#(ciphertext)","EncryptionContext":\#(Self.context(vault)),"KeyId":"\#(place.key)"}"#
        let answer = try ask("Decrypt", .bytes(Array(body.utf8)))
        guard let key = try answer.body.secret(base64At: "Plaintext", count: Self.keyLength) else {
            throw .keyServiceAnswer(Self.service, status: answer.status)
        }
        return key
    }

    /// What KMS has to be given again to decrypt.
    private static func context(_ vault: VaultID) -> String { #"{"profilevault:root-of":"\#(vault)"}"# }

    private func ask(_ action: String, _ body: HTTPRequest.Body) throws(SecretsError) -> HTTPResponse {
        let credentials = try AWSCredentials.find(in: environment)
        let answer: HTTPResponse
        do throws(OutboundError) {
            let request = HTTPRequest(
                .post, place.endpoint,
                headers: [
                    HTTPHeader("Content-Type", "application/x-amz-json-1.1"),
                    HTTPHeader("X-Amz-Target", "TrentService.\(action)"),
                ], body: body)
            let signature = SignatureV4(credentials, region: place.region, service: "kms")
            answer = try client.send(try signature.sign(request, at: clock.now()))
        } catch {
            throw .keyService(Self.service, error)
        }
        guard answer.status == 200 else { throw KMSRefusal(answer).error(key: place.key) }
        return answer
    }
}
