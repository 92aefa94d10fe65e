import Core
public import Secrets

/// The name of an object in a PKCS#11 token, a PKCS#11 URI (RFC 7512).
///
/// `pkcs11:token=…;object=…?module-path=…`; in the path also `serial`, and `module-name` instead of `module-path`: the
/// name under which p11-kit has the module configured. All else is refused, where the RFC lets a reader pass over
/// some of it (§2.3): a name that is half understood could find another's key.
public struct TokenURI: Sendable, Equatable, CustomStringConvertible {
    /// Where the token's module is.
    enum Library: Sendable, Equatable {
        case path(String)
        case name(String)
    }

    /// The token's label.
    public let token: String
    /// The token's serial number, which tells tokens of one label apart.
    public let serial: String?
    /// The object's label.
    public let object: String
    let library: Library

    /// - Throws: `token.uri_malformed`, which repeats nothing of a text that may hold a PIN by mistake.
    public init(_ text: String) throws(SecretsError) {
        guard text.utf8.starts(with: Self.scheme.utf8) else { throw .tokenURI("it does not begin with `pkcs11:`") }
        let parts = text.utf8.dropFirst(Self.scheme.utf8.count).split(
            separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        let path = try Self.attributes(
            of: parts[0], separator: UInt8(ascii: ";"), known: ["token", "serial", "object"], marks: Self.pathMarks)
        let query =
            parts.count == 1
            ? [:]
            : try Self.attributes(
                of: parts[1], separator: UInt8(ascii: "&"), known: ["module-path", "module-name"],
                marks: Self.queryMarks)
        token = try Self.text(of: "token", in: path, longest: 32)
        object = try Self.text(of: "object", in: path, longest: 128)
        serial = path["serial"] == nil ? nil : try Self.text(of: "serial", in: path, longest: 16)
        switch (query["module-path"], query["module-name"]) {
        case (.some, nil):
            let path = try Self.text(of: "module-path", in: query, longest: 1024)
            guard path.hasPrefix("/") else { throw .tokenURI("its `module-path` is not an absolute path") }
            library = .path(path)
        case (nil, .some): library = .name(try Self.text(of: "module-name", in: query, longest: 128))
        default: throw .tokenURI("it has not one of `module-path` and `module-name`")
        }
    }

    /// The URI in one form, whichever was read: attributes in this order, escapes where no letter may stand.
    public var description: String {
        let number = serial.map { ";serial=" + Self.escaped($0) } ?? ""
        let module =
            switch library {
            case .path(let path): "module-path=" + Self.escaped(path, besides: UInt8(ascii: "/"))
            case .name(let name): "module-name=" + Self.escaped(name)
            }
        return "\(Self.scheme)token=\(Self.escaped(token))\(number);object=\(Self.escaped(object))?\(module)"
    }

    private static let scheme = "pkcs11:"
    private static let unreserved: Set<UInt8> = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
    /// What values may have besides letters without an escape (RFC 7512 §2.3).
    private static let pathMarks: Set<UInt8> = Set(":[]@!$'()*+,=&".utf8)
    private static let queryMarks: Set<UInt8> = Set(":[]@!$'()*+,=/?|".utf8)

    private static func attributes(
        of part: Substring.UTF8View, separator: UInt8, known: [String], marks: Set<UInt8>
    ) throws(SecretsError) -> [String: [UInt8]] {
        var found: [String: [UInt8]] = [:]
        for attribute in part.split(separator: separator, omittingEmptySubsequences: false) {
            guard let cut = attribute.firstIndex(of: UInt8(ascii: "=")) else {
                throw .tokenURI("one of its attributes is not `name=value`")
            }
            let name = String(decoding: attribute[..<cut], as: UTF8.self)
            guard name != "pin-value", name != "pin-source" else {
                throw .tokenURI("a PIN has no place in it: it is asked for when it is needed")
            }
            guard known.contains(name) else {
                throw .tokenURI("it has an attribute besides `\(known.joined(separator: "`, `"))` there")
            }
            guard found[name] == nil else { throw .tokenURI("it has `\(name)` twice") }
            found[name] = try bytes(of: attribute[cut...].dropFirst(), name: name, marks: marks)
        }
        return found
    }

    /// The value behind its escapes (RFC 3986 §2.1).
    private static func bytes(
        of value: Substring.UTF8View.SubSequence, name: String, marks: Set<UInt8>
    ) throws(SecretsError) -> [UInt8] {
        var found: [UInt8] = []
        var rest = value
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard let escaped = Core.bytes(hex: Array(rest.prefix(2))[...]), escaped.count == 1 else {
                    throw .tokenURI("`%` in its `\(name)` is not followed by two hexadecimal digits")
                }
                found += escaped
                rest = rest.dropFirst(2)
            } else {
                guard unreserved.contains(byte) || marks.contains(byte) else {
                    throw .tokenURI("its `\(name)` has a character that has to be escaped")
                }
                found.append(byte)
            }
        }
        return found
    }

    private static func text(
        of name: String, in attributes: [String: [UInt8]], longest: Int
    ) throws(SecretsError) -> String {
        guard let bytes = attributes[name], !bytes.isEmpty else { throw .tokenURI("it has no `\(name)`") }
        guard bytes.count <= longest else { throw .tokenURI("its `\(name)` has more than \(longest) bytes") }
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F })
        else { throw .tokenURI("its `\(name)` is not text in UTF-8") }
        return text
    }

    private static func escaped(_ text: String, besides plain: UInt8? = nil) -> String {
        var output: [UInt8] = []
        for byte in text.utf8 {
            if unreserved.contains(byte) || byte == plain {
                output.append(byte)
            } else {
                output.append(UInt8(ascii: "%"))
                writeHex([byte], into: &output)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
