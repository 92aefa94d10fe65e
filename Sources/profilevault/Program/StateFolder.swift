import Core
import Foundation

/// Where a user's own files about vaults lie, apart from the vaults: `$XDG_STATE_HOME/profilevault`, else under
/// `~/.local/state` (XDG Base Directory Specification).
struct StateFolder: Sendable {
    let path: String

    /// - Throws: `noStateFolder` when neither variable names a place.
    init(_ environment: [String: String]) throws(CommandError) {
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
            path = state + "/profilevault"
        } else if let home = environment["HOME"], home.hasPrefix("/") {
            path = home + "/.local/state/profilevault"
        } else {
            throw CommandError(
                CommandError.noStateFolder, "there is no place for keys and sessions",
                remedy: "set HOME or XDG_STATE_HOME")
        }
    }

    func key(of vault: VaultID) -> String { "\(path)/keys/\(vault).key" }
    func epochHolder(of vault: VaultID) -> String { "\(path)/epochs/\(vault).holder" }
}

/// The path as it is from the root; relative ones start at the working folder.
func absolutePath(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    let folder = FileManager.default.currentDirectoryPath
    let rest = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    return folder == "/" ? "/" + rest : folder + "/" + rest
}
