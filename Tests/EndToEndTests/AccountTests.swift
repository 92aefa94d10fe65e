import Core
import Foundation
import TestSupport
import Testing

/// Who is asking, through the built program.
@Suite("Accounts", .serialized)
struct AccountTests {
    /// The code that an authenticator app shows for a secret, by the field's own tool; `nil` where it is not installed.
    private static func oathtool(_ secret: String, at offset: String = "now") throws -> String? {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["oathtool", "--totp", "--base32", "--now", offset, secret]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            print("oathtool: not found, skipped")
            return nil
        }
        return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// A new operator whose password is the owner's.
    private func add(_ name: String, _ roles: [String], in place: VaultPlace) throws {
        let words =
            ["operator", "add", name, "--password-file", "password", "--recovery-out", "recovery-\(name)"]
            + roles.flatMap { ["--role", $0] }
        let run = try place.start(words, input: "").finish()
        try #require(run.status == 0, "\(run.errors)")
    }

    /// Runs as another operator, whose session is in a file of its own.
    private func run(as name: String, in place: VaultPlace, _ words: String...) throws -> ProgramRun {
        try place.start(words, input: "", environment: ["PROFILEVAULT_SESSION": place.file("session-\(name)")]).finish()
    }

    /// Logs in with one of the recovery codes, in the session file of this operator.
    private func logIn(as name: String, in place: VaultPlace, line: Int = 0) throws -> Int32 {
        let codes = try place.read("recovery-\(name)").split(separator: "\n")
        try place.write("code-\(name)", String(codes[line]), mode: 0o600)
        return try run(
            as: name, in: place, "login", "--operator", name, "--password-file", "password", "--recovery-file",
            "code-\(name)"
        ).status
    }

    @Test("are enrolled by init, whose files drive oathtool; a code opens one session")
    func oathtool() throws {
        let place = try VaultPlace.empty()
        try place.make(
            "--operator", "ada", "--otp-secret-out", "otp", "--recovery-out", "recovery", "--qr-out", "qr.svg")
        for name in ["otp", "recovery", "qr.svg"] {
            let mode = try FileManager.default.attributesOfItem(atPath: place.file(name))[.posixPermissions] as? Int
            #expect(mode == 0o600, "\(name)")
        }
        #expect(try place.read("recovery").split(separator: "\n").count == 10)
        #expect(try place.read("qr.svg").contains("<svg"))
        let secret = try place.read("otp").trimmingCharacters(in: .whitespacesAndNewlines)
        guard let code = try Self.oathtool(secret) else { return }
        let first = try place.run("login", "--operator", "ada", "--password-file", "password", "--otp", code, "--json")
        #expect(try first.json()["factor"] == "otp")
        let again = try place.run("login", "--operator", "ada", "--password-file", "password", "--otp", code)
        #expect(again.status == 3 && again.errors.contains("wrong"))
        // The session from before is still there.
        #expect(try place.run("operator", "list").status == 0)
    }

    @Test("with a password alone read and import, but do nothing that weighs more")
    func passwordAlone() throws {
        let place = try VaultPlace()
        #expect(try place.run("login", "--operator", "owner", "--password-file", "password").status == 0)
        #expect(try place.run("get", "customer_id:1", "--purpose", "personalization").status == 0)
        for words in [
            ["erase", "customer_id:1"], ["export", "--purpose", "personalization", "--out", "out.csv"],
            ["operator", "add", "bob", "--role", "agent", "--password-file", "password"],
            ["operator", "disable", "owner"], ["service", "add", "nightly", "--role", "engineer"], ["approve"],
        ] {
            let run = try place.start(words + ["--json"], input: "").finish()
            #expect(run.status == 3, "\(words)")
            #expect(try run.json()["error"]?["code"] == "mfa_required", "\(words)")
        }
        #expect(!place.exists("out.csv"))
        try place.stepUp()
        #expect(try place.run("export", "--purpose", "personalization", "--out", "out.csv").status == 0)
    }

