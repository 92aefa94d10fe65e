import Audit
import Consent
import Core
import Gate
import Secrets
import Storage
import Vault

/// The checks of `doctor`, from the outside inwards: what one finds broken does not keep the next from looking, unless the
/// vault does not open. Then its files are looked at from outside.
struct Examination {
    static let putBack = "keep the home for examination and put back a whole copy of it from before"
    let context: Context
    let folder: HomeFolder
    /// Whether what is safe to mend is mended.
    let repairs: Bool

    init(_ context: Context, repairs: Bool) {
        self.context = context
        folder = context.folder
        self.repairs = repairs
    }

    func run() -> Checkup {
        var checkup = Checkup()
        guard folder.holdsVault else {
            checkup.check("home") {
                try folder.requireVault()
                return .ok("home", folder.path)
            }
            if folder.seemsToBeHome { unopened(&checkup) }
            return checkup
        }
        checkup.add(.ok("home", folder.path))
        surroundings(&checkup)
        let closed = permissions("permissions", &checkup) { try folder.filesOpenToOthers() }
        let header = header(&checkup)
        foreignFiles(header, &checkup)
        guard let header, open(header, closed: closed, &checkup) else {
            unopened(&checkup)
            return checkup
        }
        return checkup
    }

    /// Opens the vault and looks at all of it; `false` when what can be seen from outside is left to look at.
    private func open(_ header: Header, closed: Int, _ checkup: inout Checkup) -> Bool {
        let closed = closed + permissions("key files", &checkup) { HomeFolder.openToOthers(keyFiles(of: header)) }
        guard let root = rootKey(header, &checkup) else { return false }
        holders(header, root, &checkup)
        do {
            try context.withVault { vault in
                checkup.add(.ok("lock", "no other process uses the home"))
                checkup.add(.ok("opening", "the vault opens"))
                if repairs { mend(vault, header, root, closed: closed, &checkup) }
                examine(vault, &checkup)
            }
            return true
        } catch {
            let isInUse = (error as? StorageError)?.code == .storageHomeInUse
            checkup.add(.error(isInUse ? "lock" : "opening", error))
            return isInUse
        }
    }

    private func header(_ checkup: inout Checkup) -> Header? {
        do {
            let header = try context.header()
            checkup.add(.ok("header", "vault \(header.vault), made \(header.created)"))
            return header
        } catch {
            checkup.add(.error("header", error))
            return nil
        }
    }

    private func rootKey(_ header: Header, _ checkup: inout Checkup) -> RootKey? {
        do {
            let root = try context.unlock.root(of: header, in: context.folder)
            let kinds = header.envelopes.map(\.provider).joined(separator: ", ")
            checkup.add(.ok("root key", "opens (providers: \(kinds))"))
            let paths = header.envelopes.compactMap { $0.parameters["path"] }
            for path in paths where path.hasPrefix(folder.path + "/") {
                checkup.add(
                    .warning(
                        "root key", "the key file `\(path)` lies in the home",
                        remedy: "move it elsewhere and name it with --key-file: a copy of the home is a copy of the key"
                    ))
            }
            folders(header, &checkup)
            return root
        } catch {
            checkup.add(.error("root key", error))
            return nil
        }
    }

    /// Folders outside the home that hold secrets: what others may write is refused when it is used.
    private func folders(_ header: Header, _ checkup: inout Checkup) {
        let keyFile =
            context.arguments[.keyFile].map(absolutePath) ?? header.envelopes.compactMap { $0.parameters["path"] }.first
        let paths = [keyFile].compactMap { $0 } + header.epochHolders.filter { $0.hasPrefix("/") }
        var seen: Set<String> = []
        for path in paths where OwnerOnlyFolder.isReadableByOthers(above: path) {
            let folder = OwnerOnlyFolder.folder(of: path)
            guard seen.insert(folder).inserted else { continue }
            checkup.add(
                .warning(
                    "key folders", "others than the owner may look into `\(folder)`", remedy: "chmod 700 '\(folder)'"))
        }
    }

    func holders(_ header: Header, _ root: RootKey, _ checkup: inout Checkup) {
        let store = RootUnlock.epochStore(of: header, folder: folder, root: root)
        var epochs: Set<UInt32> = []
        var problems: [SecretsError] = []
        do throws(SecretsError) {
            for (_, epoch) in try store.states() {
                switch epoch {
                case .success(let number): epochs.insert(number)
                case .failure(let problem): problems.append(problem)
                }
            }
        } catch {
            problems.append(error)
        }
        for problem in problems {
            if [SecretsError.permissionsTooOpen, SecretsError.folderTooOpen].contains(problem.code) {
                checkup.add(.error("epoch holders", problem))
                continue
            }
            // One that opens suffices for the work; the other is there for the day on which that one is lost.
            checkup.add(
                epochs.isEmpty
                    ? .error("epoch holders", problem)
                    : .warning(
                        "epoch holders", "one gives no key: \(problem.message)",
                        remedy: "`profilevault doctor --repair` puts it back: losing both loses every profile"))
        }
        if epochs.count > 1 {
            checkup.add(
                .error(
                    "epoch holders", "the holders are of different epochs",
                    remedy: "the turning of an epoch was cut short: run it again", exit: .integrity))
        } else if let epoch = epochs.first, problems.isEmpty {
            checkup.add(.ok("epoch holders", "\(store.holders.count) hold the key of epoch \(epoch)"))
        }
        if store.holders.count < 2 {
            checkup.add(
                .warning(
                    "epoch holders", "there is one holder only", remedy: "losing it loses every profile: add a second"))
        }
    }

