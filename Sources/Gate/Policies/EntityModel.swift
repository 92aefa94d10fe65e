import Cedar
import Consent
import Core
import Vault

/// What the gate asks as Cedar knows it: `policies/schema.cedarschema` says the same, and is held against this.
///
/// The entities are `Operator` and `Service` in their `Role`s, `Field` in its `FieldClass`, `Purpose` and `Tenant`. The
/// context is `purpose` (where there is one), `tenant` and, for fields, `basis` (the legal basis that holds).
enum EntityModel {
    /// What there is of each type of entity: its attributes, and the type that it can be in.
    static let types: [Text: (attributes: Set<Text>, parent: Text?)] = [
        "Operator": (["name"], "Role"), "Service": (["name"], "Role"), "Role": ([], nil),
        "Field": (["identifier"], "FieldClass"), "FieldClass": ([], nil), "Purpose": ([], nil), "Tenant": ([], nil),
    ]

    /// The caller with their roles, and every field with its class.
    static func entities(of caller: Caller, _ fields: [FieldDefinition]) -> [Entity] {
        let roles = caller.roles.map { EntityUID(type: "Role", id: $0) }
        var all = [
            Entity(uid(caller.principal), attributes: ["name": .string(Text(caller.principal.name))], parents: roles)
        ]
        all += roles.map { Entity($0) }
        all += Set(fields.map(\.fieldClass)).map { Entity(EntityUID(type: "FieldClass", id: $0)) }
        all += fields.map { field in
            Entity(
                EntityUID(type: "Field", id: field.name), attributes: ["identifier": .bool(field.isIdentifier)],
                parents: [EntityUID(type: "FieldClass", id: field.fieldClass)])
        }
        return all
    }

    /// The question whether one field may be read.
    static func request(
        _ action: Action, of field: String, by principal: Principal, for purpose: PurposeDefinition, of tenant: String
    ) -> Cedar.Request {
        Cedar.Request(
            principal: uid(principal), action: uid(action), resource: EntityUID(type: "Field", id: field),
            context: [
                "purpose": .entity(EntityUID(type: "Purpose", id: purpose.name)),
                "tenant": .entity(EntityUID(type: "Tenant", id: tenant)),
                "basis": .string(Text(purpose.basis.rawValue)),
            ])
    }

    /// The question whether something may be done to a tenant as a whole.
    static func request(
        _ action: Action, by principal: Principal, for purpose: String?, on tenant: String
    ) -> Cedar.Request {
        let tenant = EntityUID(type: "Tenant", id: tenant)
        var context: [String: Value] = ["tenant": .entity(tenant)]
        if let purpose { context["purpose"] = .entity(EntityUID(type: "Purpose", id: purpose)) }
        return Cedar.Request(principal: uid(principal), action: uid(action), resource: tenant, context: context)
    }

    static func uid(_ action: Action) -> EntityUID { EntityUID(type: "Action", id: action.rawValue) }

    private static func uid(_ principal: Principal) -> EntityUID {
        EntityUID(type: principal.kind.rawValue, id: principal.name)
    }
}