    /// Every command, with words that would carry it out.
    private static let needingSession: [String: [String]] = [
        "import": ["password"], "get": ["customer_id:1", "--purpose", "support"],
        "put": ["customer_id:1", "city=Bath"],
        "timeline": ["customer_id:1", "--purpose", "support"], "erase": ["customer_id:1"],
        "export": ["--purpose", "personalization", "--out", "out.csv"], "approve": [],
        "operator add": ["bob", "--role", "agent", "--password-file", "password"], "operator list": [],
        "operator disable": ["owner"], "operator reset": ["owner", "--password-file", "password"],
        "operator renew": ["--password-file", "password"], "key status": [], "key rotate": ["epoch"],
        "service add": ["shop", "--role", "engineer", "--key-out", "key"], "service list": [],
        "service rotate": ["shop", "--key-out", "key"], "service revoke": ["shop"],
        "consent grant": ["customer_id:1", "--purpose", "personalization"],
        "consent withdraw": ["customer_id:1", "--purpose", "personalization"],
        "consent refuse": ["customer_id:1", "--purpose", "personalization"], "consent restrict": ["customer_id:1"],
        "consent object": ["customer_id:1"], "consent lift": ["customer_id:1"], "consent show": ["customer_id:1"],
        "consent history": ["customer_id:1"], "policy activate": [], "policy show": [],
        "policy simulate": ["--with", VaultPlace.package + "/policies"], "audit show": [],
        "audit released": ["01a20d7e-7460-7f52-86cf-5fc291dd3564"],
        "audit prove": ["1"], "audit checkpoint": [], "audit accept-loss": ["--reason", "the disk died"], "stats": [],
    ]
    /// Commands that touch no vault, or tell nothing of what it holds, or take the root key's shares.
    private static let needingNone: Set = [
        "init", "login", "logout", "operator recover", "sample", "policy check", "policy test", "policy explain",
        "policy format",
        "audit verify", "doctor", "help", "version",
    ]

    @Test("without a session do nothing but what needs none, whatever the command")
    func noSession() throws {
        let place = try VaultPlace()
        let listed = try place.run("help").lines.filter { $0.hasPrefix("  ") }.map { line in
            String(line.dropFirst(2)).split(separator: "  ")[0].trimmingCharacters(in: .whitespaces)
        }
        #expect(Set(listed) == Self.needingNone.union(Self.needingSession.keys))
        #expect(try place.run("logout").status == 0)
        for (name, operands) in Self.needingSession {
            let words = name.split(separator: " ").map(String.init) + operands
            let run = try place.start(words + ["--json"], input: "").finish()
            #expect(run.status == 3, "\(words)")
            #expect(try run.json()["error"]?["code"] == "no_session", "\(words)")
        }
        #expect(try place.run("doctor").status == 0)
        #expect(try place.run("audit", "verify").status == 0)
    }

