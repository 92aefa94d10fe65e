import Foundation

/// Where files that come with the program lie: in the source it was built from, or where it was installed.
enum BesideProgram {
    /// The places to look for a file or folder, by its path in the source and its path among what is installed.
    static func places(inSource path: String, installed: String) -> [String] {
        aboveProgram(path) + ["/usr/local/share/profilevault/", "/usr/share/profilevault/"].map { $0 + installed }
    }

    private static func aboveProgram(_ path: String) -> [String] {
        guard let program = Bundle.main.executableURL?.resolvingSymlinksInPath() else { return [] }
        var folder = program.deletingLastPathComponent()
        var places: [String] = []
        while folder.pathComponents.count > 1 {
            places.append(folder.path(percentEncoded: false) + (folder.hasDirectoryPath ? "" : "/") + path)
            folder.deleteLastPathComponent()
        }
        return places
    }
}
