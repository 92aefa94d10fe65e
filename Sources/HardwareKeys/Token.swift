public import Secrets
import Synchronization

/// Gives the PIN of a token. It is asked for only when a token is there and wants one, and once for as long as the
/// token stays logged in; it must not use a token itself.
public typealias TokenPIN = @Sendable () throws(SecretsError) -> SecretBytes

/// One token: a session with it from its first use until this is let go, or until something goes wrong.
///
/// It stays logged in as long. One thread of the process uses tokens at a time: a session does one thing after the
/// other, and its login is that of all sessions.
final class Token: Sendable {
    static var isBuiltIn: Bool {
        #if HardwareKeys
            true
        #else
            false
        #endif
    }

    /// Orders what the process does with tokens: nobody sees objects half changed, and a PIN is asked for once.
    private static let order = Mutex(())

    let uri: TokenURI
    private let pin: TokenPIN
    private let session = Mutex<Session?>(nil)

    init(_ uri: TokenURI, pin: @escaping TokenPIN) {
        self.uri = uri
        self.pin = pin
    }

    /// Lends a session that is logged in. After an error the next use begins with a session of its own.
    func withSession<R: Sendable>(
        _ body: (borrowing Session) throws(SecretsError) -> R
    ) throws(SecretsError) -> R {
        try Self.order.withLock { _ throws(SecretsError) in
            try session.withLock { session throws(SecretsError) in
                let current = if let open = session.take() { open } else { try Session(uri) }
                try current.logIn(with: pin)
                let result = try body(current)
                session = consume current
                return result
            }
        }
    }
}
