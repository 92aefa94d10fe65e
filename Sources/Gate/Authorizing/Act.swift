package import Core
import Secrets

/// One thing that somebody wants to do to a tenant, as an approver reads it and as an approval names it.
package struct Act: Sendable {
    /// What belongs to the request besides who asks for what: words and numbers, and no value of a person.
    package struct Particulars: Sendable {
        /// Of how many people data may leave at most; not part of what is approved, because it changes with every import.
        package var people: Int?
        /// What a policy set changes that weighs more than the rest: `basis`, `field_class`, `levels`.
        package var changes: [String]?
        /// Everything else that is approved, by name.
        package var facts: [(name: String, value: JSON)]

        package init(
            people: Int? = nil, changes: [String]? = nil, facts: [(name: String, value: JSON)] = []
        ) {
            self.people = people
            self.changes = changes
            self.facts = facts
        }
    }

    let question: TenantQuestion
    let subject: ProfileID?
    let particulars: Particulars

    /// What an approval names, in one form: keys in the order of their bytes.
    var json: JSON {
        var object = JSONObject()
        object["action"] = JSON(question.action.rawValue)
        object["requester"] = JSON(question.caller.principal.logName)
        object["tenant"] = JSON(question.tenant)
        if let purpose = question.purpose { object["purpose"] = JSON(purpose) }
        if let subject { object["subject"] = JSON(subject.description) }
        if let changes = particulars.changes { object["changes"] = JSON(changes.sorted().map { JSON($0) }) }
        for (name, value) in particulars.facts.sorted(by: { $0.name < $1.name }) { object[name] = value }
        return .object(object)
    }

    /// What an approver is shown: what is approved, and how much it is about now.
    var shown: JSON {
        guard case .object(var object) = json, let people = particulars.people else { return json }
        object["people"] = JSON(people)
        return .object(object)
    }

    /// BLAKE2b-256 over a label and the one form.
    var digest: [UInt8] {
        let hash = BLAKE2b(length: 32)
        hash.update("profilevault request v1")
        hash.update(json.bytes())
        return hash.finish()
    }
}
