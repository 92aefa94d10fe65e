/// A change while it is worked out: it may turn out to be needless or out of reach.
enum Alternative {
    case nothing
    case impossible
    case change(Explanation.Change)

    /// The change, where there is one to make.
    var change: Explanation.Change? {
        guard case .change(let change) = self else { return nil }
        return change
    }

    /// All of these; out of reach when one is.
    static func all(_ alternatives: [Alternative]) -> Alternative {
        var changes: [Explanation.Change] = []
        for alternative in alternatives {
            switch alternative {
            case .nothing: continue
            case .impossible: return .impossible
            case .change(.all(let inner)): changes += inner
            case .change(let change): changes.append(change)
            }
        }
        changes = distinct(changes)
        guard let first = changes.first else { return .nothing }
        return .change(changes.count == 1 ? first : .all(changes))
    }

    /// One of these, the smallest first; needless when one is.
    static func any(_ alternatives: [Alternative]) -> Alternative {
        var changes: [Explanation.Change] = []
        for alternative in alternatives {
            switch alternative {
            case .nothing: return .nothing
            case .impossible: continue
            case .change(.any(let inner)): changes += inner
            case .change(let change): changes.append(change)
            }
        }
        changes = distinct(changes)
        guard let first = changes.first else { return .impossible }
        let sorted = changes.enumerated().sorted { ($0.element.size, $0.offset) < ($1.element.size, $1.offset) }
        return .change(changes.count == 1 ? first : .any(sorted.map(\.element)))
    }

    private static func distinct(_ changes: [Explanation.Change]) -> [Explanation.Change] {
        var seen: Set<Explanation.Change> = []
        return changes.filter { seen.insert($0).inserted }
    }
}
