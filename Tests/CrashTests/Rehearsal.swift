import Audit
import Core
import Foundation
import Gate
import TestSupport
import Vault

/// A step played again and again from the same beginning, each time with a fault at another place.
final class Rehearsal {
    let step: Step
    let isStrict: Bool
    private let directory: TemporaryDirectory
    private let root: String
    private let beginning: DiskImage
    /// What is to be seen after nothing, the first, the second … part of the step.
    private let states: [Facts]
    /// How many changes of files the undisturbed step makes.
    let changes: Int

    init(_ step: Step, isStrict: Bool) throws {
        self.step = step
        self.isStrict = isStrict
        directory = try TemporaryDirectory()
        root = URL(filePath: directory.path).resolvingSymlinksInPath().path(percentEncoded: false)
        // Watched, so that nothing waits for the real disk.
        let disk = WatchedDisk(root, holding: DiskImage(), seed: 0)
        let start = World(root, isStrict: isStrict)
        if step.needsVault {
            try start.found()
            try start.load(Step.people)
            try start.close()
        }
        disk.end()
        beginning = try DiskImage(of: root)
        (states, changes) = try Self.rehearse(step, root, isStrict: isStrict, from: beginning)
    }

    /// Plays the step undisturbed, twice: looking on after each part, and counting.
    private static func rehearse(
        _ step: Step, _ root: String, isStrict: Bool, from beginning: DiskImage
    ) throws -> ([Facts], Int) {
        var states: [Facts] = []
        let disk = WatchedDisk(root, holding: beginning, seed: 0)
        defer { disk.end() }
        let watched = World(root, isStrict: isStrict) { states.append(try Facts(of: $0)) }
        if step.needsVault {
            try watched.enter()
            states.append(try Facts(of: watched))
        } else {
            states.append(.none)
        }
        try step.run(watched)
        try watched.testimony()
        try watched.close()
        disk.end()
        try beginning.restore(to: root)
        let another = WatchedDisk(root, holding: beginning, seed: 0)
        defer { another.end() }
        let counted = World(root, isStrict: isStrict)
        if step.needsVault { try counted.enter() }
        another.arm()
        try step.run(counted)
        try counted.close()
        return (states, another.count)
    }

    /// Plays the step with a fault at one of its changes and looks at what is left; what is wrong with it, in words.
    ///
    /// - Returns: `nil` when the step was over before.
    func play(_ fault: Fault, at number: Int, seed: UInt64) throws -> [String]? {
        try beginning.restore(to: root)
        let disk = WatchedDisk(root, holding: beginning, seed: seed)
        let world = World(root, isStrict: isStrict)
        if step.needsVault { try world.enter() }
        disk.arm(fault, at: number)
        var said = "nothing"
        do {
            try step.run(world)
            try world.close()
        } catch {
            said = "\(error)"
        }
        try world.leave()
        let hasFired = disk.hasFired
        if fault == .powerCut, hasFired {
            let rest = disk.cut()
            disk.end()
            try rest.restore(to: root)
        } else {
            disk.end()
        }
        guard hasFired else { return nil }
        let start = fault == .powerCut ? "another start" : BootIdentity.current
        let problems = BootIdentity.$current.withValue(start) { look(after: world, fault) }
        return problems.map { "\(step.name), \(fault) at \(number) (\(disk.victim)), which said \(said): \($0)" }
    }

    /// Plays the step while `arm` keeps something from it, until `disarm`, which says whether that has been missed.
    ///
    /// - Returns: what is wrong afterwards and the error that was met; `nil` when the step could do without.
    func play(arming arm: () -> Void, disarming disarm: () -> Bool) throws -> (problems: [String], error: (any Error)?)?
    {
        try beginning.restore(to: root)
        let disk = WatchedDisk(root, holding: beginning, seed: 0)
        let world = World(root, isStrict: isStrict)
        if step.needsVault { try world.enter() }
        var met: (any Error)?
        arm()
        do {
            try step.run(world)
            try world.close()
        } catch {
            met = error
        }
        let isMissed = disarm()
        try world.leave()
        disk.end()
        return isMissed ? (look(after: world, .refused), met) : nil
    }

    private func look(after world: World, _ fault: Fault) -> [String] {
        let disk = WatchedDisk(root, holding: DiskImage(), seed: 0)
        defer { disk.end() }
        let next = World(root, isStrict: isStrict)
        do {
            var problems: [String] = []
            if !step.needsVault, !next.home.holdsVault {
                guard world.acknowledged == 0 else { return ["the vault that was made is gone"] }
                try next.found()
                try next.close()
            }
            try next.enter()
            let facts = try Facts(of: next)
            problems += try Soundness.problems(of: next)
            problems += try strays()
            let fewest = fault == .powerCut && !isStrict && !step.isForced ? 0 : world.acknowledged
            let allowed = states[min(fewest, states.count - 1)...].prefix(world.acknowledged - fewest + 2)
            if !allowed.contains(facts), !(step.needsVault == false && facts == states.last) {
                problems.append(
                    "not as after \(world.acknowledged) parts: \(facts.difference(from: states[world.acknowledged]))")
            }
            try next.load("customer_id,email\n12,p12@example.org\n")
            if try Facts(of: next)["customer_id:12"] == nil { problems.append("somebody who is new does not come in") }
            try next.close()
            return problems
        } catch {
            try? next.leave()
            return ["\(error)"]
        }
    }

    /// Files that have no business there.
    private func strays() throws -> [String] {
        let databases = ["data", "keys", "index"].flatMap { name in
            ["", "-wal", "-shm", "-journal"].map { "vault/\(name).db\($0)" }
        }
        let known = Set(
            databases + [
                "vault/lock", "vault/vault.json", "vault/audit.spool", "vault/epoch.holder", "vault/epoch.counterpart",
            ]
                + ["state/keys/root.key", "state/epochs/replica.holder", "state/sessions/owner"]
                // Taken away by the next log-in or log-out.
                + ["state/sessions/owner.new"])
        return try DiskImage(of: root).files.keys.filter { !known.contains($0) }.map { "there is `\($0)`" }
    }
}
