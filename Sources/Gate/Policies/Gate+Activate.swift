import Audit
import Core
import Storage
import Vault

extension Gate {
    /// What activating a proposal came to.
    package struct Activation: Sendable {
        package let policies: ActivePolicies
        /// `nil` when the proposal is the active set, byte for byte.
        package let changes: PolicyChanges?
    }

    /// Puts a proposal that was found sound in force, unless it is the active set already.
    ///
    /// A set that changes how people are looked up leaves the index behind the data, so that it is made again afterwards,
    /// whatever comes between.
    ///
    /// - Throws: `denied`; `policiesLockOut` when under the new set the caller could put no other in force.
    package func activate(
        _ bundle: PolicyBundle, _ rules: PolicyRules, in archive: PolicyArchive, by caller: Caller
    ) throws -> Activation {
        let old = policies
        let before = try data.read { try archive.earlierDefinitions(of: rules, unknownTo: old.rules, on: $0) }
        let changes = PolicyChanges(from: old.rules, to: rules, before: before)
        let authorization = try authorize(
            .activatePolicy, by: caller,
            about: Act.Particulars(
                changes: changes.weights,
                facts: [("proposal", JSON(hex(bundle.hash))), ("policy_set", JSON(hex(old.hash)))] + changes.facts))
        // A set is the whole vault's.
        guard caller.tenant == nil else { throw try beyondReach(caller, .activatePolicy) }
        guard bundle.hash != old.hash else { return Activation(policies: old, changes: nil) }
        try rules.requireWayBack(for: caller, tenant: tenant.name)
        let new = try audit.mutate(authorization) { mutation in
            if changes.touchesIdentifiers { try profiles.raiseChange(in: mutation) }
            return try archive.activate(bundle, rules, in: mutation)
        }
        adopt(new)
        return Activation(policies: new, changes: changes)
    }
}

extension ActivePolicies {
    /// The set as it was read from its files.
    package var rules: PolicyRules {
        PolicyRules(purposes: purposes, fields: schema.fields.map(\.definition), cedar: cedar)
    }
}

extension PolicyRules {
    /// - Throws: `policiesLockOut` when the caller could not put another set in force under this one, or the program not
    ///   make its index again, which every other command needs.
    func requireWayBack(for caller: Caller, tenant: String) throws {
        let decider = Decider(cedar: cedar, schema: ProfileSchema(fields: [], version: 1))
        let wayBack: [(Caller, Action, why: String)] = [
            (caller, .login, "nobody might mend it"), (caller, .activatePolicy, "nobody might mend it"),
            (IndexRebuild.caller, .maintain, "a look-up index that is lost would stop all work"),
        ]
        for (caller, action, consequence) in wayBack {
            let question = TenantQuestion(action, by: caller, on: tenant)
            guard try decider.level(of: question) == nil else { continue }
            let ruling = try decider.allows(question)
            let why = ruling.broken.first.map { ": policy `\($0)` cannot be evaluated" } ?? ""
            throw GateError(
                GateError.policiesLockOut,
                "under this set \(caller.principal) could not do `\(action.rawValue)`, so \(consequence)\(why)",
                remedy: "permit it in the set; nothing was activated")
        }
    }
}

extension PolicyBundle {
    /// How a folder's files differ from this set's: names that are new, gone or of other content.
    package func drift(of folder: PolicyBundle) -> PolicyChanges.Names {
        PolicyChanges.Names(
            files.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
            folder.files.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, same: ==)
    }
}
