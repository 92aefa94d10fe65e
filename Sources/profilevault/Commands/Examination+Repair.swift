import Audit
import Gate
import Secrets
import Vault

extension Examination {
    /// Mends what stands around the vault, now that its log is open to say so.
    func mend(
        _ vault: OpenVault, _ header: Header, _ root: RootKey, closed: Int, _ checkup: inout Checkup
    ) {
        do {
            if closed > 0 { try vault.note(.closedFiles, items: closed) }
            let restored = try vault.restoreEpochHolders()
            guard !restored.isEmpty else { return }
            checkup.forget("epoch holders")
            checkup.add(
                .repaired("epoch holders", "put back from the one that was left: \(restored.joined(separator: ", "))"))
            holders(header, root, &checkup)
        } catch {
            checkup.add(.error("repair", error))
        }
    }

    /// Whether the look-up index finds everybody; made again when repairs are asked for and the rows are sound.
    func index(_ vault: OpenVault, _ comparison: HeadComparison, _ checkup: inout Checkup) {
        let name = "look-up index"
        checkup.check(name) {
            let isBehind = try IndexRebuild(vault).isNeeded()
            let wanted = comparison.profiles.identifiers
            let count = try vault.lookup.count()
            if !isBehind, count >= wanted { return .ok(name, "\(grouped(count)) entries, up to date") }
            if repairs, comparison.findings.isEmpty {
                try vault.rebuildIndex()
                return .repaired(name, "made again, with \(grouped(try vault.lookup.count())) entries")
            }
            guard !isBehind else {
                return .warning(
                    name, "it is behind the data",
                    remedy: "`profilevault doctor --repair`, or the next command with a session, makes it again")
            }
            return .error(
                name, "it has \(grouped(count)) entries of \(grouped(wanted))",
                remedy: "`profilevault doctor --repair` makes it again")
        }
    }
}
