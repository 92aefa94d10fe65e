import Secrets

/// One header field of a request or an answer (RFC 9110 §5).
package struct HTTPHeader: Sendable {
    package enum Value: Sendable {
        case text(String)
        case secret(HeldSecret)
    }

    package let name: String
    package let value: Value

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = .text(value)
    }

    package init(_ name: String, secret: HeldSecret) {
        self.name = name
        value = .secret(secret)
    }

    /// Whether the name is a token and the value has no line ends or other controls, which could begin another field.
    var isSound: Bool {
        guard !name.isEmpty, name.utf8.allSatisfy(Self.tokens.contains) else { return false }
        switch value {
        case .text(let text): return text.utf8.allSatisfy(Self.isOfText)
        case .secret(let secret): return unsafe secret.bytes.withUnsafeBytes { unsafe $0.allSatisfy(Self.isOfText) }
        }
    }

    private static func isOfText(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == 0x09 }

    /// The characters of a token (RFC 9110 §5.6.2).
    private static let tokens = Set(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
}
