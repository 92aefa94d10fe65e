public import Secrets

/// A few bytes kept in a PKCS#11 token, each version under a key of its own in the token: for an epoch holder.
///
/// A version is a pair of objects: an AES-256 key that never leaves the token, and data that it sealed. Overwriting
/// makes a pair and then destroys those before, the keys first: without them no copy of their data opens again,
/// wherever it lies. After a crash the newest whole pair counts. Whoever reads one destroys what is older than it, and
/// nothing newer, which another process might just be writing. That one process at a time changes an object is for the
/// lock of the vault's home to see to.
public struct TokenObject: Sendable {
    /// The most bytes that are kept.
    public static let longest = 1024
    /// Whether this build has p11-kit; where it has not, everything here throws `token.unavailable`.
    public static var isAvailable: Bool { Token.isBuiltIn }

    /// A step of a change, after which a test may end it as a crash would.
    enum Step: Sendable, CaseIterable {
        case keyMade
        case dataMade
        case keyDestroyed
        case dataDestroyed
    }

    let token: Token
    private let after: @Sendable (Step) throws(SecretsError) -> Void

    /// The object `uri.object` in the token `uri.token`; nothing is looked for before it is needed.
    public init(_ uri: TokenURI, pin: @escaping TokenPIN) { self.init(uri, pin: pin) { _ in } }

    init(
        _ uri: TokenURI, pin: @escaping TokenPIN,
        after: @escaping @Sendable (Step) throws(SecretsError) -> Void
    ) {
        token = Token(uri, pin: pin)
        self.after = after
    }

    /// The bytes that are kept; `nil` where there are none, also where their key was destroyed.
    ///
    /// - Throws: `token.object_damaged` where they were changed, `token.…` where the token cannot be used.
    public func read() throws(SecretsError) -> [UInt8]? {
        try token.withSession { session throws(SecretsError) in
            let versions = try TokenVersions(of: token.uri.object, in: session)
            guard let newest = try versions.newest(in: session) else { return nil }
            try destroy(versions.before(newest.version), in: session)
            return newest.content
        }
    }

    /// Keeps 1 to 1,024 bytes where there are none.
    ///
    /// - Throws: `token.object_exists`, `token.object_length`, and as `read`.
    public func create(_ content: [UInt8]) throws(SecretsError) {
        try Self.requireLength(of: content)
        try token.withSession { session throws(SecretsError) in
            let versions = try TokenVersions(of: token.uri.object, in: session)
            guard try versions.newest(in: session) == nil else {
                throw SecretsError(
                    SecretsError.tokenObjectExists, "the token `\(token.uri.token)` has `\(token.uri.object)` already",
                    remedy: "name another object in the PKCS#11 URI")
            }
            try put(content, after: versions, in: session)
        }
    }

    /// Keeps 1 to 1,024 bytes in place of those that are there, which are destroyed for good; what is damaged, too,
    /// makes way.
    ///
    /// - Throws: `token.object_missing`, `token.object_length`, and where the token cannot be used. What was there
    ///   before is then still read, or else what was to be there.
    public func overwrite(with content: [UInt8]) throws(SecretsError) {
        try Self.requireLength(of: content)
        try token.withSession { session throws(SecretsError) in
            let versions = try TokenVersions(of: token.uri.object, in: session)
            guard !versions.isEmpty else {
                throw SecretsError(
                    SecretsError.tokenObjectMissing, "the token `\(token.uri.token)` has no `\(token.uri.object)`",
                    remedy: "name the token and the object that are meant in the PKCS#11 URI")
            }
            try put(content, after: versions, in: session)
        }
    }

    /// Destroys what is kept for good; says whether there was anything.
    @discardableResult
    public func destroy() throws(SecretsError) -> Bool {
        try token.withSession { session throws(SecretsError) in
            let versions = try TokenVersions(of: token.uri.object, in: session)
            try destroy(versions, in: session)
            return !versions.isEmpty
        }
    }

    private static func requireLength(of content: [UInt8]) throws(SecretsError) {
        guard (1...longest).contains(content.count) else {
            throw SecretsError(
                SecretsError.tokenObjectLength,
                "an object in a token keeps 1 to \(longest) bytes, not \(content.count)",
                remedy: "name another place for it")
        }
    }

    private func put(
        _ content: [UInt8], after versions: TokenVersions, in session: borrowing Session
    ) throws(SecretsError) {
        guard let version = versions.next() else { throw .tokenObjectDamaged(token.uri.object) }
        let key = try session.makeKey(labelled: token.uri.object, id: version.id)
        try after(.keyMade)
        let sealed = try session.seal(
            SecretBytes(copying: content), with: key, binding: version.binding(token.uri.object))
        try session.makeData(labelled: token.uri.object, value: version.value(sealed))
        try after(.dataMade)
        // What was there before goes only when the token gives back what is to stay.
        let present = try TokenVersions(of: token.uri.object, in: session)
        guard let newest = try present.newest(in: session), newest.version == version, newest.content == content else {
            throw .tokenObjectDamaged(token.uri.object)
        }
        try destroy(versions, in: session)
    }

    private func destroy(_ versions: TokenVersions, in session: borrowing Session) throws(SecretsError) {
        for key in versions.keyHandles {
            try session.destroy(key)
            try after(.keyDestroyed)
        }
        for data in versions.dataHandles {
            try session.destroy(data)
            try after(.dataDestroyed)
        }
    }
}