    @Test("approve each other's requests: a broken glass, once, of which the privacy officer is told")
    func brokenGlass() throws {
        let place = try VaultPlace()
        try add("dora", ["dpo"], in: place)
        #expect(try logIn(as: "dora", in: place) == 0)
        let words = ["get", "customer_id:2", "--purpose", "support", "--break-glass", "an accident in the shop"]
        let asked = try place.start(words + ["--json"], input: "").finish()
        #expect(asked.status == 3)
        #expect(try asked.json()["error"]?["code"] == "approval_required")
        let waiting = try JSON(
            parsing: Array(#require(try run(as: "dora", in: place, "approve", "--json").lines.first).utf8))
        let id = try #require(waiting["id"]?.string)
        #expect(waiting["request"]?["reason"] == "an accident in the shop")
        // Nobody approves their own.
        #expect(try place.run("approve", id).status == 3)
        #expect(try run(as: "dora", in: place, "approve", id).status == 0)
        let other = try place.run(
            "get", "customer_id:1", "--purpose", "support", "--break-glass", "an accident in the shop")
        #expect(other.status == 3)
        let seen = try place.start(words + ["--json"], input: "").finish()
        #expect(try seen.json()["fields"]?["email"] == "bob@example.org")
        #expect(try place.start(words, input: "").finish().status == 3)
        let told = try run(
            as: "dora", in: place, "login", "--operator", "dora", "--password-file", "password", "--json")
        #expect(try told.json()["broken_glass"] == 1)
        let entries = try run(as: "dora", in: place, "audit", "show", "--action", "break_glass.read", "--json")
        #expect(entries.output.contains("\"email\""))
        #expect(try place.isWell())
    }

    @Test("that are reset or disabled are out at once, and what they had opens nothing any more")
    func resetAndDisabled() throws {
        let place = try VaultPlace()
        try add("eva", ["agent"], in: place)
        #expect(try logIn(as: "eva", in: place) == 0)
        let words = ["get", "customer_id:1", "--purpose", "support"]
        func sees() throws -> Int32 {
            try place.start(words, input: "", environment: ["PROFILEVAULT_SESSION": place.file("session-eva")]).finish()
                .status
        }
        #expect(try sees() == 0)
        #expect(
            try place.run("operator", "reset", "eva", "--password-file", "password", "--recovery-out", "recovery-new")
                .status == 0)
        #expect(try sees() == 3)
        #expect(try logIn(as: "eva", in: place, line: 1) == 3)
        try place.write("recovery-eva", place.read("recovery-new"), mode: 0o600)
        #expect(try logIn(as: "eva", in: place) == 0)
        #expect(try sees() == 0)
        #expect(try place.run("logout", "--operator", "eva").status == 0)
        #expect(try sees() == 3)
        #expect(try place.run("operator", "disable", "eva").status == 0)
        #expect(try logIn(as: "eva", in: place, line: 1) == 3)
        #expect(try place.isWell())
    }

    @Test("are renewed by who has them: what others have seen opens nothing any more")
    func renewed() throws {
        let place = try VaultPlace()
        try add("eva", ["agent"], in: place)
        #expect(try run(as: "eva", in: place, "operator", "renew", "--password-file", "password").status == 3)
        #expect(try logIn(as: "eva", in: place) == 0)
        try place.write("own", "only eva knows this\n", mode: 0o600)
        let changed = try run(
            as: "eva", in: place, "operator", "renew", "--password-only", "--password-file", "own", "--json")
        #expect(changed.status == 0)
        #expect(try changed.json().object?.members.map(\.key) == ["operator"])
        #expect(try run(as: "eva", in: place, "get", "customer_id:1", "--purpose", "support").status == 3)
        #expect(try logIn(as: "eva", in: place, line: 1) == 3)
        func logInAnew(_ codes: String, line: Int) throws -> Int32 {
            try place.write("code", String(place.read(codes).split(separator: "\n")[line]), mode: 0o600)
            return try run(
                as: "eva", in: place, "login", "--operator", "eva", "--password-file", "own", "--recovery-file", "code"
            ).status
        }
        #expect(try logInAnew("recovery-eva", line: 2) == 0)
        let renewed = try run(
            as: "eva", in: place, "operator", "renew", "--password-file", "own", "--recovery-out", "recovery-own",
            "--otp-secret-out", "otp-own")
        #expect(renewed.status == 0)
        #expect(try logInAnew("recovery-eva", line: 3) == 3)
        #expect(try logInAnew("recovery-own", line: 0) == 0)
        // A program has nothing to renew.
        #expect(try place.run("service", "add", "till", "--role", "agent", "--key-out", "key").status == 0)
        let program = try place.run("operator", "renew", "--password-file", "own", "--service-key-file", "key")
        #expect(program.status == 3)
        #expect(try place.isWell())
    }

    @Test("have one session for one file, and end all of their own at once")
    func ownSessions() throws {
        let place = try VaultPlace()
        try add("eva", ["agent"], in: place)
        let words = ["get", "customer_id:1", "--purpose", "support"]
        func sees(_ session: String) throws -> Int32 {
            try place.start(words, input: "", environment: ["PROFILEVAULT_SESSION": place.file(session)]).finish()
                .status
        }
        #expect(try logIn(as: "eva", in: place) == 0)
        try place.write("copy", place.read("session-eva"), mode: 0o600)
        #expect(try sees("copy") == 0)
        // The session that the file held before is over.
        #expect(try logIn(as: "eva", in: place, line: 1) == 0)
        #expect(try sees("copy") == 3 && sees("session-eva") == 0)
        try place.write("copy", place.read("session-eva"), mode: 0o600)
        let elsewhere = try place.start(
            ["login", "--operator", "eva", "--password-file", "password"], input: "",
            environment: ["PROFILEVAULT_SESSION": place.file("elsewhere")])
        #expect(try elsewhere.finish().status == 0)
        #expect(try sees("elsewhere") == 0)
        #expect(try run(as: "eva", in: place, "logout", "--everywhere").status == 0)
        #expect(try sees("elsewhere") == 3 && sees("copy") == 3)
        #expect(try place.run("operator", "list").status == 0)
        let both = try place.run("logout", "--everywhere", "--operator", "eva")
        #expect(both.status == 2)
        #expect(try place.isWell())
    }

    @Test("end a session that others may know where it is ended, and keep its file as long as it lives")
    func openSession() throws {
        let place = try VaultPlace()
        try add("eva", ["agent"], in: place)
        func sees(_ session: String) throws -> Int32 {
            try place.start(
                ["get", "customer_id:1", "--purpose", "support"], input: "",
                environment: ["PROFILEVAULT_SESSION": place.file(session)]
            ).finish().status
        }
        #expect(try logIn(as: "eva", in: place) == 0)
        try place.write("copy", place.read("session-eva"), mode: 0o600)
        try place.chmod(place.file("session-eva"), 0o644)
        #expect(try sees("session-eva") == 3)
        // Where the vault cannot be asked, nobody is told that the session has ended, and it can still be ended.
        #expect(try run(as: "eva", in: place, "logout", "--tenant", "nowhere").status == 4)
        #expect(try sees("copy") == 0 && place.exists("session-eva"))
        #expect(try run(as: "eva", in: place, "logout", "--service-key-file", "password").status == 2)
        #expect(try run(as: "eva", in: place, "logout").status == 0)
        #expect(try sees("copy") == 3 && !place.exists("session-eva"))
        // A log-in in the place of such a file ends its session, too.
        #expect(try logIn(as: "eva", in: place, line: 1) == 0)
        try place.write("copy", place.read("session-eva"), mode: 0o600)
        try place.chmod(place.file("session-eva"), 0o644)
        #expect(try logIn(as: "eva", in: place, line: 2) == 0)
        #expect(try sees("copy") == 3 && sees("session-eva") == 0)
        // One that cannot be kept is not opened.
        try place.write("letter", "dear reader", mode: 0o600)
        let before = try place.run("operator", "list", "--json").output
        let words = ["login", "--operator", "eva", "--password-file", "password"]
        let nowhere = ["PROFILEVAULT_SESSION": place.file("letter")]
        #expect(try place.start(words, input: "", environment: nowhere).finish().status != 0)
        #expect(try place.run("operator", "list", "--json").output == before)
    }

    @Test("change nothing when what proves them is shown to nobody")
    func unseen() throws {
        let place = try VaultPlace()
        for words in [
            "operator renew", "operator renew --password-only", "operator add bob --role agent", "operator reset owner",
            "service add shop --role agent", "operator renew --json",
        ] {
            let run = try place.start(
                ["-c", "'\(RunningProgram.path)' \(words) >/dev/full"], input: "", program: "/bin/sh"
            ).finish()
            #expect(run.status == 1 && run.errors.contains("nothing was changed"), "\(words)")
        }
        let operators = try place.run("operator", "list", "--json")
        #expect(operators.status == 0 && operators.lines.count == 1)
        #expect(try place.run("service", "list", "--json").lines.isEmpty)
        #expect(
            try place.run("login", "--operator", "owner", "--password-file", "password").status == 0)
        let missing = try place.run("approve", "--refuse")
        #expect(missing.status == 2)
    }

