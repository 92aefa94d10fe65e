import Core
import Gate
import Secrets
import Storage
import Vault

extension Examination {
    private static let remakeIndex = "remove index.db: it is made again"
    /// More names than these are counted.
    private static let mostNames = 5

    /// What lies in the home and is no part of a vault: whoever copies the home takes it along, and no erasure knows it.
    func foreignFiles(_ header: Header?, _ checkup: inout Checkup) {
        let name = "foreign files"
        checkup.check(name) {
            // A key file that lies here has a warning of its own.
            let known = header.map(keyFiles) ?? []
            let names = try folder.foreignNames(besides: known)
            guard !names.isEmpty else { return .ok(name, "everything in the home is the vault's") }
            let more = names.count > Self.mostNames ? " and \(grouped(names.count - Self.mostNames)) more" : ""
            let shown = names.prefix(Self.mostNames).map { "`\($0)`" }.joined(separator: ", ")
            return .warning(
                name, "no part of the vault, and perhaps in clear: \(shown)\(more)",
                remedy: "look at what they are, and move or remove them: copies of the home have them, no erasure does")
        }
    }

    /// What can be seen of the files of a vault that does not open: each database as SQLite finds it.
    func unopened(_ checkup: inout Checkup) {
        do {
            // Nobody may write meanwhile.
            let lock = try HomeLock(path: folder.lock)
            checkup.add(.ok("lock", "no other process uses the home"))
            databases(&checkup)
            _ = consume lock
        } catch {
            checkup.add(.error("lock", error))
        }
    }

    private func databases(_ checkup: inout Checkup) {
        for store in Store.allCases {
            let name = "\(store.rawValue).db"
            checkup.check(name) {
                guard FileSystem.local.size(folder.database(store)) ?? 0 > 0 else {
                    return store == .index
                        ? .warning(name, "it is not there, or empty", remedy: "it is made again")
                        : .error(name, "it is not there, or empty", remedy: Self.putBack, exit: .integrity)
                }
                guard FileSystem.local.size(folder.database(store) + "-journal") ?? 0 == 0 else {
                    return .warning(
                        name, "a change was cut short, and is taken back at the next opening",
                        remedy: "mend what keeps the vault from opening")
                }
                return soundness(of: store, try SQLiteDatabase.integrityProblems(inFile: folder.database(store)))
            }
        }
    }

    /// What SQLite found wrong with a store's file.
    func soundness(of store: Store, _ problems: [String]) -> CheckResult {
        let name = "\(store.rawValue).db"
        guard let first = problems.first else { return .ok(name, "the file is sound") }
        return .error(
            name, "\(problems.count) \(problems.count == 1 ? "problem" : "problems"), first: \(first)",
            remedy: store == .index ? Self.remakeIndex : Self.putBack, exit: .integrity)
    }
}
