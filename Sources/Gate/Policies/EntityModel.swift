import Cedar
import Consent
import Core
import Vault

/// What the gate asks as Cedar knows it: `policies/schema.cedarschema` says the same, and is held against this.
///
/// The entities are `Operator` and `Service` in their `Role`s, `Custodian`, `Field` in its `FieldClass`, `Purpose` and `Tenant`. The
/// context of fields is `purpose`, `tenant` and `basis` (the legal basis that holds); that of a tenant is `tenant`,
/// `approvals` and, where there are some, `purpose`, `mfa`, `people` and `changes`.
enum EntityModel {
    /// What there is of each type of entity: its attributes, and the type that it can be in.
    static let types: [Text: (attributes: Set<Text>, parent: Text?)] = [
        "Operator": (["name"], "Role"), "Service": (["name"], "Role"), "Custodian": (["name"], nil),
        "Role": ([], nil),
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
    static func request(_ question: TenantQuestion) -> Cedar.Request {
        let tenant = EntityUID(type: "Tenant", id: question.tenant)
        var context: [String: Value] = [
            "tenant": .entity(tenant),
            "approvals": .set(ValueSet(question.approvals.map { .entity(uid($0)) })),
        ]
        if let purpose = question.purpose { context["purpose"] = .entity(EntityUID(type: "Purpose", id: purpose)) }
        if let mfa = question.mfa {
            context["mfa"] = .record(["method": .string(Text(mfa.method)), "age": .long(mfa.age)])
        }
        if let people = question.people { context["people"] = .long(Int64(people)) }
        if let changes = question.changes {
            context["changes"] = .set(ValueSet(changes.map { .string(Text($0)) }))
        }
        return Cedar.Request(
            principal: uid(question.caller.principal), action: uid(question.action), resource: tenant, context: context)
    }

    static func uid(_ action: Action) -> EntityUID { EntityUID(type: "Action", id: action.rawValue) }

    private static func uid(_ principal: Principal) -> EntityUID {
        EntityUID(type: principal.kind.rawValue, id: principal.name)
    }
}
