import Secrets

/// What a token holds of one object: keys and data by version, whole pairs or not.
struct TokenVersions {
    private let object: String
    private var keys: [(version: TokenVersion, handle: ObjectHandle)] = []
    private var data: [(version: TokenVersion, handle: ObjectHandle, sealed: TokenCiphertext)] = []
    /// Data that cannot be read, as a crash of the token may leave them.
    private var torn: [ObjectHandle] = []

    init(of object: String, in session: borrowing Session) throws(SecretsError) {
        self.object = object
        for handle in try session.data(labelled: object) {
            if let (version, sealed) = TokenVersion.read(value: try session.value(of: handle)) {
                data.append((version, handle, sealed))
            } else {
                torn.append(handle)
            }
        }
        for handle in try session.keys(labelled: object) {
            if let version = TokenVersion(id: try session.id(of: handle)) { keys.append((version, handle)) }
        }
    }

    var isEmpty: Bool { keys.isEmpty && data.isEmpty && torn.isEmpty }
    var keyHandles: [ObjectHandle] { keys.map(\.handle) }
    var dataHandles: [ObjectHandle] { data.map(\.handle) + torn }

    /// The newest version that opens; `nil` where no key has its data.
    ///
    /// - Throws: `token.object_damaged` where there are pairs and none of them opens.
    func newest(in session: borrowing Session) throws(SecretsError) -> (version: TokenVersion, content: [UInt8])? {
        let pairs = data.flatMap { data in
            keys.filter { $0.version == data.version }.map { (data.version, key: $0.handle, data.sealed) }
        }
        for (version, key, sealed) in pairs.sorted(by: { $0.0 > $1.0 }) {
            let opened = try session.open(sealed, with: key, binding: version.binding(object))
            guard let opened else { continue }
            return (version, unsafe opened.withUnsafeBytes { unsafe Array($0) })
        }
        guard pairs.isEmpty else { throw .tokenObjectDamaged(object) }
        return nil
    }

    /// What is older than `version`. Data that cannot be read are left out: they might be about to be written.
    func before(_ version: TokenVersion) -> TokenVersions {
        var older = self
        older.torn = []
        older.keys.removeAll { $0.version >= version }
        older.data.removeAll { $0.version >= version }
        return older
    }

    /// A version newer than all; `nil` where somebody has used up the numbers.
    func next() -> TokenVersion? {
        let newest = (keys.map(\.version) + data.map(\.version)).map(\.number).max() ?? 0
        return newest < .max ? TokenVersion(number: newest + 1) : nil
    }
}
