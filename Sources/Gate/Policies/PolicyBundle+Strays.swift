import Foundation

extension PolicyBundle {
    /// What lies in the folder of a set and is no part of it, so that nothing looks like a policy and is none.
    ///
    /// - Returns: what looks like a part of the set and is not read, which is a problem; and the rest, hidden files too.
    package static func strays(
        in folder: String
    ) throws(GateError) -> (problems: [PolicyProblem], warnings: [PolicyProblem]) {
        var strays = Strays(folder: folder)
        try strays.look()
        return (PolicyProblem.inOrder(strays.problems), PolicyProblem.inOrder(strays.warnings))
    }

    private struct Strays {
        let folder: String
        var problems: [PolicyProblem] = []
        var warnings: [PolicyProblem] = []

        /// More files than these are not looked at in a folder that has no business here.
        private static let maximumFiles = 10_000

        init(folder: String) { self.folder = folder }

        mutating func look() throws(GateError) {
            for name in try PolicyBundle.names(in: folder) where !PolicyBundle.belongs(name) && name != "README.md" {
                if name.hasPrefix(".") {
                    warn(name, "hidden files are no part of a policy set, and are not read")
                } else if isFolder(name) {
                    if name == "tests" {
                        try lookIntoTests()
                    } else if !hasPolicies(name) {
                        warn(name, "nothing in this folder is read")
                    }
                } else if PolicyBundle.belongs(name.lowercased()) {
                    let message = "this file is not read: it has to be called `\(name.lowercased())`"
                    problems.append(PolicyProblem(file: name, message: message))
                } else {
                    warn(name, "this file is no part of a policy set, and is not read")
                }
            }
        }

        private mutating func lookIntoTests() throws(GateError) {
            for name in try PolicyBundle.names(in: folder + "/tests") {
                let path = "tests/" + name
                if name.hasPrefix(".") {
                    warn(path, "hidden files are no tests, and are not read")
                } else if isFolder(path) {
                    if !hasPolicies(path) { warn(path, "tests in folders of their own are not run") }
                } else if isPolicies(name) {
                    problems.append(Self.nested(path))
                } else if !name.hasSuffix(".json") {
                    warn(path, "this is no test: those are `tests/*.json`")
                }
            }
        }

        private mutating func warn(_ path: String, _ message: String) {
            warnings.append(PolicyProblem(file: path, message: message))
        }

        /// Whether there are policies below a folder, which nothing reads: each is a problem.
        private mutating func hasPolicies(_ path: String) -> Bool {
            let below = FileManager.default.enumerator(atPath: folder + "/" + path)
            var found: [PolicyProblem] = []
            var count = 0
            while count < Self.maximumFiles, let name = below?.nextObject() as? String {
                count += 1
                if isPolicies(name) { found.append(Self.nested(path + "/" + name)) }
            }
            problems += found
            return !found.isEmpty
        }

        private static func nested(_ path: String) -> PolicyProblem {
            PolicyProblem(file: path, message: "this file is not read: policies lie in the folder itself")
        }

        private func isPolicies(_ name: String) -> Bool { name.lowercased().hasSuffix(".cedar") }

        private func isFolder(_ path: String) -> Bool {
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: folder + "/" + path, isDirectory: &isFolder)
                && isFolder.boolValue
        }
    }
}
