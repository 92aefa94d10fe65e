#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import Gate
import Secrets
import Vault

extension Examination {
    /// Below it, a day's log may not fit: then the gate answers nobody, since no answer is out before its entry.
    private static let leastSpace: UInt64 = 256 << 20

    /// What the machine does for the vault: memory that stays where it is, no dumps, room to write.
    func surroundings(_ checkup: inout Checkup) {
        if KeyArena.shared.status.locked {
            checkup.add(.ok("memory", "keys are locked into memory"))
        } else {
            checkup.add(
                .warning(
                    "memory", "keys could not be locked into memory and may reach swap",
                    remedy: "raise the limit shown by `ulimit -l`, or encrypt the swap"))
        }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0, limit.rlim_cur <= 1 {
            checkup.add(.ok("core dumps", "the program leaves none"))
        } else {
            checkup.add(
                .warning(
                    "core dumps", "the program could not forbid them, and a dump holds values that are being read",
                    remedy: "`ulimit -c 0` before it is run"))
        }
        space(&checkup)
    }

    private func space(_ checkup: inout Checkup) {
        var status = statvfs()
        guard statvfs(folder.path, &status) == 0 else {
            checkup.add(.warning("disk space", "it cannot be seen", remedy: "check the file system of the home"))
            return
        }
        let free = UInt64(status.f_bavail) * UInt64(status.f_frsize)
        let megabytes = "\(grouped(Int(clamping: free >> 20))) MiB are free"
        checkup.add(
            free >= Self.leastSpace
                ? .ok("disk space", megabytes)
                : .warning(
                    "disk space", megabytes,
                    remedy: "make room: on a full disk nothing is changed, and nothing is read either"))
    }

    /// What opens the vault from outside the home, by its path: the key file and the epoch holders.
    func keyFiles(of header: Header) -> [String] {
        let named = context.unlock.keyFile.map { [$0] } ?? header.envelopes.compactMap { $0.parameters["path"] }
        return named + RootUnlock.holders(of: header, folder: folder).map(\.name)
    }

    /// Says which of the `files` others than their owner may use, closes them where repairs are asked for, and returns
    /// how many it closed.
    func permissions(_ name: String, _ checkup: inout Checkup, _ files: () throws -> [OpenFile]) -> Int {
        var closed = 0
        checkup.check(name) {
            let open = try files()
            guard let first = open.first else { return .ok(name, "only the owner may use them") }
            let paths = open.map { "`\($0.path)`" }.joined(separator: ", ")
            guard repairs else {
                return .error(
                    name, "others than the owner may use \(paths)",
                    remedy: "chmod go= '\(first.path)' …, or `profilevault doctor --repair`; think who may have read it"
                )
            }
            for file in open {
                try HomeFolder.closeToOthers(file)
                closed += 1
            }
            return .repaired(
                name, "closed to others than the owner: \(paths)",
                remedy: "think who may have read or changed them: that cannot be undone")
        }
        return closed
    }
}
