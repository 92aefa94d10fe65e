import Cedar
import Consent
package import Core
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

    package init(from old: PolicyRules, to new: PolicyRules) {
        fields = Names(old.fields.map { ($0.name, $0) }, new.fields.map { ($0.name, $0) }, same: ==)
        purposes = Names(
            old.purposes.definitions.map { ($0.name, $0) }, new.purposes.definitions.map { ($0.name, $0) }, same: ==)
        policies = Names(
            old.cedar.policies.map { ($0.id.description, $0.text) },
            new.cedar.policies.map { ($0.id.description, $0.text) }
        ) { $0.utf8.elementsEqual($1.utf8) }
        weights = Self.weights(from: old, to: new, samePolicies: policies.isEmpty)
        touchesIdentifiers = Self.identifiers(of: old) != Self.identifiers(of: new)
    }

    /// What takes two people: `basis` where a purpose comes to rest on another legal basis, or a new one rests on another
    /// than consent, which nobody has given it yet; `field_class` where a field comes to be of another class; `levels` where what
    /// took more than a session comes to take less of somebody, or comes to be open to somebody else.
    package let weights: [String]

    private static func weights(from old: PolicyRules, to new: PolicyRules, samePolicies: Bool) -> [String] {
        let bases = Dictionary(uniqueKeysWithValues: old.purposes.definitions.map { ($0.name, $0.basis) })
        let classes = Dictionary(uniqueKeysWithValues: old.fields.map { ($0.name, $0.fieldClass) })
        let newBasis = new.purposes.definitions.contains { (bases[$0.name] ?? .consent) != $0.basis }
        let newClass = new.fields.contains { known in classes[known.name].map { $0 != known.fieldClass } ?? false }
        // Where the sets cannot be compared, they count as different.
        let isEased = !samePolicies && ((try? EasedLevels(from: old, to: new).exist(for: new.purposes.names)) ?? true)
        return (newBasis ? ["basis"] : []) + (newClass ? ["field_class"] : []) + (isEased ? ["levels"] : [])
    }

    /// The forms of the fields people are looked up by: an entry of the index is a digest of the form that a value has.
    private static func identifiers(of rules: PolicyRules) -> [String: StandardForm] {
        Dictionary(uniqueKeysWithValues: rules.fields.filter(\.isIdentifier).map { ($0.name, $0.form) })
    }

    /// Nothing that anybody goes by: comments and white space at most.
    package var isEmpty: Bool { fields.isEmpty && purposes.isEmpty && policies.isEmpty }
}
