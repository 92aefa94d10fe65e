import Core
import Foundation
import Testing

@Suite("The command line", .timeLimit(.minutes(20)))
struct CommandLineTests {
    @Test("takes global options before and after the command")
    func globalOptions() throws {
        let place = try VaultPlace()
        let before = try place.run(
            "--json", "--home", place.home, "--tenant=default", "stats", environment: ["PROFILEVAULT_HOME": "/nowhere"])
        let after = try place.run(
            "stats", "--json", "--home=\(place.home)", "--tenant", "default",
            environment: ["PROFILEVAULT_HOME": "/nowhere"])
        for run in [before, after] {
            #expect(run.status == 0)
            #expect(try run.json()["profiles"] == 3)
        }
    }

    @Test("looks for the vault in $PROFILEVAULT_HOME, then in ./vault")
    func homes() throws {
        let place = try VaultPlace()
        #expect(try place.run("stats").status == 0)
        #expect(try place.run("stats", environment: ["PROFILEVAULT_HOME": ""]).status == 0)
        let elsewhere = try place.run("stats", environment: ["PROFILEVAULT_HOME": place.file("other")])
        #expect(elsewhere.status == 1 && elsewhere.hasOneErrorAndHint)
        #expect(elsewhere.errors.contains(place.file("other")))
    }

    @Test(
        "ends with 2, an error and a hint when it is not understood",
        arguments: [
            (["stat"], "did you mean `profilevault stats`?"),
            (["imprt", "x"], "did you mean `profilevault import`?"),
            (["consent", "withdrw", "email:a@b.example"], "did you mean `profilevault consent withdraw`?"),
            (["consent", "decode", "x"], "`profilevault consent` goes with grant, withdraw"),
            (["consent", "impact", "x"], "`profilevault consent` goes with grant, withdraw"),
            (["policy", "decide"], "`profilevault policy` goes with check, test, activate"),
            (["policy", "explain"], "--role marketer"), (["policy", "explain", "{"], "such as {\"roles\""),
            (["policy", "explain", "{}"], "policies/README.md"),
            (["policy", "explain", "{}", "--role", "dpo"], "everything as options"),
            (["policy", "explain", "--role", "dpo", "--policies", ".", "--in-force"], "give one of them"),
            (["policy", "simulate"], "--with DIR"),
            (["policy", "simulate", "--with", ".", "--examples", "all"], "--examples K"),
            (["tenant", "list"], "`profilevault help` lists the commands"),
            (["tenant", "list"], "`profilevault help` lists the commands"),
            (["consent"], "grant"),
            (["get"], "profilevault get --help"),
            (["get", "email:a@b.example"], "--purpose PURPOSE"),
            (["get", "email:a@b.example", "b", "--purpose", "support"], "quotes"),
            (["get", "nobody", "--purpose", "support"], "email:…"),
            (["get", "profile:12", "--purpose", "support"], "a profile id looks like"),
            (["get", "city:London", "--purpose", "support"], "identifier"),
            (["get", "email:a@b.example", "--purpos", "support"], "did you mean `--purpose`?"),
            (["get", "customer_id:1", "--purpose", "support", "--fields", "shoe_size"], "the fields are customer_id"),
            (["put", "email:a@b.example", "city"], "city=Taipei"),
            (["import", "x.csv", "--with-values"], "profilevault import --help"),
            (["--map", "x", "import"], "after the command"),
            (["stats", "--home"], "--home DIR"),
            (["stats", "--tenant", "a", "--tenant", "b"], "once"),
            (["stats", "--json=yes"], "write `--json` alone"),
            (["audit", "show", "--limit", "none"], "with a number"),
            (["audit", "prove", "first"], "audit show"),
            (["consent", "grant", "email:ada@example.org", "--purpose", "support", "--expires", "soon"], "2027-12-31"),
            (["login", "--password", "secret"], "--password-f"),
        ] as [([String], String)])
    func usage(_ words: [String], _ hint: String) throws {
        let place = try VaultPlace()
        let run = try place.start(words, input: "").finish()
        #expect(run.status == 2)
        #expect(run.output.isEmpty)
        #expect(run.hasOneErrorAndHint, "\(run.errors)")
        #expect(run.errors.contains(hint), "\(run.errors)")
        #expect(!run.errors.contains("secret\n"))
    }

