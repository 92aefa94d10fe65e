package import Core
import Secrets

/// AWS Signature Version 4: a request proves by a header who sends it, and that nobody changed it on the way.
///
/// AWS, Reference guide of IAM, "Create a signed AWS API request"
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html), whose steps the
/// comments name. The secret itself is not sent, and a signature is good for its service, region and day alone.
package struct SignatureV4: Sendable {
    /// Who signs.
    package struct Credentials: Sendable {
        package let accessKeyID: String
        let secret: HeldSecret
        /// With credentials for a time.
        let sessionToken: HeldSecret?

        package init(accessKeyID: String, secret: HeldSecret, sessionToken: HeldSecret? = nil) {
            self.accessKeyID = accessKeyID
            self.secret = secret
            self.sessionToken = sessionToken
        }
    }

    private let credentials: Credentials
    private let region: String
    private let service: String

    /// `service` as in the credential scope: `kms`, `s3`.
    package init(_ credentials: Credentials, region: String, service: String) {
        self.credentials = credentials
        self.region = region
        self.service = service
    }

    /// The request with `X-Amz-Date`, where needed `X-Amz-Security-Token` and `X-Amz-Content-Sha256`, and
    /// `Authorization`; every header that it has is signed.
    package func sign(_ request: HTTPRequest, at now: Timestamp) throws(OutboundError) -> HTTPRequest {
        let moment = Self.moment(now)
        var signed = request
        signed.headers.append(HTTPHeader("X-Amz-Date", moment))
        if let token = credentials.sessionToken {
            signed.headers.append(HTTPHeader("X-Amz-Security-Token", secret: token))
        }
        if service == "s3" {
            signed.headers.append(HTTPHeader("X-Amz-Content-Sha256", CanonicalRequest.payloadHash(of: request.body)))
        }
        let canonical = CanonicalRequest(signed, isOfS3: service == "s3")
        // Step 3: a string to sign.
        let scope = "\(moment.prefix(8))/\(region)/\(service)/aws4_request"
        let toSign = "AWS4-HMAC-SHA256\n\(moment)\n\(scope)\n\(hex(canonical.hash))"
        let signature = try signature(of: toSign, on: String(moment.prefix(8)))
        signed.headers.append(
            HTTPHeader(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope), "
                    + "SignedHeaders=\(canonical.signedHeaders), Signature=\(hex(signature))"))
        return signed
    }

    /// `20150830T123600Z` (ISO 8601, basic form).
    private static func moment(_ now: Timestamp) -> String {
        var form: [UInt8] = []
        now.writeFixedForm(into: &form)
        return String(decoding: form.prefix(19), as: UTF8.self).filter { $0 != "-" && $0 != ":" } + "Z"
    }

    /// Steps 4 and 5: a signing key derived from the secret, and the signature by it.
    private func signature(of toSign: String, on day: String) throws(OutboundError) -> [UInt8] {
        do throws(SecretsError) {
            var key = try Self.prefixed(credentials.secret)
            for part in [day, region, service, "aws4_request"] { key = try Self.code(of: part, key: key) }
            let code = try Self.code(of: toSign, key: key)
            return unsafe code.withUnsafeBytes { unsafe Array($0) }
        } catch {
            throw OutboundError(error)
        }
    }

    private static func prefixed(_ secret: HeldSecret) throws(SecretsError) -> SecretBytes {
        let start = Array("AWS4".utf8)
        return try unsafe SecretBytes(count: start.count + secret.bytes.count) { output throws(SecretsError) in
            unsafe output.copyBytes(from: start)
            unsafe secret.bytes.withUnsafeBytes { bytes in
                unsafe UnsafeMutableRawBufferPointer(rebasing: output[start.count...]).copyMemory(from: bytes)
            }
        }
    }

    private static func code(of text: String, key: borrowing SecretBytes) throws(SecretsError) -> SecretBytes {
        try unsafe SecretBytes(count: HMACSHA256.length) { output throws(SecretsError) in
            let target = unsafe output.baseAddress!.assumingMemoryBound(to: UInt8.self)
            unsafe key.withUnsafeBytes { key in
                unsafe Array(text.utf8).withUnsafeBytes { text in
                    unsafe HMACSHA256.code(of: [text], key: key, into: target)
                }
            }
        }
    }
}
