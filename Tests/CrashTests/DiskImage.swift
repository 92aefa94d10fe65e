import Foundation

/// The folders and files under one root, as they lie on a disk.
struct DiskImage: Sendable {
    /// Paths relative to the root; the root itself is no entry.
    var folders: Set<String> = []
    var files: [String: [UInt8]] = [:]

    init() {}

    /// What lies under `root` now.
    init(of root: String) throws {
        for path in try FileManager.default.subpathsOfDirectory(atPath: root) {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: root + "/" + path, isDirectory: &isFolder) else { continue }
            if isFolder.boolValue {
                folders.insert(path)
            } else {
                files[path] = [UInt8](try Data(contentsOf: URL(filePath: root + "/" + path)))
            }
        }
    }

    /// Makes what lies under `root` be this and nothing else.
    func restore(to root: String) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: root) {
            try FileManager.default.removeItem(atPath: root + "/" + name)
        }
        for folder in folders.sorted() {
            try FileManager.default.createDirectory(
                atPath: root + "/" + folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        }
        for (path, bytes) in files {
            let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
            let isMade = FileManager.default.createFile(
                atPath: root + "/" + path, contents: Data(bytes), attributes: attributes)
            guard isMade else { throw CocoaError(.fileWriteUnknown) }
        }
    }
}
