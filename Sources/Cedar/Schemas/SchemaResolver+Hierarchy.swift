extension SchemaResolver {
    /// All entity types, with the types above each.
    mutating func resolveEntityTypes() -> [Schema.EntityType] {
        var parents: [Text: [Text]] = [:]
        for namespace in namespaces {
            for type in namespace.entityTypes {
                parents[namespace.qualified(type.name)] = type.parents.compactMap { entityType($0, in: namespace) }
            }
        }
        var result: [Schema.EntityType] = []
        var pairs = 0
        for namespace in namespaces {
            for type in namespace.entityTypes {
                let name = namespace.qualified(type.name)
                let ancestors = Self.above(name, parents, within: Schema.maximumAncestors - pairs)
                pairs += ancestors.count
                guard pairs < Schema.maximumAncestors else {
                    note("too_large", "too many entity types are in each other", at: type.offset)
                    return []
                }
                result.append(
                    Schema.EntityType(
                        name: name, annotations: type.annotations, position: source.position(at: type.offset),
                        choices: type.choices,
                        attributes: attributes(
                            type.shape, in: namespace, of: "what an entity consists of", at: type.offset),
                        tags: type.tags.flatMap { sized($0, in: namespace, at: type.offset)?.type },
                        ancestors: ancestors))
            }
        }
        return result
    }

    /// Everything above a type, which types may be of themselves: at most `limit` of it.
    private static func above(_ type: Text, _ parents: [Text: [Text]], within limit: Int) -> Set<Text> {
        var found: Set<Text> = []
        var open = parents[type] ?? []
        while found.count < limit, let next = open.popLast() {
            if found.insert(next).inserted { open += parents[next] ?? [] }
        }
        return found
    }

    /// All actions, with the groups above each, which none can be of itself.
    mutating func resolveActions() -> [Schema.Action] {
        let declared = namespaces.flatMap { namespace in namespace.actions.map { ($0, namespace) } }
        let uids = declared.map { EntityUID(type: $1.qualified("Action"), id: $0.id) }
        let places = [EntityUID: Int](uids.enumerated().map { ($1, $0) }) { first, _ in first }
        let groups = declared.map { declaration, namespace in
            declaration.groups.compactMap { action($0, in: namespace) }
        }
        let order = Precedence(groups.map { $0.compactMap { places[$0] } })
        if let place = order.circular.first {
            note("cycle", "the action `\(declared[place].0.id)` is in itself", at: declared[place].0.offset)
            return []
        }
        var ancestors = [Set<EntityUID>](repeating: [], count: uids.count)
        var pairs = 0
        for place in order.sorted {
            var above = Set(groups[place])
            for group in groups[place] {
                if let place = places[group] { above.formUnion(ancestors[place]) }
            }
            ancestors[place] = above
            pairs += above.count
            guard pairs < Schema.maximumAncestors else {
                note("too_large", "too many actions are in each other", at: declared[place].0.offset)
                return []
            }
        }
        var environments = 0
        return declared.indices.map { place in
            let (declaration, namespace) = declared[place]
            let principals = distinct(declaration.principals.compactMap { entityType($0, in: namespace) })
            let resources = distinct(declaration.resources.compactMap { entityType($0, in: namespace) })
            let isSmall = environments <= Schema.maximumEnvironments
            environments += principals.count * resources.count
            if isSmall, environments > Schema.maximumEnvironments {
                note(
                    "too_large", "more than \(Schema.maximumEnvironments) combinations of actions and types",
                    at: declaration.offset)
            }
            return Schema.Action(
                uid: uids[place], annotations: declaration.annotations,
                position: source.position(at: declaration.offset), principals: principals, resources: resources,
                parents: groups[place], ancestors: ancestors[place],
                context: attributes(declaration.context, in: namespace, of: "a context", at: declaration.offset))
        }
    }

    private func distinct(_ names: [Text]) -> [Text] {
        var seen: Set<Text> = []
        return names.filter { seen.insert($0).inserted }
    }
}
