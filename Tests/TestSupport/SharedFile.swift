import Foundation

/// Published data that lie beside the package, in `$PROFILEVAULT_SHARED` or `../shared`, and never in it.
public enum SharedFile {
    private static let folder: URL =
        ProcessInfo.processInfo.environment["PROFILEVAULT_SHARED"].map { URL(filePath: $0) }
        ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "shared")

    /// The path of a file there; `nil`, and said so, when there is none.
    public static func path(_ name: String) -> String? {
        let path = folder.appending(path: name).path(percentEncoded: false)
        guard FileManager.default.fileExists(atPath: path) else {
            print("\(name): not found, skipped")
            return nil
        }
        return path
    }
}
