import Core
import Secrets

/// What the browser says about an answer (WebAuthn §5.8.1): for what, to which challenge, from where.
struct ClientData {
    enum Purpose: String {
        case create = "webauthn.create"
        case get = "webauthn.get"
    }

    /// SHA-256 of the bytes as they came, which is what is signed.
    let hash: [UInt8]

    /// Reads and checks it (§7.1 steps 5 to 12, §7.2 steps 8 to 14).
    init(
        _ bytes: [UInt8], purpose: Purpose, challenge: Passkeys.Challenge, for party: Passkeys.RelyingParty
    ) throws(FactorsError) {
        let json: JSON
        do throws(JSONError) {
            json = try JSON(parsing: bytes)
        } catch {
            throw .malformedResponse("the client data is not JSON")
        }
        guard let type = json["type"]?.string, let answered = json["challenge"]?.string,
            let origin = json["origin"]?.string
        else { throw .malformedResponse("the client data lacks its type, challenge or origin") }
        guard type == purpose.rawValue else {
            throw FactorsError(FactorsError.wrongType, "the answer is not one to `\(purpose.rawValue)`")
        }
        guard equalInConstantTime(Array(answered.utf8), Array(challenge.text.utf8)) else {
            throw FactorsError(
                FactorsError.challengeMismatch, "the answer is not one to this challenge", remedy: "start again")
        }
        guard party.origins.contains(origin) else {
            throw FactorsError(
                FactorsError.originMismatch, "the answer comes from another site than this one",
                remedy: "open the site at its own address")
        }
        if let crossOrigin = json["crossOrigin"], crossOrigin.bool == nil {
            throw .malformedResponse("`crossOrigin` is not a Boolean")
        }
        guard Self.isExpected(json["topOrigin"], isFramed: json["crossOrigin"]?.bool == true, by: party.framingOrigins)
        else {
            throw FactorsError(
                FactorsError.crossOrigin, "the answer comes from a frame in another site's page",
                remedy: "open the site in a page of its own")
        }
        hash = SHA256.digest(bytes)
    }

    /// Whether the page around the one that answered is expected there (§7.1 steps 10 and 11, §7.2 steps 13 and 14).
    private static func isExpected(_ topOrigin: JSON?, isFramed: Bool, by framers: Set<String>?) -> Bool {
        guard isFramed, let framers else { return !isFramed && topOrigin == nil }
        guard let topOrigin else { return true }
        return topOrigin.string.map(framers.contains) == true
    }
}
