#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import Accounts
import Foundation
import Gate
import Secrets
import Vault

/// Where no command writes what it gives out: homes of vaults, and what opens a vault or speaks for an operator.
///
/// Places are compared as the file system knows them, so that another spelling, a link or another mount of a folder is
/// the same place.
struct ProtectedPlaces {
    /// A file or folder, whatever its names.
    private struct Identity: Hashable {
        let device: UInt64
        let number: UInt64

        init?(_ path: String, followingLinks: Bool = true) {
            var status = stat()
            guard (followingLinks ? stat(path, &status) : lstat(path, &status)) == 0 else { return nil }
            device = UInt64(status.st_dev)
            number = UInt64(status.st_ino)
        }
    }

    private let home: HomeFolder
    /// The user's own folder of keys, epoch holders and sessions.
    private let state: String?
    /// Files elsewhere that this vault's header, the command line or the environment name.
    private let files: [String]

    init(_ context: Context) {
        home = context.folder
        state = try? StateFolder(context.environment).path
        var files = [OptionSpec.keyFile, .passphraseFile].compactMap { context.arguments[$0].map(absolutePath) }
        // `sample` needs no vault: without a header there is nothing more to know.
        if let header = try? context.header() {
            files += header.envelopes.compactMap { $0.parameters["path"] }
            files += RootUnlock.holders(of: header, folder: home).map(\.name)
            if let session = try? SessionFile(of: header.vault, environment: context.environment) {
                files.append(absolutePath(session.path))
            }
        }
        self.files = files
    }

    /// Refuses a place for a file that lies in the home of a vault, or is that of a key, an epoch holder or a session.
    ///
    /// What proves somebody or opens a vault (`isSecret`) does not go into a home that is only to be, either.
    ///
    /// - Throws: `outputProtected`; `option` is what names another place.
    func refuse(_ path: String, option: String, isSecret: Bool = false) throws(CommandError) {
        if isSecret, URL(filePath: path).standardized.path(percentEncoded: false).hasPrefix(home.path + "/") {
            throw Self.refusal(path, "lies in the home of the vault", option)
        }
        let target = URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false)
        let folders = Self.above(path) + (target == path ? [] : Self.above(target))
        let home = Identity(home.path)
        let state = state.flatMap { Identity($0) }
        for folder in folders {
            let identity = Identity(folder)
            if identity != nil, identity == home, isSecret || self.home.holdsVault || self.home.seemsToBeHome {
                throw Self.refusal(path, "lies in the home of the vault", option)
            }
            if HomeFolder(path: folder).seemsToBeHome {
                throw Self.refusal(path, "lies in the home of a vault", option)
            }
            if identity != nil, identity == state {
                throw Self.refusal(path, "lies among the keys and sessions of vaults, in `\(folder)`", option)
            }
        }
        if files.contains(where: { Self.isSame(path, $0) || Self.isSame(target, $0) }) {
            throw Self.refusal(path, "is a file that opens the vault or speaks for its operator", option)
        }
    }

    /// The folders in which `path` lies, as they are without links, from the nearest that is there.
    private static func above(_ path: String) -> [String] {
        var nearest = folder(of: path)
        var whole = realpath(nearest, nil)
        while whole == nil, nearest != "/", nearest != "." {
            nearest = folder(of: nearest)
            whole = realpath(nearest, nil)
        }
        guard let whole else { return [] }
        defer { free(whole) }
        var folders = [String(cString: whole)]
        while let last = folders.last, last != "/" { folders.append(folder(of: last)) }
        return folders
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Whether both are one file, or one place where none is.
    private static func isSame(_ one: String, _ other: String) -> Bool {
        for followingLinks in [true, false] {
            let identity = Identity(one, followingLinks: followingLinks)
            if identity != nil, identity == Identity(other, followingLinks: followingLinks) { return true }
        }
        let folder = Identity(folder(of: one))
        return folder != nil && folder == Identity(Self.folder(of: other))
            && one.split(separator: "/").last == other.split(separator: "/").last
    }

    private static func refusal(_ path: String, _ reason: String, _ option: String) -> CommandError {
        CommandError(
            CommandError.outputProtected, "`\(path)` \(reason), where nothing is written to",
            remedy: "name a place elsewhere with \(option)")
    }
}