    func examine(_ vault: OpenVault, _ checkup: inout Checkup) {
        for store in Store.allCases {
            checkup.check("\(store.rawValue).db") {
                soundness(of: store, try vault.stores[store].integrityProblems())
            }
        }
        tables(vault, &checkup)
        keys(vault, &checkup)
        records(vault, &checkup)
        spool(vault, &checkup)
        time(vault, &checkup)
    }

    private func tables(_ vault: OpenVault, _ checkup: inout Checkup) {
        checkup.check("tables") {
            var different: [String] = []
            for store in Store.allCases {
                let found = try vault.stores[store].compare(with: Stores.schema(store))
                different += found.undeclaredTables.map { "\($0) is not declared" }
                different += found.missingTables.map { "\($0) is missing" }
                different += found.differentTables.map { "\($0) is other than declared" }
            }
            guard different.isEmpty else {
                return .error(
                    "tables", different.joined(separator: ", "), remedy: Self.putBack, exit: .integrity)
            }
            return .ok("tables", "\(Stores.tables.count) tables, each with its class")
        }
    }

    /// Rows may be whole and nobody readable: so every key is opened.
    private func keys(_ vault: OpenVault, _ checkup: inout Checkup) {
        let progress = ProgressLine(context.output, "opening keys", unit: "keys")
        defer { progress.finish() }
        do {
            let total = max(try vault.profiles.keyring.count(), 1)
            let keys = try vault.profiles.verifyKeys { progress.show($0, of: Double($0) / Double(total)) }
            for finding in keys.findings.prefix(20) { checkup.add(.error("profile keys", finding)) }
            if keys.findings.isEmpty {
                checkup.add(.ok("profile keys", "\(grouped(keys.sound)) open, and are the keys they were"))
            }
        } catch {
            checkup.add(.error("profile keys", error))
        }
    }

    private func records(_ vault: OpenVault, _ checkup: inout Checkup) {
        let progress = ProgressLine(context.output, "verifying the log", unit: "entries")
        defer { progress.finish() }
        var heads = HeadMap()
        do {
            let report = try vault.audit.verify(
                against: nil,
                progress: { done, total in progress.show(Int(done), of: Double(done) / Double(max(total, 1))) },
                heads: { heads.update($0) })
            checkup.add(.ok("log", "\(grouped(Int(report.entries))) entries, whole and signed"))
        } catch {
            // Without the log there is nothing to hold the rows against.
            checkup.add(.error("log", error))
            return
        }
        do {
            let comparison = try HeadComparison(vault, heads: heads)
            for finding in comparison.rows.prefix(20) { checkup.add(.error("vault rows", finding)) }
            if comparison.rows.isEmpty {
                checkup.add(.ok("vault rows", "operators, tenants, fields and policy sets are those that the log has"))
            }
            for finding in comparison.denials.prefix(20) { checkup.add(.error("denials", finding)) }
            if comparison.denials.isEmpty {
                checkup.add(.ok("denials", "erasures and suppressions are as they were recorded"))
            }
            people(comparison, &checkup)
            index(vault, comparison, &checkup)
        } catch {
            checkup.add(.error("profiles", error))
        }
    }

    private func people(_ comparison: HeadComparison, _ checkup: inout Checkup) {
        let profiles = comparison.profiles
        if profiles.findings.isEmpty {
            checkup.add(
                .ok("profiles", "\(grouped(profiles.people)) rows, as the vault wrote them and the log has them"))
        }
        for finding in profiles.findings.prefix(20) { checkup.add(.error("profiles", finding)) }
        let consents = comparison.consents
        if consents.findings.isEmpty {
            checkup.add(.ok("consents", "\(grouped(consents.records)) records of \(grouped(consents.people)) people"))
        }
        for finding in consents.findings.prefix(20) { checkup.add(.error("consents", finding)) }
        let orphans = [(profiles.orphanKeys, "keys"), (profiles.orphanEvents, "events")].filter { $0.0 > 0 }
        if orphans.isEmpty {
            checkup.add(.ok("orphans", "every key and every event belongs to somebody"))
        } else {
            let what = orphans.map { "\(grouped($0.0)) \($0.1)" }.joined(separator: " and ")
            checkup.add(
                .warning(
                    "orphans", "\(what) belong to nobody",
                    remedy: "harmless after an import that was cut short; if none was, data.db is older than keys.db"))
        }
    }

    private func spool(_ vault: OpenVault, _ checkup: inout Checkup) {
        let recovery = vault.audit.recovery
        if let failure = vault.audit.lastFoldingFailure {
            checkup.add(.error("spool", failure))
        } else if recovery.tornBytes > 0 || recovery.lostEntries > 0 {
            checkup.add(
                .warning(
                    "spool", "a crash cut it: \(recovery.tornBytes) bytes torn, \(recovery.lostEntries) entries lost",
                    remedy: "the log has an entry about it; `strict` vaults lose none"))
        } else {
            checkup.add(.ok("spool", "\(recovery.foldedEntries) entries were folded at this opening"))
        }
    }

    private func time(_ vault: OpenVault, _ checkup: inout Checkup) {
        checkup.check("clock") {
            let now = vault.clock.now()
            let newest = vault.audit.lastTime
            guard now.adding(seconds: GateTime.toleranceSeconds) >= newest else {
                return .error(
                    "clock", "the clock says \(now), the log's newest entry is of \(newest)",
                    remedy: GateTime.remedy(newest))
            }
            return .ok("clock", now.description)
        }
    }
}
