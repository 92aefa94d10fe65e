#if HardwareKeys
    import CP11Kit
    import Core
    import Foundation
    import Secrets
    import Synchronization
    import TestSupport
    import Testing

    @testable import HardwareKeys

    /// Tokens of SoftHSM in a folder of their own.
    final class SoftToken: Sendable {
        static let pin = "pin-of-the-token"

        let folder: TemporaryDirectory
        let module: String
        private let asked = Mutex(0)

        init(_ labels: String..., through module: String? = nil) throws {
            folder = try TemporaryDirectory()
            self.module = try module ?? #require(SoftHSM.module)
            try SoftHSM.use(folder.path)
            for label in labels { try add(label) }
        }

        func add(_ label: String) throws {
            try SoftHSM.runTool([
                "--init-token", "--free", "--label", label, "--so-pin", "officer-pin", "--pin", Self.pin,
            ])
        }

        func uri(_ object: String, in token: String = "vault") throws -> TokenURI {
            try TokenURI("pkcs11:token=\(token);object=\(object)?module-path=\(module)")
        }

        /// How often the PIN was asked for.
        var timesAsked: Int { asked.withLock { $0 } }

        func countAsking() { asked.withLock { $0 += 1 } }

        func ask() throws(SecretsError) -> SecretBytes {
            countAsking()
            return try SecretBytes(copying: Array(Self.pin.utf8))
        }

        func key(_ object: String = "root", in token: String = "vault") throws -> TokenKey {
            TokenKey(try uri(object, in: token), pin: ask)
        }

        func object(_ name: String = "epoch", in token: String = "vault") throws -> TokenObject {
            TokenObject(try uri(name, in: token), pin: ask)
        }

        func object(after: @escaping @Sendable (TokenObject.Step) throws(SecretsError) -> Void) throws -> TokenObject {
            TokenObject(try uri("epoch"), pin: ask, after: after)
        }

        /// What PKCS#11 itself says of the token, past what is tested.
        func look<R: Sendable>(
            in token: String = "vault", _ body: (borrowing Session) throws(SecretsError) -> R
        ) throws -> R {
            try Token(try uri("any", in: token), pin: ask).withSession(body)
        }

        /// Names of the files that hold objects of the one token.
        func files() throws -> [String] {
            try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter {
                $0.hasSuffix(".object") && !$0.hasSuffix("token.object")
            }.sorted()
        }
    }

    func code(of body: () throws -> Void) -> ErrorCode? {
        #expect(throws: SecretsError.self, performing: body)?.code
    }

    /// A template of a key as the tests want it.
    func keyTemplate(_ label: String, extractable: Bool = false, length: CK_ULONG = 32) -> [Attribute] {
        [
            .text(CKA_LABEL, label), .flag(CKA_TOKEN, true), .flag(CKA_PRIVATE, true), .flag(CKA_ENCRYPT, true),
            .flag(CKA_DECRYPT, true), .flag(CKA_SENSITIVE, !extractable), .flag(CKA_EXTRACTABLE, extractable),
            .number(CKA_VALUE_LEN, length),
        ]
    }
#endif
