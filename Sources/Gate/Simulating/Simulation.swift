import Cedar
package import Core

/// What a proposal would change if it were in force, counted over everybody in a tenant; nobody's value is in it.
package struct Simulation: Sendable {
    /// How what somebody may see of a person becomes other than it is.
    package enum Kind: String, Sendable, CaseIterable {
        case gained
        case lost
        /// From the outline to the whole value.
        case unmasked
        /// From the whole value to the outline.
        case masked
    }

    /// Whose data become visible, or are no more, to one of those who ask, for one purpose.
    package struct Effect: Sendable, Equatable {
        package let asker: Asker
        package let purpose: String
        package let kind: Kind
        /// People of whom at least one field changes so.
        package let people: Int
        /// How many people each field changes so for, in the order of the fields.
        package let fields: [FieldCount]
        /// Some of the people under names that mean nothing outside of this simulation.
        package let examples: [String]
    }

    package struct FieldCount: Sendable, Equatable {
        package let field: String
        package let people: Int
    }

    /// Something that may be done to a tenant by one set and not by the other, or takes more by one than by the other.
    package struct ActionChange: Sendable, Equatable {
        package let asker: Asker
        package let action: Action
        /// `nil` where it is so whatever the purpose.
        package let purpose: String?
        /// What it takes now; `nil` when it may not be done.
        package let before: Level?
        /// What it would take.
        package let after: Level?

        /// Which way it changes.
        package enum Kind: String, Sendable { case gained, lost, eased, raised }

        package var kind: Kind {
            switch (before, after) {
            case (nil, _): .gained
            case (_, nil): .lost
            case (let before?, let after?): after < before ? .eased : .raised
            }
        }
    }

    /// Proof in the log that it was asked for.
    package let decision: UniqueID
    /// The set in force that the proposal was compared with.
    package let version: UInt16
    /// How many people were looked at.
    package let people: Int
    /// Whether those were all: not when it was stopped.
    package let isWhole: Bool
    package let effects: [Effect]
    package let actions: [ActionChange]
}

/// One of those who might ask: everybody of a role, an operator with all their roles, a program, any other of these, or a
/// quorum of the root key's shares.
package struct Asker: Sendable, Hashable {
    package enum Kind: String, Sendable {
        case role, `operator`, service, custodian
    }

    package let kind: Kind
    package let name: String
    let caller: Caller

    /// An operator who has one role and no other.
    package init(role: String) {
        kind = .role
        name = role
        // No operator can have this name.
        caller = Caller(principal: Principal(.operator, "*"), roles: [role])
    }

    package init(operator caller: Caller) {
        kind = .operator
        name = caller.principal.name
        self.caller = caller
    }

    package init(service: String) {
        kind = .service
        name = service
        caller = Caller(principal: Principal(.service, service), roles: [])
    }

    private init(custodian caller: Caller) {
        kind = .custodian
        name = caller.principal.name
        self.caller = caller
    }

    /// Whether it stands for everybody of its kind whom no policy names and who has no role.
    package var isAnyOther: Bool { kind != .role && name == "*" }

    /// Everybody whom either set could answer otherwise than the rest: the roles, operators and programs that it names,
    /// the operators there are, and an operator and a program that are none of these.
    static func all(in sets: [PolicyRules], operators: [Caller]) -> [Asker] {
        let policies = sets.flatMap { $0.cedar.policies + $0.cedar.templates }
        let mentions = policies.flatMap(\.mentions)
        let names = Set(policies.flatMap { $0.texts(besidePrincipal: "name") })
        func ids(_ type: String, _ others: Set<String> = []) -> [String] {
            others.union(mentions.filter { $0.type == type }.compactMap(\.id)).sorted()
        }
        let known = Set(operators.map(\.principal.name))
        let named = ids("Operator", names).filter { !known.contains($0) && $0 != "*" }
        return ids("Role").map { Asker(role: $0) } + operators.map { Asker(operator: $0) }
            + (named + ["*"]).map { Asker(operator: Caller(principal: Principal(.operator, $0), roles: [])) }
            + (ids("Service", names).filter { $0 != "*" } + ["*"]).map { Asker(service: $0) }
            + [Asker(custodian: .custodian)]
    }
}