    @Test("with --json gives an error as the one value, in words on standard error all the same")
    func jsonErrors() throws {
        let run = try VaultPlace().run("get", "email:nobody@example.org", "--purpose", "support", "--json")
        #expect(run.status == 4 && run.hasOneErrorAndHint)
        let error = try run.json()["error"]
        #expect(error?.object?.keys == ["code", "message", "hint"])
        #expect(error?["code"] == "unknown_subject")
        // A command that has its value says in it why it ended.
        let place = try VaultPlace()
        try FileManager.default.removeItem(atPath: place.keyFile)
        let doctor = try place.run("doctor", "--json")
        #expect(doctor.status == 1 && doctor.hasOneErrorAndHint)
        #expect(try doctor.json()["state"] == "error")
        #expect(try doctor.json()["error"]?["code"] == "check_failed")
    }

    @Test("prints lists as JSON lines")
    func jsonLines() throws {
        let place = try VaultPlace()
        for words in [["consent", "history", "customer_id:1"], ["audit", "show"]] {
            let run = try place.start(words + ["--json"], input: "").finish()
            #expect(run.status == 0 && !run.lines.isEmpty)
            for line in run.lines { #expect(try JSON(parsing: Array(line.utf8)).object != nil) }
        }
    }

    @Test("lists every command of the contract and explains each")
    func help() throws {
        let place = try VaultPlace.empty()
        let overview = try place.run("help")
        let commands = [
            "init", "login", "logout", "import", "get", "put", "export", "consent grant", "consent withdraw",
            "consent show",
            "approve", "operator add", "operator list", "operator disable", "operator reset", "operator renew",
            "service add",
            "service list", "service rotate", "service revoke", "key status", "key rotate",
            "consent history", "policy check", "policy test", "policy activate", "policy show",
            "policy explain", "policy simulate", "policy format", "audit verify", "audit show",
            "audit released", "audit prove", "audit checkpoint", "stats", "doctor",
        ]
        for command in commands {
            #expect(overview.output.contains("\n  \(command) "), "\(command)")
            let words = command.split(separator: " ").map(String.init)
            let run = try place.start(words + ["--help"], input: "").finish()
            #expect(run.status == 0 && run.output.hasPrefix("usage: profilevault \(command)"))
            #expect(run.output.contains("--home DIR") && run.output.contains("--json"))
        }
    }

    @Test("takes a password from a file or a descriptor, never from arguments or the environment")
    func passwords() throws {
        let place = try VaultPlace()
        let file = place.file("password")
        #expect(try place.run("logout").status == 0)
        #expect(try place.run("login", "--password-file", file).status == 0)
        let descriptor = try place.start(
            ["login", "--password-fd", "0"], input: VaultPlace.password + "\nnot this line"
        ).finish()
        #expect(descriptor.status == 0)
        let environment = [
            "PASSWORD": VaultPlace.password, "PROFILEVAULT_PASSWORD": VaultPlace.password,
            "PROFILEVAULT_PASSPHRASE": VaultPlace.password,
        ]
        // Without a terminal there is nobody to ask, and standard input is not asked.
        let none = try place.start(
            ["login"], input: VaultPlace.password + "\n", environment: environment, prefix: ["/usr/bin/setsid", "-w"]
        ).finish()
        #expect(none.status == 2 && none.hasOneErrorAndHint)
        #expect(none.errors.contains("--password-file"))
        try place.chmod(file, 0o644)
        let open = try place.run("login", "--password-file", file)
        #expect(open.status == 1 && open.hasOneErrorAndHint)
    }

    @Test("shows progress on a terminal's standard error only")
    func progress() throws {
        let place = try VaultPlace()
        let quiet = try place.run("import", "-", input: VaultPlace.customers)
        #expect(quiet.status == 0 && quiet.errors.isEmpty)
        try place.write("again.csv", VaultPlace.customers)
        let command = "'\(RunningProgram.path)' import again.csv --json > result"
        let shown = try place.start(
            ["-qec", command, "/dev/null"], input: "", program: "/usr/bin/script", environment: ["SHELL": "/bin/sh"]
        ).finish()
        #expect(shown.status == 0)
        #expect(shown.output.contains("importing: 3 rows"))
        #expect(try JSON(parsing: Array(place.read("result").utf8))["read"] == 3)
    }
}
