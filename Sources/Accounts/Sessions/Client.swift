import Core
import Secrets

/// Where somebody logs in from: the address that guesses are counted by, and what a session is bound to.
package struct Client: Sendable {
    /// Of IPv6 the first 64 bits alone, since whoever has one address has them all.
    package let address: String
    /// What stays the same as long as it is the same client, such as "cli", a user's number and a machine's id.
    package let properties: [String]

    package init(address: String, properties: [String]) {
        self.address = address
        self.properties = properties
    }

    /// What a session's row keeps: BLAKE2b-128 keyed over `"profilevault client v1"`, the token's digest 32 and the
    /// properties, each counted. The token in it keeps two sessions of one client from being seen as such.
    func digest(token: [UInt8], key: AuthenticationKey) -> [UInt8] {
        var writer = ByteWriter()
        properties.forEach { writer.writeCounted($0) }
        let hash = BLAKE2b(key: key, length: 16)
        hash.update("profilevault client v1")
        hash.update(token)
        hash.update(writer.bytes)
        return hash.finish()
    }
}
