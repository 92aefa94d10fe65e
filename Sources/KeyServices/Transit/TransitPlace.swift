import Core
import Outbound
import Secrets

/// Where a key of a Transit secrets engine is: named by people or by an envelope, and strict about both.
struct TransitPlace {
    /// `VAULT_ADDR`.
    let address: WebAddress
    /// Where the engine is mounted, without slashes around it.
    let mount: String
    let key: String
    let namespace: String?
    /// Whether the envelope was made at another address.
    let isMoved: Bool

    /// As people name it.
    init(
        key: String, mount: String, namespace: String?, environment: [String: String]
    ) throws(SecretsError) {
        try self.init(key: key, mount: mount, namespace: namespace, addressInHeader: nil, environment)
    }

    /// As an envelope names it, whose address counts for nothing.
    init(_ parameters: [String: String], environment: [String: String]) throws(SecretsError) {
        guard let key = parameters["key"], let mount = parameters["mount"], let address = parameters["address"] else {
            throw .malformedEnvelope(TransitKey.service, "the key's name")
        }
        try self.init(
            key: key, mount: mount, namespace: parameters["namespace"], addressInHeader: address, environment)
    }

    private init(
        key: String, mount: String, namespace: String?, addressInHeader: String?, _ environment: [String: String]
    ) throws(SecretsError) {
        guard Self.isName(key), Self.isPath(mount), namespace.map(Self.isPath) ?? true else {
            throw addressInHeader != nil
                ? .malformedEnvelope(TransitKey.service, "the key's name")
                : SecretsError(
                    SecretsError.keyServiceMisnamed,
                    "key, mount or namespace of Vault Transit has a character that belongs into none",
                    remedy: "name them as `vault list` does: letters, digits, `_`, `-` and `.`")
        }
        guard let text = environment.value(of: "VAULT_ADDR") else {
            throw SecretsError(
                SecretsError.keyServiceUnconfirmed, "VAULT_ADDR does not say where Vault is",
                remedy: addressInHeader == nil
                    ? "set it, such as `https://vault.example:8200`"
                    : "set it to the `address` in `vault.json` if that is your Vault's; else restore that file from a copy"
            )
        }
        do throws(OutboundError) { address = try WebAddress(text) } catch {
            throw .keyService(TransitKey.service, error)
        }
        isMoved = addressInHeader != nil && addressInHeader != address.description
        self.key = key
        self.mount = mount
        self.namespace = namespace
    }

    var parameters: [String: String] {
        var parameters = ["address": address.description, "mount": mount, "key": key]
        parameters["namespace"] = namespace
        return parameters
    }

    /// One segment of a path; not `.` or `..`, which lead elsewhere.
    private static func isName(_ text: some StringProtocol) -> Bool {
        (1...128).contains(text.utf8.count) && !text.hasPrefix(".")
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x2D, 0x2E, 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: true
                default: false
                }
            }
    }

    private static func isPath(_ text: String) -> Bool {
        text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy(isName)
    }
}