    @Test("that are programs import by a key for importing alone")
    func importing() throws {
        let place = try VaultPlace()
        let added = try place.run(
            "service", "add", "loader", "--role", "engineer", "--action", "import", "--key-out", "key")
        #expect(added.status == 0)
        try place.write("more.csv", VaultPlace.customers.replacing("Lovelace", with: "Byron"))
        let run = try place.run("import", "more.csv", "--service-key-file", "key")
        #expect(run.status == 0, "\(run.errors)")
        #expect(try place.run("stats", "--service-key-file", "key").status == 3)
    }

    @Test("with a role, a purpose or a field that is nowhere are made, and a warning says so")
    func unknownWords() throws {
        let place = try VaultPlace()
        let person = try place.run(
            "operator", "add", "bob", "--role", "agnet", "--role", "agent", "--password-file", "password")
        #expect(person.status == 0)
        #expect(person.errors.contains("no policy in force names the role `agnet`"))
        #expect(!person.errors.contains("`agent`"))
        let program = try place.run(
            "service", "add", "shop", "--role", "agent", "--purpose", "suport", "--field", "citty", "--field", "city")
        #expect(program.status == 0)
        #expect(program.errors.contains("no purpose `suport`") && program.errors.contains("no field `citty`"))
        #expect(!program.errors.contains("`city`"))
    }

