/// Looks for what would lead to the opposite decision: the fewest wishes first, each answer put to the test.
///
/// A few wishes are an answer when a request that grants them is decided the opposite way, and every other request that
/// grants them by another value that policies name, too. What cannot be tried, such as a comparison of sums, is taken at
/// its word only where nothing else depends on the same.
struct OppositeSearch {
    typealias State = Explanation.Part.State

    /// How many leaves and entities are looked at, at most.
    static let maximumWork = 300_000
    /// How many groups of wishes are looked at, at most.
    static let maximumGroups = 5_000
    /// How many answers are told, at most.
    static let maximumAnswers = 32

    private enum Verdict {
        case answer
        /// It takes more: here the decision is not the opposite.
        case short([State])
        /// No request grants all of these, as far as can be tried.
        case impossible
    }

    private let explainers: [Explainer]
    private let leaves: [Leaf]
    private let compiled: CompiledPolicies
    private let policies: [PolicyID: Policy]
    private let begin: Situation
    private let closesOnFailure: Bool
    private let wanted: Decision
    /// The values that policies name.
    private var named: [Term: [Value]] = [:]
    /// Leaves that no value is known to make true or false.
    private var opaque: [Leaf] = []
    private var work: Int

    init(
        _ policies: [Policy], _ request: Request, _ entities: Entities, closesOnFailure: Bool, work: Int = maximumWork
    ) {
        var leaves = Leaves()
        explainers = policies.map { Explainer($0, &leaves) }
        self.leaves = leaves.all
        compiled = leaves.compiled
        self.policies = [PolicyID: Policy](policies.map { ($0.id, $0) }) { first, _ in first }
        begin = Situation(request, entities)
        self.closesOnFailure = closesOnFailure
        self.work = work
        let decision = Self.decision(explainers, begin.states(of: compiled), closesOnFailure)
        wanted = decision == .allow ? .deny : .allow
        for leaf in leaves.all where !leaf.reads.isEmpty {
            let known = [true, false].flatMap { edits(for: Wish(leaf: leaf, holds: $0), in: begin) }.joined()
            for case .set(let term, let value?) in known {
                for value in value.withNeighbours where named[term]?.contains(value) != true {
                    named[term, default: []].append(value)
                }
            }
            if known.allSatisfy({ if case .suppose = $0 { true } else { false } }) { opaque.append(leaf) }
        }
    }

    /// What would lead to the opposite, and whether every way there was looked for.
    mutating func run() -> (opposite: Explanation.Change?, isWhole: Bool) {
        var answers: [[Wish]] = []
        var queue: [[Wish]] = [[]]
        var seen: Set<Set<Int>> = []
        var isWhole = true
        var next = 0
        while next < queue.count, work > 0, answers.count < Self.maximumAnswers {
            let wishes = queue[next]
            next += 1
            guard !answers.contains(where: { Set($0).isSubset(of: wishes) }) else { continue }
            switch verdict(on: wishes) {
            case .impossible: if wishes.contains(where: isOpaque) { isWhole = false }
            case .answer: answers.append(reduced(wishes))
            case .short(let states):
                for step in steps(states) where !wishes.contains(step) && !wishes.contains(step.opposite) {
                    guard queue.count < Self.maximumGroups else {
                        isWhole = false
                        break
                    }
                    let more = wishes + [step]
                    if seen.insert(Set(more.map(\.number))).inserted { queue.append(more) }
                }
            }
        }
        return (change(answers), isWhole && next == queue.count && work > 0)
    }

    /// The shortest answer first.
    private func change(_ answers: [[Wish]]) -> Explanation.Change? {
        let states = begin.states(of: compiled)
        let sorted = answers.enumerated().sorted { ($0.element.count, $0.offset) < ($1.element.count, $1.offset) }
        let changes = sorted.map { _, wishes -> Explanation.Change in
            let parts = wishes.map {
                Explanation.Change.part($0.leaf.part(states[$0.leaf.number]), holds: $0.holds)
            }
            return parts.count == 1 ? parts[0] : .all(parts)
        }
        return changes.count > 1 ? .any(changes) : changes.first
    }

    // MARK: - Decisions

    private static func decision(
        _ explainers: [Explainer], _ states: [State], _ closesOnFailure: Bool
    ) -> Decision {
        var isPermitted = false
        for explainer in explainers {
            switch (explainer.state(states), explainer.policy.effect) {
            case (.holds, .forbid): return .deny
            case (.holds, .permit): isPermitted = true
            case (.fails, _): if closesOnFailure { return .deny }
            case (.doesNotHold, _): continue
            }
        }
        return isPermitted ? .allow : .deny
    }

    private func isOpposite(_ states: [State]) -> Bool {
        Self.decision(explainers, states, closesOnFailure) == wanted
    }

    /// What could be changed next for the opposite decision: without one of these it never comes.
    private func steps(_ states: [State]) -> [Wish] {
        let permits = explainers.filter { $0.policy.effect == .permit }
        let forbids = explainers.filter { $0.policy.effect == .forbid }
        if wanted == .deny {
            let permit = permits.first { $0.state(states) == .holds }
            return forbids.flatMap { $0.stepsToApply(states) } + (permit?.stepsToStop(states) ?? [])
        }
        if closesOnFailure, let broken = explainers.first(where: { $0.state(states).isFailure }) {
            return broken.stepsToStop(states)
        }
        if let forbid = forbids.first(where: { $0.state(states) == .holds }) { return forbid.stepsToStop(states) }
        return permits.flatMap { $0.stepsToApply(states) }
    }

