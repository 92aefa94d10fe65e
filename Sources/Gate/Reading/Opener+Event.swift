import Core
import Secrets
import Vault

extension Opener {
    /// What is stored of something that a person did.
    ///
    /// - Throws: `secrets.malformed` when it opens to something that is no event.
    func event(_ stored: Events.Stored, of person: Subject) throws(SecretsError) -> Event {
        let plain = try open(
            stored.body[...], binding: Events.binding(stored.id, of: person, keyID: stored.keyID))
        guard let event = Event(decoding: plain.withUnsafeBytes { unsafe Array($0) }) else {
            throw SecretsError(SecretsError.malformed, "an event opens to something that is no event")
        }
        return event
    }
}
