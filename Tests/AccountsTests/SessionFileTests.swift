import Core
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Accounts

@Suite("Session file")
struct SessionFileTests {
    private let folder: TemporaryDirectory
    private let vault = VaultID(high: 1, low: 2)

    init() throws { folder = try TemporaryDirectory() }

    private func mode(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test("lies where the environment says")
    func place() throws {
        func path(_ environment: [String: String]) throws -> String {
            try SessionFile(of: vault, environment: environment).path
        }
        #expect(try path(["PROFILEVAULT_SESSION": "/a/b", "XDG_STATE_HOME": "/s", "HOME": "/h"]) == "/a/b")
        #expect(try path(["XDG_STATE_HOME": "/s", "HOME": "/h"]) == "/s/profilevault/sessions/\(vault)")
        let home = "/h/.local/state/profilevault/sessions/\(vault)"
        #expect(try path(["HOME": "/h"]) == home)
        #expect(try path(["PROFILEVAULT_SESSION": "", "XDG_STATE_HOME": "relative", "HOME": "/h"]) == home)
        let error = #expect(throws: AccountsError.self) { try path([:]) }
        #expect(error?.code == AccountsError.sessionFileUnusable)
    }

    @Test("keeps a token for its owner alone, in folders of its owner alone")
    func modes() throws {
        let file = try SessionFile(of: vault, environment: ["XDG_STATE_HOME": folder.file("state")])
        let token = SessionToken()
        let before = umask(0)
        try file.write(token)
        umask(before)
        #expect(try file.read().text == token.text)
        #expect(try mode(file.path) == 0o600)
        for part in ["state", "state/profilevault", "state/profilevault/sessions"] {
            #expect(try mode(folder.file(part)) == 0o700)
        }
    }

    @Test("is replaced as a whole and leaves nothing beside it")
    func replaced() throws {
        let file = SessionFile(path: folder.file("session"))
        try file.write(SessionToken())
        chmod(file.path, 0o644)
        let token = SessionToken()
        try file.write(token)
        #expect(try file.read().text == token.text)
        #expect(try mode(file.path) == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["session"])
    }

    @Test("is refused when others may read or write it", arguments: [0o644, 0o640, 0o602, 0o660])
    func tooOpen(_ mode: Int) throws {
        let file = SessionFile(path: folder.file("session"))
        try file.write(SessionToken())
        chmod(file.path, mode_t(mode))
        let error = #expect(throws: AccountsError.self) { try file.read() }
        #expect(error?.code == AccountsError.sessionFileTooOpen)
        #expect(error?.code.exit == .refused)
        #expect(error?.remedy != nil)
    }

    @Test("no file is no session; a file of something else is said to be")
    func missingOrForeign() throws {
        let file = SessionFile(path: folder.file("session"))
        #expect(throws: AccountsError.nobody) { try file.read() }
        for content in ["", "pvs1-00", "pvs2-" + String(repeating: "0", count: 64), String(repeating: "x", count: 300)]
        {
            try Data(content.utf8).write(to: URL(filePath: file.path))
            chmod(file.path, 0o600)
            let error = #expect(throws: AccountsError.self) { try file.read() }
            #expect(error?.code == AccountsError.sessionFileUnusable)
            #expect(content.isEmpty || error?.message.contains(content) == false)
        }
    }

    @Test("takes the place of no file that is something else")
    func foreign() throws {
        let file = SessionFile(path: folder.file("session"))
        try Data("profilevault-root-key-v1\n".utf8).write(to: URL(filePath: file.path))
        let error = #expect(throws: AccountsError.self) { try file.write(SessionToken()) }
        #expect(error?.code == AccountsError.sessionFileUnusable && error?.remedy != nil)
        #expect(try String(contentsOfFile: file.path, encoding: .utf8) == "profilevault-root-key-v1\n")
    }

    @Test("can be removed, twice")
    func removed() throws {
        let file = SessionFile(path: folder.file("session"))
        try file.write(SessionToken())
        try file.remove()
        try file.remove()
        #expect(throws: AccountsError.nobody) { try file.read() }
    }

    @Test("says which folder could not be made")
    func noFolder() throws {
        try Data().write(to: URL(filePath: folder.file("blocker")))
        let file = SessionFile(path: folder.file("blocker/sub/session"))
        let error = #expect(throws: AccountsError.self) { try file.write(SessionToken()) }
        #expect(error?.code == AccountsError.sessionFileUnusable)
    }
}
