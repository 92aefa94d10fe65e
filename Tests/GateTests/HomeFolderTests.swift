import Core
import Foundation
@testable import Gate
import Glibc
import TestSupport
import Testing
import Vault

@Suite("A vault's home")
struct HomeFolderTests {
    @Test("is refused while others than its owner may put files into it", arguments: [0o770, 0o702, 0o1777])
    func tooOpen(mode: UInt32) throws {
        let fixture = try VaultFixture()
        try fixture.vault.close()
        chmod(fixture.home.path, mode)
        let error = #expect(throws: VaultError.self) { try fixture.open() }
        #expect(error?.code == VaultError.homeTooOpen)
        chmod(fixture.home.path, 0o755)
        try fixture.open()
    }

    @Test("of another user is refused, and none is made in a folder of theirs")
    func foreign() throws {
        guard geteuid() == 0 else { return print("leave to give files away: not found, skipped") }
        let fixture = try VaultFixture()
        try fixture.vault.close()
        chown(fixture.home.path, 12_345, 12_345)
        let error = #expect(throws: VaultError.self) { try fixture.open() }
        #expect(error?.code == VaultError.homeTooOpen)
        let empty = HomeFolder(path: fixture.directory.file("theirs"))
        try empty.create()
        chown(empty.path, 12_345, 12_345)
        #expect(throws: VaultError.self) { try empty.create() }
    }
}
