import Core
import Outbound
import Secrets

/// Whose name requests to AWS are made in, found where AWS's own tools look first; never stored.
///
/// AWS SDKs and Tools Reference Guide, "Environment variables" and "Shared config and credentials files".
enum AWSCredentials {
    private static let limit = 1 << 16

    /// Those of `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`; else those of the profile
    /// `AWS_PROFILE` (`default`) in the file `AWS_SHARED_CREDENTIALS_FILE` (`~/.aws/credentials`), which only its owner
    /// may read.
    ///
    /// They come as text, of which copies remain in memory: what they open is limited by AWS, and by the session's end.
    ///
    /// - Throws: `key_services.credentials_missing`, and what is wrong with the file.
    static func find(in environment: [String: String]) throws(SecretsError) -> SignatureV4.Credentials {
        if let id = environment.value(of: "AWS_ACCESS_KEY_ID"),
            let secret = environment.value(of: "AWS_SECRET_ACCESS_KEY")
        {
            return try credentials(id, secret, environment.value(of: "AWS_SESSION_TOKEN"))
        }
        let profile = environment.value(of: "AWS_PROFILE") ?? "default"
        let path =
            environment.value(of: "AWS_SHARED_CREDENTIALS_FILE")
            ?? environment.value(of: "HOME").map { "\($0)/.aws/credentials" }
        guard let path, OwnerOnlyFile.exists(path) else {
            throw missing("there are no credentials for AWS")
        }
        var content = try OwnerOnlyFile.read(path, limit: limit)
        defer { wipe(&content) }
        let values = SharedCredentials.values(of: profile, in: content)
        guard let id = values["aws_access_key_id"], let secret = values["aws_secret_access_key"] else {
            throw missing("the profile of AWS_PROFILE (else `default`) has no access key in `\(path)`")
        }
        return try credentials(id, secret, values["aws_session_token"])
    }

    private static func credentials(
        _ id: String, _ secret: String, _ token: String?
    ) throws(SecretsError) -> SignatureV4.Credentials {
        guard !id.isEmpty, id.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !secret.isEmpty else {
            throw missing("the access key for AWS is none")
        }
        return SignatureV4.Credentials(
            accessKeyID: id, secret: try HeldSecret(secret),
            sessionToken: try token.flatMap { token throws(SecretsError) in
                token.isEmpty ? nil : try HeldSecret(token)
            })
    }

    private static func missing(_ what: String) -> SecretsError {
        SecretsError(
            SecretsError.keyServiceCredentialsMissing, what,
            remedy: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE for one of ~/.aws/credentials")
    }
}

/// The file of credentials that AWS's tools share: profiles in brackets, `name = value` below them, `#` and `;` for
/// comments.
enum SharedCredentials {
    /// The values of one profile; the last of several of one name.
    static func values(of profile: String, in content: [UInt8]) -> [String: String] {
        var values: [String: String] = [:]
        var isWanted = false
        for line in content.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            let text = trimmed(String(decoding: line, as: UTF8.self)[...])
            if text.hasPrefix("#") || text.hasPrefix(";") { continue }
            if text.hasPrefix("["), text.hasSuffix("]") {
                isWanted = trimmed(text.dropFirst().dropLast()) == profile
            } else if isWanted, let mark = text.firstIndex(of: "=") {
                values[trimmed(text[..<mark]).lowercased()] = String(trimmed(text[mark...].dropFirst()))
            }
        }
        return values
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let start = text.drop { $0.isWhitespace }
        return start[...(start.lastIndex { !$0.isWhitespace } ?? start.startIndex)]
    }
}
