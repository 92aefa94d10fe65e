import Cedar
import Consent
import Vault

extension ActivePolicies {
    /// What of an account's words says nothing under this set: roles that no policy names, and in the scope of a service purposes
    /// and fields that there are not. A later set may know them.
    ///
    /// - Returns: a sentence each.
    package func unknownWords(roles: [String], purposes: [String] = [], fields: [String] = []) -> [String] {
        let named = (cedar.policies + cedar.templates).flatMap(\.mentions).filter { $0.type == "Role" }
        let known = Set(named.compactMap(\.id))
        return roles.filter { !known.contains($0) }.map { "no policy in force names the role `\($0)`" }
            + purposes.filter { !self.purposes.names.contains($0) }.map { "there is no purpose `\($0)`" }
            + fields.filter { name in !schema.fields.contains { $0.name == name } }.map { "there is no field `\($0)`" }
    }
}
