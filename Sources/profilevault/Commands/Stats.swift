import Audit
import Consent
import Core
import Foundation
import Gate
import Secrets
import Storage
import Vault

extension CommandSpec {
    static let stats = CommandSpec(
        "stats", summary: "count what the vault holds: people, events, consents, sizes, log, policies, keys"
    ) { context in
        try context.withDoor { door in
            _ = try door.gate.authorize(.viewStats, by: door.caller, viewing: true)
            let statistics = try VaultStatistics(door)
            if context.json { context.output.json(statistics.json) } else { statistics.write(to: context.output) }
            return .done
        }
    }
}

/// The numbers of one vault and one of its tenants.
private struct VaultStatistics {
    let tenant: String
    let profiles: Int
    let events: Int
    /// For each purpose, how many people stand how.
    let consents: [(purpose: String, counts: [(standing: String, people: Int)])]
    let files: [(name: String, bytes: Int)]
    let logEntries: UInt64
    let policies: ActivePolicies
    let epoch: UInt32
    let profileKeys: Int
    let arena: KeyArena.Status

    init(_ door: Door) throws {
        let vault = door.vault
        tenant = door.gate.tenant.name
        profiles = try vault.profiles.count(of: door.gate.tenant.id)
        events = try vault.stores.data.read { try vault.events.count(on: $0) }
        policies = door.gate.policies
        consents = try Self.consents(door, policies.purposes.definitions)
        files = Self.files(in: vault.folder.path)
        logEntries = try Checkpoint(text: SignedNote(parsing: vault.audit.checkpoint()).text).size
        epoch = vault.tree.epoch
        profileKeys = try vault.profiles.keyring.count()
        arena = KeyArena.shared.status
    }

    private static func consents(
        _ door: Door, _ purposes: [PurposeDefinition]
    ) throws -> [(purpose: String, counts: [(standing: String, people: Int)])] {
        let now = try door.gate.now()
        let step: Int64 = 2000
        var counts = [[UInt8: (word: String, people: Int)]](repeating: [:], count: purposes.count)
        let highest = try door.vault.profiles.keyring.highestNumber()
        for first in stride(from: Int64(1), through: max(highest, 1), by: Int(step)) {
            // Short reads, so that nobody who truncates the log waits for the walk.
            try door.vault.stores.data.read { connection in
                let reader = try door.vault.ledger.reader(of: door.gate.tenant.id, on: connection)
                try reader.forEach(in: first...(first + step - 1)) { person, head in
                    // What an erased person once agreed to stays on record, and counts for nothing.
                    guard !door.vault.denials.isErased(person.number) else { return }
                    for (place, purpose) in purposes.enumerated() {
                        let standing = head.standing(for: purpose, at: now)
                        counts[place][standing.code, default: (standing.word, 0)].people += 1
                    }
                }
            }
        }
        return zip(purposes, counts).map { purpose, counts in
            (purpose.name, counts.sorted { $0.key < $1.key }.map { ($0.value.word, $0.value.people) })
        }
    }

    private static func files(in folder: String) -> [(name: String, bytes: Int)] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().compactMap { name in
            let attributes = try? FileManager.default.attributesOfItem(atPath: folder + "/" + name)
            return (attributes?[.size] as? NSNumber).map { (name, $0.intValue) }
        }
    }

    var json: JSON {
        var purposes = JSONObject()
        for (purpose, counts) in consents {
            var states = JSONObject()
            for (standing, people) in counts { states[standing] = JSON(people) }
            purposes[purpose] = .object(states)
        }
        var sizes = JSONObject()
        for (name, bytes) in files { sizes[name] = JSON(bytes) }
        return [
            "tenant": JSON(tenant), "profiles": JSON(profiles), "events": JSON(events), "consents": .object(purposes),
            "files": .object(sizes), "log": ["entries": JSON(logEntries)],
            "policies": [
                "version": JSON(Int(policies.version)), "hash": JSON(hex(policies.hash)),
                "activated": JSON(policies.activated.description),
            ],
            "keys": [
                "epoch": JSON(epoch), "profile_keys": JSON(profileKeys), "unwrapped": JSON(arena.slotsInUse),
                "locked": JSON(arena.locked),
            ],
        ]
    }

    func write(to output: Output) {
        output.line("tenant \(tenant)")
        output.line()
        var table = Table(align: [.left, .right])
        table.add("profiles", Table.Cell(grouped(profiles)))
        table.add("events", Table.Cell(grouped(events)))
        table.add("log entries", Table.Cell(grouped(Int(logEntries))))
        table.add("profile keys", Table.Cell(grouped(profileKeys)), Table.Cell("in epoch \(epoch)", .dim))
        table.add(
            "keys in memory", Table.Cell(grouped(arena.slotsInUse)),
            Table.Cell(arena.locked ? "locked" : "not locked", .dim))
        table.add(
            "policy version", Table.Cell(String(policies.version)), Table.Cell("since \(policies.activated)", .dim))
        output.table(table)
        output.line()
        output.line("consents:")
        var standings = Table(align: [.left, .right])
        for (purpose, counts) in consents {
            for (place, count) in counts.enumerated() {
                standings.add(
                    Table.Cell(place == 0 ? purpose : "", .bold), Table.Cell(grouped(count.people)),
                    Table.Cell(count.standing))
            }
        }
        output.table(standings)
        output.line()
        output.line("files:")
        var sizes = Table(align: [.left, .right])
        for (name, bytes) in files { sizes.add(Table.Cell(name), Table.Cell(byteCount(bytes))) }
        output.table(sizes)
    }
}

/// A size in the unit that suits it: `12.3 MB`.
func byteCount(_ bytes: Int) -> String {
    let units = ["bytes", "kB", "MB", "GB", "TB"]
    var value = Double(bytes)
    var unit = 0
    while value >= 1000, unit < units.count - 1 {
        value /= 1000
        unit += 1
    }
    return unit == 0 ? "\(bytes) bytes" : "\((value * 10).rounded() / 10) \(units[unit])"
}
