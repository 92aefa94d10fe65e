#if HardwareKeys
    import Foundation
    import Glibc
    import TestSupport
    import Testing

    /// SoftHSM2, Debian's package `softhsm2`: tokens in files, for tests only. Root installs it where it is missing.
    enum SoftHSM {
        static let module: String? = {
            for _ in 0..<2 {
                let found = ["/usr/lib/softhsm/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so"].first {
                    FileManager.default.fileExists(atPath: $0)
                }
                if let found, tool != nil { return found }
                guard geteuid() == 0, install() else { break }
            }
            print("softhsm2: not found, skipped")
            return nil
        }()

        static var isInstalled: Bool { module != nil }

        /// The one configuration of the process: a variable of its environment cannot be changed while threads read it.
        static let configuration: String = {
            let path =
                FileManager.default.temporaryDirectory.path(percentEncoded: false)
                + "/profilevault-softhsm-\(getpid()).conf"
            setenv("SOFTHSM2_CONF", path, 1)
            atexit { unlink(SoftHSM.configuration) }
            return path
        }()

        /// Where the tokens are from the next time on that the module starts.
        static func use(_ folder: String) throws {
            try Data("directories.tokendir = \(folder)\nobjectstore.backend = file\nlog.level = ERROR\n".utf8).write(
                to: URL(filePath: configuration))
        }

        private static var tool: String? {
            ["/usr/bin", "/usr/local/bin"].map { $0 + "/softhsm2-util" }.first {
                FileManager.default.isExecutableFile(atPath: $0)
            }
        }

        static func runTool(_ arguments: [String]) throws {
            let status = try run(try #require(tool), arguments, ["SOFTHSM2_CONF": configuration])
            try #require(status == 0, "softhsm2-util \(arguments.first ?? "")")
        }

        private static func install() -> Bool {
            let arguments = ["-o", "DPkg::Lock::Timeout=60", "install", "-y", "-qq", "softhsm2"]
            let status = try? run("/usr/bin/apt-get", arguments, ["DEBIAN_FRONTEND": "noninteractive"])
            return status == 0
        }

        private static func run(_ path: String, _ arguments: [String], _ variables: [String: String]) throws -> Int32 {
            let process = Process()
            process.executableURL = URL(filePath: path)
            process.arguments = arguments
            process.environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            return process.terminationStatus
        }
    }

    /// What uses SoftHSM: one test after the other, since a process has it once and it has its tokens in one folder.
    @Suite("Hardware keys", .serialized, .enabled(if: SoftHSM.isInstalled))
    enum HardwareKeyTests {}
#endif
