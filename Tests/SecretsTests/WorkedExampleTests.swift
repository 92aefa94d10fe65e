import Core
import Foundation
import TestSupport
import Testing

@testable import Secrets

/// The numbers that keys-example/README.md prints for outsiders to recompute.
@Suite("The worked example of keys-example/README.md")
struct WorkedExampleTests {
    private let numbers: [String: [UInt8]]
    private let readme: String

    private static let vault = VaultID(high: 0x7000, low: 0x8000_0000_0000_0001)
    private static let profile = ProfileID(high: 0x7000, low: 0x8000_0000_0000_0002)
    private static let nonce = Array(UInt8(0xC0)...0xD7)

    init() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "keys-example")
        readme = try String(contentsOf: folder.appending(path: "README.md"), encoding: .utf8)
        var numbers: [String: [UInt8]] = [:]
        var name = ""
        // `name`, padded to 16 columns, and hexadecimal digits; long numbers go on below with a blank name.
        for line in readme.split(separator: "\n") where line.count > 16 {
            guard let more = bytes(hex: line.dropFirst(16)) else { continue }
            let word = line.prefix(16).trimmingCharacters(in: .whitespaces)
            if !word.isEmpty { name = word }
            numbers[name, default: []] += more
        }
        self.numbers = numbers
    }

    private func number(_ name: String) throws -> [UInt8] {
        try #require(numbers[name], "there is no number `\(name)`")
    }

    private func counting<Role: KeyRole>(from first: UInt8, as: Role.Type = Role.self) throws -> Key<Role> {
        try key(Array(first...(first + 31)))
    }

    private func root() throws -> RootKey { try counting(from: 0x20) }

    @Test("has the root as the published key wraps it")
    func wrappedRoot() throws {
        let wrapped = WrappedKey(bytes: try number("root wrapped"), commitment: try number("root commitment"))
        let opened: RootKey = try KeyUnwrapper(counting(from: 0x00)).unwrap(
            wrapped, binding: KeyFile.binding(Self.vault))
        #expect(exposed(opened) == exposed(try root()))
        #expect(wrapped.bytes[1...24].elementsEqual(Self.nonce))
    }

    @Test("has the subkeys that this program derives")
    func subkeys() throws {
        let wrap: WrappingKey = try root().derive("wrap")
        let epoch = try EpochLock(
            vault: Self.vault, epoch: 1, root: root(), rootVersion: 1, counterpart: counting(from: 0xA0)
        ).wrapping()
        #expect(exposed(wrap) == (try number("wrap subkey")))
        #expect(exposed(epoch) == (try number("epoch subkey")))
        let tenant: DerivationKey = try counting(from: 0x80)
        let index: IndexKey = try tenant.derive("field index", context: [0, 0, 0, 2, 0, 0, 0, 1])
        #expect(exposed(index) == (try number("index subkey")))
        var entry = ByteWriter()
        entry.write(BlindIndex(index).entry("ada@example.org"))
        #expect(entry.bytes == (try number("index entry")))
    }

    @Test("has an epoch holder that this program reads")
    func epochHolder() throws {
        let folder = try TemporaryDirectory()
        try OwnerOnlyFile.create(folder.file("epoch.holder"), try number("epoch holder"))
        let held = try EpochHolder(EpochFile(path: folder.file("epoch.holder"))).read(
            of: Self.vault, roots: [1: root()], counterparts: [1: counting(from: 0xA0)])
        #expect(held.number == 1)
        #expect(exposed(held.key) == Array(0x40...0x5F))
    }

    @Test("has the cell that this program seals under its nonce, and opens")
    func cell() throws {
        let binding = CellBinding(
            tenant: TenantID(1), profile: Self.profile, kind: .profile, record: Self.profile, field: 2, revision: 1,
            keyID: 1, schemaVersion: 1)
        #expect(binding.withEncoded { Array($0) } == (try number("cell binding")))
        let profileKey: ProfileKey = try counting(from: 0x60)
        let published = try number("cell")
        #expect(try Opener(profileKey).open(published[...], binding: binding).text == "ada@example.org")
        var message = Array("ada@example.org".utf8) + [0x80]
        message += [UInt8](repeating: 0, count: 32 - message.count + AEAD.tagLength)
        message.withUnsafeMutableBufferPointer { message in
            binding.withEncoded { encoded in
                AEAD.seal(
                    inPlace: message.baseAddress!, length: 32, key: profileKey.secret, binding: encoded,
                    nonce: Self.nonce)
            }
        }
        #expect(Self.nonce + message == published)
    }

    @Test("has the key that its passphrase stretches to")
    func passphrase() throws {
        let stretched = try PasswordHash.stretch(
            try password("correct horse battery staple"), salt: Array("profilevault-xmp".utf8), cost: .moderate)
        #expect(readme.contains("`\(hex(exposed(stretched)))`"))
        #expect(readme.contains("(passes; \(PasswordCost.moderate.operations))"))
        #expect(readme.contains("(bytes; \(PasswordCost.moderate.memory))"))
    }
}