    @Test("that are all lost come back by a quorum of the root key's shares, which everybody who reads the log is told")
    func recovered() throws {
        let place = try VaultPlace.empty()
        try place.make(
            "--recovery-out", "recovery-owner", "--shares", "5", "--threshold", "3", "--shares-out", "shares")
        let files = (1...5).map { "shares/share-\($0)-of-5" }
        for file in files {
            let mode = try FileManager.default.attributesOfItem(atPath: place.file(file))[.posixPermissions] as? Int
            #expect(mode == 0o600)
            #expect(try place.read(file).split(separator: " ").count == 33)
        }
        func recover(_ shares: [String]) throws -> ProgramRun {
            let words = [
                "operator", "recover", "owner", "--password-file", "password", "--recovery-out", "recovery-new",
            ]
            return try place.start(words + shares.flatMap { ["--share-file", $0] } + ["--json"], input: "").finish()
        }
        let few = try recover([files[0], files[4]])
        #expect(try few.json()["error"]?["code"] == "shares_too_few" && few.status != 0)
        #expect(!place.exists("recovery-new"))
        let typed = try place.read(files[1]).replacing(" ", with: "  ").uppercased()
        try place.write("typed", typed, mode: 0o600)
        #expect(try recover([files[4], "typed", files[0]]).status == 0)
        // What was lost opens nothing any more, nor does the session from before.
        #expect(try logIn(as: "owner", in: place) == 3)
        #expect(try place.run("operator", "list").status == 3)
        try place.write("code", place.read("recovery-new"), mode: 0o600)
        let words = [
            "login", "--operator", "owner", "--password-file", "password", "--recovery-file", "code", "--json",
        ]
        #expect(try place.start(words, input: "").finish().json()["recovered_operators"] == 1)
        let entry = try place.run("audit", "show", "--action", "operator.recover", "--json")
        #expect(entry.output.contains("Custodian::shares"))
        #expect(try place.isWell())
    }

    @Test("keep what proves them where it can be found: new factors that reach nobody change nothing")
    func unreached() throws {
        let place = try VaultPlace.empty()
        try place.make("--recovery-out", "recovery-owner", "--otp-secret-out", "otp")
        for words in [
            ["operator", "reset", "owner", "--password-file", "password", "--recovery-out", "nowhere/codes"],
            [
                "operator", "add", "bob", "--role", "agent", "--password-file", "password", "--otp-secret-out",
                "nowhere/otp",
            ],
            ["service", "add", "shop", "--role", "engineer", "--key-out", "nowhere/key"],
            [
                "operator", "reset", "owner", "--password-file", "password", "--recovery-out", "one",
                "--otp-secret-out", "one",
            ],
            ["operator", "reset", "owner", "--password-file", "password", "--recovery-out", "vault/codes"],
            ["service", "rotate", "shop", "--overlap-hours", "99999999999999"],
        ] {
            let run = try place.start(words + ["--json"], input: "").finish()
            #expect([1, 2].contains(run.status), "\(words): \(run.status)")
            #expect(try run.json()["error"]?["code"] != nil)
        }
        #expect(!place.exists("one"))
        #expect(try logIn(as: "owner", in: place) == 0)
        let listed = try place.run("operator", "list", "--json")
        #expect(listed.lines.count == 1)
    }

