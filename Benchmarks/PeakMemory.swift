import Foundation

/// The most memory that this process had, as Linux counts it.
enum PeakMemory {
    /// Counts anew from here on.
    static func forget() {
        try? Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
    }

    /// In megabytes; `nil` where the system does not tell.
    static var megabytes: Double? {
        let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let kibibytes = status?.firstMatch(of: #/VmHWM:\s*([0-9]+) kB/#).flatMap { Double($0.1) }
        return kibibytes.map { $0 * 1024 / 1_000_000 }
    }
}
