/// Something of who asks or of the context: `principal` itself, or what a path of names leads to from one of them.
struct Term: Hashable {
    enum Root: Hashable {
        case principal, context
    }

    let root: Root
    var path: [Text] = []

    /// Whether one of them is, or is in, the other: names below the first are not told apart.
    func overlaps(_ other: Term) -> Bool {
        guard root == other.root else { return false }
        guard let own = path.first, let others = other.path.first else { return true }
        return own == others
    }
}

extension Expression {
    /// The term that the expression is.
    var term: Term? {
        switch form {
        case .variable(.principal): Term(root: .principal)
        case .variable(.context): Term(root: .context)
        case .attribute(let target, let name):
            target.term.map { Term(root: $0.root, path: $0.path + [name]) }
        default: nil
        }
    }

    /// The terms that the value depends on.
    var reads: Set<Term> {
        if let term { return [term] }
        if case .has(let target, let path) = form, let term = target.term {
            return [Term(root: term.root, path: term.path + path)]
        }
        return form.children.reduce(into: []) { $0.formUnion($1.reads) }
    }
}

extension Record {
    /// What a path leads to.
    subscript(path path: ArraySlice<Text>) -> Value? {
        guard let name = path.first, let value = self[name] else { return nil }
        if path.count == 1 { return value }
        guard case .record(let inner) = value else { return nil }
        return inner[path: path.dropFirst()]
    }

    /// The record with another value at the end of a path, or none.
    ///
    /// - Returns: `nil` where the path leads through something that is no record.
    func setting(_ path: ArraySlice<Text>, to value: Value?) -> Record? {
        guard let name = path.first else { return nil }
        var value = value
        if path.count > 1 {
            guard case .record(let inner) = self[name] ?? .record(Record()) else { return nil }
            guard let changed = inner.setting(path.dropFirst(), to: value) else { return nil }
            value = .record(changed)
        }
        let rest = entries.filter { $0.key != name }.map { ($0.key, $0.value) }
        return Record(rest + (value.map { [(name, $0)] } ?? []))
    }
}
