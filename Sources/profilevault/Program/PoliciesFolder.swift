import Foundation

/// Finds the folder with the policy set that is proposed.
enum PoliciesFolder {
    /// `chosen`, else `$PROFILEVAULT_POLICIES`, `./policies`, a folder `policies` above the program, or what was installed.
    ///
    /// - Throws: `policiesNotFound`.
    static func find(_ chosen: String?, environment: [String: String]) throws(CommandError) -> String {
        if let chosen { return absolutePath(chosen) }
        if let named = environment["PROFILEVAULT_POLICIES"], !named.isEmpty { return absolutePath(named) }
        let candidates =
            [absolutePath("policies")] + BesideProgram.places(inSource: "policies", installed: "policies")
        guard let found = candidates.first(where: holdsPolicies) else {
            throw CommandError(
                CommandError.policiesNotFound, "there is no folder with policies",
                remedy:
                    "name it (`init --policies DIR`, `policy … DIR`) or set PROFILEVAULT_POLICIES; the source has one at policies/"
            )
        }
        return found
    }

    private static func holdsPolicies(_ folder: String) -> Bool {
        FileManager.default.fileExists(atPath: folder + "/purposes.json")
    }
}
