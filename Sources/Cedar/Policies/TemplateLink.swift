/// A template's slots, filled.
public struct TemplateLink: Hashable, Sendable {
    public let template: PolicyID
    /// The id of the policy that comes of it.
    public let id: PolicyID
    public let principal: EntityUID?
    public let resource: EntityUID?

    public init(template: PolicyID, id: PolicyID, principal: EntityUID? = nil, resource: EntityUID? = nil) {
        self.template = template
        self.id = id
        self.principal = principal
        self.resource = resource
    }
}

extension PolicySet {
    /// The set with these links added; what a link decides is reported under the link's id.
    ///
    /// - Throws: when a template is unknown, a slot is left empty or filled without being there, or an id is taken.
    public func linking(_ links: [TemplateLink]) throws(CedarErrors) -> PolicySet {
        let known = [PolicyID: Policy](templates.map { ($0.id, $0) }) { first, _ in first }
        var added: [Policy] = []
        var errors: [CedarError] = []
        for link in links {
            guard let template = known[link.template] else {
                errors.append(CedarError("unknown_template", "there is no template `\(link.template)`"))
                continue
            }
            do throws(CedarError) {
                added.append(try template.linked(link))
            } catch {
                errors.append(error)
            }
        }
        guard errors.isEmpty else { throw CedarErrors(errors) }
        return try PolicySet(checking: templates + policies + added)
    }
}

extension Policy {
    fileprivate func linked(_ link: TemplateLink) throws(CedarError) -> Policy {
        var policy = self
        policy.id = link.id
        policy.template = id
        policy.scope.principal = try filled(scope.principal, link.principal, slot: "?principal", in: link)
        policy.scope.resource = try filled(scope.resource, link.resource, slot: "?resource", in: link)
        return policy
    }

    private func filled(
        _ constraint: Scope.Constraint, _ uid: EntityUID?, slot: String, in link: TemplateLink
    ) throws(CedarError) -> Scope.Constraint {
        guard let uid else {
            guard !constraint.hasSlot else {
                throw CedarError(
                    "unfilled_slot", "the link `\(link.id)` leaves `\(slot)` of the template `\(id)` empty",
                    in: source, at: position.offset)
            }
            return constraint
        }
        guard constraint.hasSlot else {
            throw CedarError(
                "unknown_slot", "the template `\(id)` has no `\(slot)` for the link `\(link.id)` to fill",
                in: source, at: position.offset)
        }
        return constraint.linked(to: uid)
    }
}
