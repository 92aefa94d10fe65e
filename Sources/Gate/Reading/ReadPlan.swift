import Audit
import Consent
import Core
import Synchronization
import Vault

/// What one request comes to under one policy set, worked out once and used for everybody it asks about.
///
/// A decision depends on a person only by where the purpose stands for them and by which values they have: each distinct
/// combination of these is judged once, and its part of the log entry written once.
final class ReadPlan: Sendable {
    /// `nil` when the policy set has no such purpose.
    let purpose: PurposeDefinition?
    let request: ReadRequest
    private let wanted: [ProfileSchema.Field]
    /// One a wanted field; `nil` when there is nothing to ask the policies about.
    private let rulings: [FieldRuling]?
    /// Policies that could not be evaluated and closed a wanted field.
    let broken: [String]
    private let policySet: String
    private let outcomes = Mutex<[Situation: Outcome]>([:])
    /// Combinations are few; beyond this they are forgotten at once.
    private static let capacity = 1024

    /// All that an outcome depends on.
    private struct Situation: Hashable {
        let standing: UInt8
        /// A bit for each wanted field that the person has.
        let present: [UInt64]
    }

    init(for request: ReadRequest, rules: Gate.Rules, tenant: String) throws {
        let schema = rules.active.schema
        let wanted = try request.fields?.map { try schema.require($0) } ?? schema.fields
        let purpose = rules.active.purposes[request.purpose]
        let all = try purpose.map {
            try rules.decider.fields(request.action, by: request.caller, for: $0, of: tenant)
        }
        let places = wanted.map { schema.position(of: $0) }
        rulings = all.map { all in places.map { all[$0] } }
        broken = all.map { all in Set(places.flatMap { all.broken(at: $0) }).sorted() } ?? []
        self.request = request
        self.wanted = wanted
        self.purpose = purpose
        policySet = hex(rules.active.hash)
    }

    /// The fields that the policies allow, in the order asked for; `false` beside those shown in clear.
    var columns: [(field: ProfileSchema.Field, masked: Bool)] {
        zip(wanted, rulings ?? []).filter { $1.allows }.map { ($0, $1 == .masked) }
    }

    /// Names of the fields that the policies allow nobody's value of.
    var denied: [String] { zip(wanted, rulings ?? []).filter { !$1.allows }.map(\.0.name) }

    /// What may be seen of a person whose consents and values these are.
    func outcome(for record: Record, _ head: ConsentHead, at time: Timestamp) -> Outcome {
        let standing = purpose.map { head.standing(for: $0, at: time) } ?? .closed(.unknownPurpose)
        var present: [UInt64] = []
        if standing.holds {
            present = [UInt64](repeating: 0, count: (wanted.count + 63) / 64)
            for (place, field) in wanted.enumerated() where record.cell(field.number) != nil {
                present[place >> 6] |= 1 << UInt64(place & 63)
            }
        }
        let situation = Situation(standing: standing.code, present: present)
        if let known = outcomes.withLock({ $0[situation] }) { return known }
        let made = Outcome(judge(standing, present), for: request, under: policySet)
        outcomes.withLock { outcomes in
            if outcomes.count >= Self.capacity { outcomes.removeAll() }
            outcomes[situation] = made
        }
        return made
    }

    /// Consent's reasons come first, since they hold for every field.
    private func judge(_ standing: Standing, _ present: [UInt64]) -> Judgement {
        guard case .holds(let basis) = standing, let rulings else {
            let reason: WithheldReason = if case .closed(let reason) = standing { reason } else { .unknownPurpose }
            return Judgement(
                standing: reason.rawValue, withheld: wanted.map { Withheld(field: $0.name, reason: reason) })
        }
        var judged = Judgement(standing: basis.rawValue, broken: broken)
        for (place, field) in wanted.enumerated() {
            if !rulings[place].allows {
                judged.withheld.append(Withheld(field: field.name, reason: .policyDenied))
            } else if present[place >> 6] & 1 << UInt64(place & 63) == 0 {
                judged.absent.append(field.name)
                judged.withheld.append(Withheld(field: field.name, reason: .absent))
            } else {
                judged.grants.append(Permit.Grant(field: field, masked: rulings[place] == .masked))
            }
        }
        return judged
    }
}

/// What consent and policies say about every field that is asked for.
struct Judgement: Sendable {
    let standing: String
    /// Policies that could not be evaluated and closed a field.
    var broken: [String] = []
    var grants: [Permit.Grant] = []
    /// Allowed, but the profile has no such value.
    var absent: [String] = []
    var withheld: [Withheld] = []

    /// The fact that names policies which could not be evaluated; none where there are none.
    static func facts(broken: [String]) -> [(name: String, value: JSON)] {
        broken.isEmpty ? [] : [("broken_policies", JSON(broken.map { JSON($0) }))]
    }
}

/// A judgement with the texts that log entries about it share.
final class Outcome: Sendable {
    let grants: [Permit.Grant]
    let withheld: [Withheld]
    /// Names of the allowed fields, there or not.
    let allowed: [String]
    /// Names and reasons only.
    let facts: AuditFacts
    /// What a decision rested on, around the consent head's sequence and code; to be sealed under the person's key.
    private let inputsHead: [UInt8]
    private let inputsTail: [UInt8]

    init(_ judged: Judgement, for request: ReadRequest, under policySet: String) {
        grants = judged.grants
        withheld = judged.withheld
        allowed = judged.grants.map(\.field.name) + judged.absent
        var reasons = JSONObject()
        for item in judged.withheld { reasons[item.field] = JSON(item.reason.rawValue) }
        facts = AuditFacts(
            [
                ("fields", JSON(grants.map { JSON($0.masked ? $0.field.name + ":masked" : $0.field.name) })),
                ("withheld", .object(reasons)),
            ] + Judgement.facts(broken: judged.broken))
        var before = JSONObject()
        before["principal"] = JSON(request.caller.principal.description)
        before["roles"] = JSON(request.caller.roles.map { JSON($0) })
        before["purpose"] = JSON(request.purpose)
        before["standing"] = JSON(judged.standing)
        inputsHead = JSON.object(before).bytes().dropLast() + Array(#","consent_sequence":"#.utf8)
        var after = JSONObject()
        after["policy_set"] = JSON(policySet)
        after["fields"] = request.fields.map { JSON($0.map { JSON($0) }) } ?? .null
        inputsTail = [UInt8(ascii: "\""), UInt8(ascii: ",")] + JSON.object(after).bytes().dropFirst()
    }

    /// Enough to decide again and explain.
    func inputs(_ head: ConsentHead) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(inputsHead.count + inputsTail.count + 80)
        output += inputsHead
        output += String(head.sequence).utf8
        output += Array(#","consent_code":""#.utf8)
        writeHex(head.digest, into: &output)
        output += inputsTail
        return output
    }
}
