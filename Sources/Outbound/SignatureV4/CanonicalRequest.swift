import Core
import Secrets

/// A request in the one form of which signer and verifier take the hash (step 1 of Signature Version 4).
struct CanonicalRequest {
    /// SHA-256 of the form (step 2); the form itself, in which a session token may stand, is not kept.
    let hash: [UInt8]
    /// Names of the headers that were hashed, separated by semicolons.
    let signedHeaders: String

    /// S3 takes paths as they are sent; the other services encode them once more and have dot segments removed.
    init(_ request: HTTPRequest, isOfS3: Bool) {
        let path = request.address.path + request.path
        var form = SHA256()
        form.update("\(request.method.rawValue)\n".utf8)
        form.update(isOfS3 ? path.utf8 : PercentEncoding.encode(Self.normalized(path), keepingSlashes: true).utf8)
        form.update("\n\(Self.query(request.query))\n".utf8)
        let fields = Self.fields(of: request)
        for (name, values) in fields {
            form.update("\(name):".utf8)
            for (place, value) in values.enumerated() {
                if place > 0 { form.update(",".utf8) }
                switch value {
                case .text(let text): form.update(Self.trimmed(text).utf8)
                case .secret(let secret): unsafe secret.bytes.withUnsafeBytes { unsafe form.update($0) }
                }
            }
            form.update("\n".utf8)
        }
        signedHeaders = fields.map(\.name).joined(separator: ";")
        form.update("\n\(signedHeaders)\n\(Self.payloadHash(of: request.body))".utf8)
        hash = form.finish()
    }

    /// SHA-256 of a body in hexadecimal.
    static func payloadHash(of body: HTTPRequest.Body) -> String {
        var hash = SHA256()
        switch body {
        case .none: break
        case .bytes(let bytes): hash.update(bytes)
        case .secret(let secret): unsafe secret.bytes.withUnsafeBytes { unsafe hash.update($0) }
        }
        return hex(hash.finish())
    }

    /// Removes empty and dot segments (RFC 3986 §5.2.4); a slash at the end stays.
    private static func normalized(_ path: String) -> String {
        var segments: [Substring] = []
        for segment in path.split(separator: "/") where segment != "." {
            if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
        }
        let endsInFolder = path.hasSuffix("/") && !segments.isEmpty
        return "/" + segments.joined(separator: "/") + (endsInFolder ? "/" : "")
    }

    /// Encoded, and in order of names, then of values.
    private static func query(_ items: [(name: String, value: String)]) -> String {
        items.map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
            .sorted { $0 < $1 }.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    }

    /// Headers by their names in lower case, in order; several of one name keep theirs.
    private static func fields(of request: HTTPRequest) -> [(name: String, values: [HTTPHeader.Value])] {
        var values: [String: [HTTPHeader.Value]] = ["host": [.text(request.address.authority)]]
        for header in request.headers { values[header.name.lowercased(), default: []].append(header.value) }
        return values.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
            .map { (name: $0.key, values: $0.value) }
    }

    /// Without blanks around it, and with one where there are several in a row.
    private static func trimmed(_ value: String) -> String {
        value.split { $0 == " " || $0 == "\t" }.joined(separator: " ")
    }
}
