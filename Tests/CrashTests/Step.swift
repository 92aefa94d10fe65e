import Accounts
import Activation
import Consent
import Core
import Gate
import Ingest
import Secrets
import Storage
import Testing
import Vault

/// Something that is done with a vault, and met by a fault at each of its changes of files.
///
/// `run` says with `acknowledge` what is done as soon as the vault has said so. A new command's step is one entry of `all`.
struct Step: Sendable, CustomTestStringConvertible {
    let name: String
    /// Whether there is a vault before, which is opened.
    var needsVault = true
    /// Whether what is acknowledged survives a power cut also where the vault is not strict.
    var isForced = false
    let run: @Sendable (World) throws -> Void

    var testDescription: String { name }

    static let all = [
        found, open, importing, editing, consenting, reading, exporting, erasing, activating, loggingIn, rebuilding,
    ]

    private static let engineer = Caller(principal: Principal(.operator, "eve"), roles: ["engineer"])
    private static let agent = Caller(principal: Principal(.operator, "alan"), roles: ["agent"])
    private static let administrator = Caller(
        principal: Principal(.operator, "adam"), roles: ["administrator"], proof: .shown)

    /// The people of every home that a step begins with.
    static let people = """
        customer_id,email,phone,first_name,city,consent_personalization,consent_analytics
        1,p1@example.org,+886912345671,Ada,London,yes,yes
        2,p2@example.org,,Bob,Taipei,no,
        3,p3@example.org,,Eve,Paris,,

        """

    static let found = Step(name: "init", needsVault: false) { world in
        try world.found()
        world.acknowledge()
    }

    static let open = Step(name: "open and close") { world in
        try world.close()
        try world.enter()
    }

    static let importing = Step(name: "import") { world in
        let rows = """
            customer_id,email,first_name,city,consent_personalization,order,item
            1,p1@example.org,Ada,Berlin,,o1,tea
            4,p4@example.org,Dan,Rome,yes,o2,ink
            5,p5@example.org,Fay,Oslo,no,o3,oil
            2,p2@example.org,Bob,Taipei,yes,o4,tea
            6,p6@example.org,Gus,Lima,,o5,ink
            4,p4@example.org,Dan,Pisa,,o6,oil
            7,p7@example.org,Hal,Bonn,yes,o7,tea

            """
        let map = """
            {"event": {"type": "Order Completed", "id": ["order"],
             "properties": {"order_id": "order", "item": "item"}}}
            """
        try world.load(rows, map: map)
    }

    static let editing = Step(name: "put") { world in
        for (field, value) in [
            ("city", "Madrid"), ("email", "p8@example.org"), ("city", ""), ("phone", "+886912345679"),
        ] {
            _ = try world.gate.edit(
                SubjectReference("customer_id:1"), ProfileEdit(values: [(field, value)]), by: engineer)
            world.acknowledge()
        }
    }

    static let consenting = Step(name: "consent") { world in
        let gate = try world.gate
        let marketing = try gate.purpose("marketing_email")
        for change in [
            ConsentChange.grant(marketing), .record(.withdrawn, marketing),
            .record(.withdrawn, try gate.purpose("personalization")),
        ] {
            _ = try gate.record(
                [change], from: "form", evidence: [1, 2, 3], of: SubjectReference("customer_id:1"), by: agent)
            world.acknowledge()
        }
    }

    static let reading = Step(name: "get") { world in
        for number in 1...3 {
            var answer = try world.gate.permit(
                ReadRequest(caller: agent, purpose: "support", fields: nil),
                subject: SubjectReference("customer_id:\(number)"))
            if let permit = answer.permit.take() { _ = try world.gate.read(with: permit) }
            world.acknowledge()
        }
    }

    static let exporting = Step(name: "export") { world in
        let marketer = Caller(principal: Principal(.operator, "mia"), roles: ["marketer"], proof: .shown)
        _ = try Exporter(gate: world.gate).run(
            ReadRequest(caller: marketer, purpose: "personalization", fields: nil), as: .csv, to: Discarded())
        world.acknowledge()
    }

    static let erasing = Step(name: "erase", isForced: true) { world in
        let officer = Caller(principal: Principal(.operator, "dora"), roles: ["dpo"], proof: .shown)
        for person in ["customer_id:1", "email:p3@example.org"] {
            _ = try world.gate.erase(SubjectReference(person), by: officer, through: world.vault.erasure)
            world.acknowledge()
        }
    }

    static let activating = Step(name: "policy activate") { world in
        for round in 1...2 {
            var files = try World.proposal().files
            files["extra.cedar"] = Array(
                #"@id("extra\#(round)") forbid (principal == Operator::"mallory", action, resource);"#.utf8)
            let bundle = PolicyBundle(files: files)
            let vault = try world.vault
            _ = try world.gate.activate(bundle, World.rules(bundle), in: vault.archive, by: administrator)
            world.acknowledge()
        }
    }

    static let loggingIn = Step(name: "login and logout") { world in
        let accounts = try world.vault.accounts
        let gate = try world.gate
        let client = Client(address: "192.0.2.1", properties: ["test"])
        let (token, _) = try gate.logIn(
            "owner", password: SecretBytes(copying: Array(World.password.utf8)), from: client, through: accounts)
        let file = SessionFile(path: world.root + "/state/sessions/owner")
        try file.write(token)
        world.acknowledge()
        try gate.logOut(token, from: client, through: accounts)
        try file.remove()
        world.acknowledge()
    }

    static let rebuilding = Step(name: "rebuild the index") { world in
        try IndexRebuild(world.vault).run()
    }
}

/// Where an export goes that is only looked at for what it leaves in the vault.
private final class Discarded: Destination {
    let delivery = Export.Delivery.file

    func write(_ bytes: [UInt8]) {}
    func settle() {}
    func remove(_ pieces: [Range<Int>]) {}
    func publish() {}
}

extension World {
    /// Imports `rows`, two to a batch, and acknowledges each batch.
    func load(_ rows: String, map: String? = nil) throws {
        let map = try map.map { try MapFile(parsing: Array($0.utf8)) } ?? MapFile()
        let engineer = Caller(principal: Principal(.operator, "eve"), roles: ["engineer"])
        _ = try Importer(vault: vault, gate: gate, caller: engineer, batchRows: 2).run(
            source: "shop", rejectsPath: root + "/rejects.jsonl",
            open: { try MappedInput(ByteSource(Array(rows.utf8)), map: map, region: "TW") },
            progress: { [self] _ in acknowledge() })
    }
}

extension Caller.Proof {
    /// A second factor that is fresh however far a test turns the clock.
    static let shown = Caller.Proof(method: "otp", time: Timestamp(milliseconds: .max))
}
