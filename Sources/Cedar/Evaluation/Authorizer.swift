extension PolicySet {
    /// Decides a request: denied unless a permit applies and no forbid does.
    ///
    /// A policy whose evaluation fails is left out and reported, so that a broken forbid does not forbid:
    /// a caller that wants to be stricter refuses when there are errors.
    public func isAuthorized(_ request: Request, entities: Entities) -> Response {
        var permits = Hits()
        var forbids = Hits()
        var failures: [(Int32, EvaluationFailure)] = []
        compiled.withEvaluator(of: request, entities) { evaluator in
            compiled.index.forEachCandidate(evaluator.scene.pointee.subjects) { place in
                do throws(EvaluationFailure) {
                    guard try compiled.applies(place, evaluator) else { return }
                    if compiled.isPermit(place) { permits.add(place) } else { forbids.add(place) }
                } catch {
                    failures.append((place, error))
                }
            }
        }
        return Response(
            decision: forbids.isEmpty && !permits.isEmpty ? .allow : .deny,
            reasons: ids(forbids.isEmpty ? permits : forbids), errors: failures.isEmpty ? [] : errors(failures))
    }

    /// Places of policies that apply, in order and each once; a few take no memory of their own.
    private struct Hits {
        private var few = InlineArray<8, Int32>(repeating: 0)
        private var count = 0
        private var more: Set<Int32> = []

        var isEmpty: Bool { count == 0 }
        /// The only one.
        var only: Int32? { count == 1 ? few[0] : nil }

        mutating func add(_ place: Int32) {
            var gap = count
            while gap > 0, few[gap - 1] > place { gap -= 1 }
            guard gap == 0 || few[gap - 1] != place else { return }
            guard count < few.count else {
                more.insert(place)
                return
            }
            var last = count
            while last > gap {
                few[last] = few[last - 1]
                last -= 1
            }
            few[gap] = place
            count += 1
        }

        func map<T>(_ transform: (Int) -> T) -> [T] {
            var result: [T] = []
            result.reserveCapacity(count + more.count)
            guard !more.isEmpty else {
                for index in 0..<count { result.append(transform(Int(few[index]))) }
                return result
            }
            var places = more
            for index in 0..<count { places.insert(few[index]) }
            for place in places.sorted() { result.append(transform(Int(place))) }
            return result
        }
    }

    /// The ids of policies, in the order of the set.
    private func ids(_ hits: borrowing Hits) -> [PolicyID] {
        if let only = hits.only { return compiled.ids[Int(only)] }
        return hits.isEmpty ? [] : hits.map { policies[$0].id }
    }

    private func errors(_ failures: [(Int32, EvaluationFailure)]) -> [EvaluationError] {
        let first = [Int32: EvaluationFailure](failures) { first, _ in first }
        return first.sorted { $0.key < $1.key }.map { place, failure in
            let policy = policies[Int(place)]
            let offset = Int(compiled.program.offsets[Int(failure.node)])
            return EvaluationError(
                policy: policy.id, code: failure.code, message: failure.message,
                position: policy.source.position(at: offset))
        }
    }
}
