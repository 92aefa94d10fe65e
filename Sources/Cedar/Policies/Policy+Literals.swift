extension Policy {
    /// The texts that conditions hold an attribute of the principal against: with `==`, in a set, or as the pattern of
    /// a `like` without its wildcards.
    public func texts(besidePrincipal attribute: String) -> Set<String> {
        let term = Term(root: .principal, path: [Text(attribute)])
        return conditions.reduce(into: []) { $0.formUnion($1.body.texts(beside: term)) }
    }
}

extension Expression {
    fileprivate func texts(beside term: Term) -> Set<String> {
        let children = form.children
        var texts: Set<String> = children.reduce(into: []) { $0.formUnion($1.texts(beside: term)) }
        guard children.contains(where: { $0.term == term }) else { return texts }
        if case .like(_, let pattern) = form { texts.insert(Text(pattern.stretches.flatMap { $0 }).string) }
        for child in children { texts.formUnion(child.literalTexts) }
        return texts
    }

    /// A text, or those in a set.
    private var literalTexts: [String] {
        switch form {
        case .literal(.string(let text)): [text.string]
        case .set(let elements): elements.flatMap(\.literalTexts)
        default: []
        }
    }
}
