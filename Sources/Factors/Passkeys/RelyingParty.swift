import Foundation
import Secrets

extension Passkeys {
    /// For whom passkeys are: the site that a browser is at, as this vault is set up for it.
    public struct RelyingParty: Sendable {
        /// A domain, such as `vault.example`: passkeys are bound to it and useless anywhere else.
        public let id: String
        /// From where a browser may answer, such as `https://vault.example`; compared byte by byte.
        public let origins: Set<String>
        /// Of the pages of other sites whose frames a browser may answer from; `nil` where no frame is taken.
        ///
        /// Browsers that do not say which page it is are believed that it is one of them.
        public let framingOrigins: Set<String>?
        /// Whether the authenticator must have made sure of its owner, by a PIN or a finger, and not only of a touch.
        public let requiresUserVerification: Bool

        /// Without verification a passkey proves that somebody has it, and is worth something beside a password only.
        public init(
            id: String, origins: Set<String>, framingOrigins: Set<String>? = nil, requiresUserVerification: Bool = true
        ) {
            self.id = id
            self.origins = origins
            self.framingOrigins = framingOrigins
            self.requiresUserVerification = requiresUserVerification
        }
    }

    /// Random bytes that an answer must repeat, so that no older one is taken for it (WebAuthn §13.4.3).
    ///
    /// A challenge is good for one answer: the caller forgets it with the first one, right or wrong.
    public struct Challenge: Sendable {
        public static let length = 32
        public let bytes: [UInt8]

        /// A fresh one.
        public init() { bytes = Random.bytes(Self.length) }

        /// One that was given out before; `nil` for fewer than the sixteen bytes that keep it from being guessed.
        public init?(bytes: [UInt8]) {
            guard bytes.count >= 16 else { return nil }
            self.bytes = bytes
        }

        /// Base64url without padding (RFC 4648 §5), as scripts in a page and client data have it.
        public var text: String {
            Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
                "=", with: "")
        }
    }
}