    // MARK: - Putting wishes to the test

    private mutating func states(_ situation: Situation) -> [State] {
        work -= leaves.count + situation.size
        return situation.states(of: compiled)
    }

    private func edits(for wish: Wish, in situation: Situation) -> [[Edit]] {
        policies[wish.leaf.policy].map { situation.edits(for: wish, in: $0) } ?? []
    }

    private mutating func verdict(on wishes: [Wish]) -> Verdict {
        guard let (situation, states) = granting(wishes) else { return .impossible }
        guard isOpposite(states) else { return .short(states) }
        for other in others(than: situation, wishes) {
            // What could not be tried is not told.
            guard work > 0 else { return .impossible }
            let states = self.states(other)
            if wishes.allSatisfy({ states[$0.leaf.number] == .holds($0.holds) }), !isOpposite(states) {
                return .short(states)
            }
        }
        return .answer
    }

    private func isOpaque(_ wish: Wish) -> Bool { opaque.contains { $0.number == wish.leaf.number } }

    /// Whether what was taken at its word says nothing against the others.
    private func isConsistent(_ situation: Situation, _ wishes: [Wish]) -> Bool {
        let firm = wishes.filter { !$0.isPresence }
        return firm.filter { situation.supposed[$0.leaf.number] != nil }.allSatisfy { wish in
            !firm.contains { other in
                other != wish
                    && other.leaf.reads.contains { read in wish.leaf.reads.contains(where: read.overlaps) }
            }
        }
    }

    /// A request that grants all wishes, and what each leaf is for it.
    private mutating func granting(_ wishes: [Wish]) -> (Situation, [State])? {
        var situation = begin
        var states = states(situation)
        // That something is there comes last: it mostly follows from its value.
        let ordered =
            wishes.filter(\.holds).filter { !$0.isPresence } + wishes.filter { !$0.holds }
            + wishes.filter(\.isPresence)
        for _ in 0...wishes.count {
            guard let missing = ordered.first(where: { states[$0.leaf.number] != .holds($0.holds) }) else {
                return isConsistent(situation, wishes) ? (situation, states) : nil
            }
            guard let granted = granting(missing, in: situation, beside: wishes) else { return nil }
            (situation, states) = granted
        }
        return nil
    }

    /// The situation with one wish granted: best by what grants the others about the same, too.
    private mutating func granting(
        _ wish: Wish, in situation: Situation, beside wishes: [Wish]
    ) -> (Situation, [State])? {
        let same = wishes.filter { other in
            other.leaf.reads.contains { read in wish.leaf.reads.contains(where: read.overlaps) }
        }
        let own = edits(for: wish, in: situation)
        let others = wish.leaf.reads.filter { !$0.path.isEmpty }.flatMap { term in
            (named[term] ?? []).map { [Edit.set(term, $0)] }
        }
        var best: (Situation, [State])?
        // To take it at its word is the last resort.
        for way in own.dropLast() + others + own.suffix(1) {
            var changed: Situation? = situation
            for edit in way { changed = changed?.applying(edit) }
            guard let changed else { continue }
            let states = states(changed)
            guard states[wish.leaf.number] == .holds(wish.holds) else { continue }
            if same.allSatisfy({ states[$0.leaf.number] == .holds($0.holds) }) { return (changed, states) }
            best = best ?? (changed, states)
        }
        return best
    }

    /// Requests that may grant the same wishes by other values.
    private mutating func others(than situation: Situation, _ wishes: [Wish]) -> [Situation] {
        let loose = situation.changed.filter { term in
            !wishes.contains { $0.isExact && $0.leaf.reads.contains(where: term.overlaps) }
        }
        var others = [situation]
        for term in loose {
            let own = wishes.filter { $0.leaf.reads.allSatisfy(term.overlaps) }
            for other in others {
                for value in named[term] ?? [] where work > 0 {
                    guard let other = other.applying(.set(term, value)) else { continue }
                    let states = self.states(other)
                    if own.allSatisfy({ states[$0.leaf.number] == .holds($0.holds) }) { others.append(other) }
                }
            }
        }
        for leaf in doubtful(situation, loose) where !wishes.contains(where: { $0.leaf.number == leaf.number }) {
            others += [situation.doubting(leaf, being: true), situation.doubting(leaf, being: false)]
        }
        return others
    }

    /// Leaves of which it is not known what they are where wishes are granted, since any value may be theirs.
    private func doubtful(_ situation: Situation, _ loose: Set<Term>) -> [Leaf] {
        let supposed = Set(situation.supposed.keys.flatMap { leaves[$0].reads })
        return leaves.filter { leaf in leaf.reads.contains { supposed.contains(where: $0.overlaps) } }
            + opaque.filter { leaf in leaf.reads.contains { loose.contains(where: $0.overlaps) } }
    }

    /// The wishes without those that the decision does not need.
    private mutating func reduced(_ wishes: [Wish]) -> [Wish] {
        var wishes = wishes
        for wish in wishes.reversed() where wishes.count > 1 {
            let rest = wishes.filter { $0 != wish }
            guard case .answer = verdict(on: rest) else { continue }
            // That something is there is told although its value says it, too: a reader looks for it first.
            if wish.isPresence, granting(rest)?.1[wish.leaf.number] == .holds { continue }
            wishes = rest
        }
        return wishes
    }
}