    @Test("are shown by init also where no session can be kept; no file that is something else is lost for one")
    func noSessionFile() throws {
        let place = try VaultPlace.empty()
        try place.write("precious", "somebody's letter\n", mode: 0o600)
        let environment = ["PROFILEVAULT_SESSION": place.file("precious")]
        let run = try place.start(
            ["init", "--policies", VaultPlace.package + "/policies", "--json"], input: "", environment: environment
        ).finish()
        #expect(run.status == 0)
        let made = try run.json()
        #expect(made["password"]?.string != nil && made["session"] == .null)
        #expect(made["warnings"]?.array?.last?.string?.hasPrefix("there is no session: ") == true)
        #expect(try place.start(["logout"], input: "", environment: environment).finish().status != 0)
        #expect(try place.read("precious") == "somebody's letter\n")
    }

    @Test("that keep shares of the root key keep them out of homes, this one's and others'")
    func sharesElsewhere() throws {
        let place = try VaultPlace()
        for folder in ["vault", "vault/shares", "new", "new/shares"] {
            let run = try place.start(
                [
                    "init", "--home", "new", "--policies", VaultPlace.package + "/policies", "--shares", "3",
                    "--threshold",
                    "2", "--shares-out", folder, "--json",
                ], input: ""
            ).finish()
            #expect(try run.json()["error"]?["code"] == "output_protected", "\(folder)")
        }
        #expect(!place.exists("new"))
    }

    @Test("of programs reach as far as their keys say, and no further than the policies")
    func services() throws {
        let place = try VaultPlace()
        let added = try place.run(
            "service", "add", "shop", "--role", "agent", "--role", "marketer", "--purpose", "support", "--action",
            "read",
            "--field", "city", "--field", "email", "--key-out", "key")
        try #require(added.status == 0, "\(added.errors)")
        func run(_ words: String..., key: String = "key") throws -> ProgramRun {
            try place.start(words + ["--service-key-file", key, "--json"], input: "").finish()
        }
        #expect(try place.run("logout").status == 0)
        let seen = try run("get", "customer_id:2", "--purpose", "support").json()
        #expect(seen["fields"]?.object?.members.map(\.key) == ["email", "city"])
        #expect(try run("get", "customer_id:1", "--purpose", "personalization").status == 3)
        #expect(try run("put", "customer_id:1", "city=Bath").status == 3)
        #expect(try run("operator", "list").status == 3)
        try place.stepUp()
        #expect(try place.run("service", "rotate", "shop", "--overlap-hours", "0", "--key-out", "key2").status == 0)
        let old = try run("get", "customer_id:2", "--purpose", "support")
        #expect(old.status == 3)
        #expect(try old.json()["error"]?["code"] == "credential_refused")
        #expect(try run("get", "customer_id:2", "--purpose", "support", key: "key2").status == 0)
        let listed = try place.run("service", "list", "--json")
        #expect(try JSON(parsing: Array(#require(listed.lines.first).utf8))["keys"]?[0]?["used"]?.string != nil)
        #expect(try place.run("service", "revoke", "shop").status == 0)
        #expect(try run("get", "customer_id:2", "--purpose", "support", key: "key2").status == 3)
        #expect(try place.isWell())
    }

    @Test("are locked out after wrong guesses, the same whether there is such an operator")
    func lockOut() throws {
        let place = try VaultPlace()
        try place.write("wrong", "not the password\n", mode: 0o600)
        for name in ["owner", "nobody"] {
            var codes: [String?] = []
            for _ in 0..<7 {
                let run = try place.run("login", "--operator", name, "--password-file", "wrong", "--json")
                #expect(run.status == 3)
                codes.append(try run.json()["error"]?["code"]?.string)
            }
            #expect(codes.prefix(5).allSatisfy { $0 == "wrong_credentials" }, "\(name): \(codes)")
            #expect(codes.contains("too_many_attempts"), "\(name): \(codes)")
        }
    }
}
