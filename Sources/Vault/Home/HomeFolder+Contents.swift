import Core
import Glibc

extension HomeFolder {
    /// A spool whose loss was accepted is kept under a name that begins so.
    private static let keptEvidence = "audit.spool.lost-"

    /// The names of all that is in the home, in order.
    ///
    /// - Throws: `homeUnreadable` when the folder may not be looked into.
    package func names() throws(VaultError) -> [String] {
        guard let folder = unsafe opendir(path) else {
            throw VaultError(
                VaultError.homeUnreadable, "the folder `\(path)` may not be looked into",
                remedy: "run as the user who owns the vault, or check the modes of the folders above it")
        }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The names of what is in the home and is no part of a vault; `paths` are known to belong to it, too.
    ///
    /// - Throws: `homeUnreadable` when the folder may not be looked into.
    package func foreignNames(besides paths: [String]) throws(VaultError) -> [String] {
        let known = Set(parts + [lock, unfinished, unfinished + ".new"] + paths.flatMap { [$0, $0 + ".new"] })
        return try names().filter { !known.contains("\(path)/\($0)") && !$0.hasPrefix(Self.keptEvidence) }
    }

    /// Whether this is the home of a vault, or what is left of one.
    ///
    /// One file of such a name may be anybody's; two are a vault's.
    package var seemsToBeHome: Bool {
        let files = [header, spool, epochHolder, epochCounterpart, unfinished] + Store.allCases.map { database($0) }
        return files.count { unsafe access($0, F_OK) == 0 } >= 2
    }
}
