import Cedar
import Consent
package import Core
import Storage
import Vault

/// What becomes different when one policy set takes the place of another.
package struct PolicyChanges: Sendable, Equatable {
    /// Names that are new, gone or defined otherwise.
    package struct Names: Sendable, Equatable {
        package var added: [String] = []
        package var removed: [String] = []
        package var changed: [String] = []

        package var isEmpty: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty }

        init<Definition>(
            _ old: [(String, Definition)], _ new: [(String, Definition)], same: (Definition, Definition) -> Bool
        ) {
            added = new.map(\.0).filter { name in !old.contains { $0.0 == name } }
            removed = old.map(\.0).filter { name in !new.contains { $0.0 == name } }
            changed = new.filter { item in
                old.contains { $0.0 == item.0 && !same($0.1, item.1) }
            }.map(\.0)
        }

        package var json: JSON {
            [
                "added": JSON(added.map { JSON($0) }), "removed": JSON(removed.map { JSON($0) }),
                "changed": JSON(changed.map { JSON($0) }),
            ]
        }
    }

    package let fields: Names
    package let purposes: Names
    package let policies: Names
    /// The fields people are looked up by are others, or have other forms: the index has to be made again.
    package let touchesIdentifiers: Bool

    /// `before` tells of a name that is new what it was when the vault knew it last.
    package init(from old: PolicyRules, to new: PolicyRules, before: EarlierDefinitions = EarlierDefinitions()) {
        fields = Names(old.fields.map { ($0.name, $0) }, new.fields.map { ($0.name, $0) }, same: ==)
        purposes = Names(
            old.purposes.definitions.map { ($0.name, $0) }, new.purposes.definitions.map { ($0.name, $0) }, same: ==)
        policies = Names(
            old.cedar.policies.map { ($0.id.description, $0.text) },
            new.cedar.policies.map { ($0.id.description, $0.text) }
        ) { $0.utf8.elementsEqual($1.utf8) }
        weights = Self.weights(
            from: old, to: new, before: before, samePolicies: policies.isEmpty)
        touchesIdentifiers = Self.identifiers(of: old) != Self.identifiers(of: new)
    }

    /// What takes two people: `basis` where a purpose comes to rest on another legal basis than it did when the vault knew it
    /// last, or a new one rests on another than consent, which nobody has given it yet; `field_class` where a field comes to be of
    /// another class than it had last; `levels` where what took more than a session may come to take less of somebody, or
    /// to be open to somebody else (`EasedLevels`).
    package let weights: [String]

    private static func weights(
        from old: PolicyRules, to new: PolicyRules, before: EarlierDefinitions, samePolicies: Bool
    ) -> [String] {
        let bases = before.bases.merging(old.purposes.definitions.map { ($0.name, $0.basis) }) { $1 }
        let classes = before.classes.merging(old.fields.map { ($0.name, $0.fieldClass) }) { $1 }
        let newBasis = new.purposes.definitions.contains { (bases[$0.name] ?? .consent) != $0.basis }
        let newClass = new.fields.contains { known in classes[known.name].map { $0 != known.fieldClass } ?? false }
        // Where the sets cannot be compared, they count as different.
        let isEased = !samePolicies && ((try? EasedLevels(from: old, to: new).exist()) ?? true)
        return (newBasis ? ["basis"] : []) + (newClass ? ["field_class"] : []) + (isEased ? ["levels"] : [])
    }

    /// The forms of the fields people are looked up by: an entry of the index is a digest of the form that a value has.
    private static func identifiers(of rules: PolicyRules) -> [String: StandardForm] {
        Dictionary(uniqueKeysWithValues: rules.fields.filter(\.isIdentifier).map { ($0.name, $0.form) })
    }

    /// Nothing that anybody goes by: comments and white space at most.
    package var isEmpty: Bool { fields.isEmpty && purposes.isEmpty && policies.isEmpty }

    /// What an approver reads of it: which names are new, gone or defined otherwise.
    var facts: [(name: String, value: JSON)] {
        [("fields", fields), ("purposes", purposes), ("policies", policies)].filter { !$0.1.isEmpty }.map {
            ($0, $1.json)
        }
    }
}

/// What became of names that a policy set had and the one in force has not.
package struct EarlierDefinitions: Sendable {
    /// The class that a field had last.
    var classes: [String: String] = [:]
    /// The legal basis that a purpose had last.
    var bases: [String: LegalBasis] = [:]

    package init() {}
}

extension PolicyArchive {
    /// What the fields and purposes of a proposal that the set in force has not were when a set had them last.
    ///
    /// Earlier sets are read as they are stored; that each is as it was signed is for `verify`.
    func earlierDefinitions(
        of proposal: PolicyRules, unknownTo current: PolicyRules, on connection: any Connection
    ) throws -> EarlierDefinitions {
        let known = Set(current.fields.map(\.name))
        var fields = Set(proposal.fields.map(\.name)).subtracting(known)
        var purposes = Set(proposal.purposes.names).subtracting(current.purposes.names)
        var found = EarlierDefinitions()
        guard !fields.isEmpty || !purposes.isEmpty else { return found }
        try connection.query("SELECT bundle FROM policy_set ORDER BY version DESC") { row in
            guard !fields.isEmpty || !purposes.isEmpty, let bundle = PolicyBundle(decoding: try row.blob(at: 0)),
                let rules = PolicyRules.read(bundle, checkingWords: false).rules
            else { return }
            for field in rules.fields where fields.remove(field.name) != nil {
                found.classes[field.name] = field.fieldClass
            }
            for purpose in rules.purposes.definitions where purposes.remove(purpose.name) != nil {
                found.bases[purpose.name] = purpose.basis
            }
        }
        return found
    }
}
