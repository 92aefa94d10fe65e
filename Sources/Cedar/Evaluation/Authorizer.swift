extension PolicySet {
    /// Decides a request: denied unless a permit applies and no forbid does.
    ///
    /// A policy whose evaluation fails is left out and reported, so that a broken forbid does not forbid:
    /// a caller that wants to be stricter refuses when there are errors.
    public func isAuthorized(_ request: Request, entities: Entities) -> Response {
        let evaluator = Evaluator(compiled, request, entities)
        var permits: [Int32] = []
        var forbids: [Int32] = []
        var failures: [(Int32, EvaluationFailure)] = []
        compiled.index.forEachCandidate(evaluator) { number in
            let entry = compiled.entries[Int(number)]
            do throws(EvaluationFailure) {
                guard try compiled.applies(entry, evaluator) else { return }
                if entry.effect == .permit { permits.append(number) } else { forbids.append(number) }
            } catch {
                failures.append((number, error))
            }
        }
        let isAllowed = forbids.isEmpty && !permits.isEmpty
        return Response(
            decision: isAllowed ? .allow : .deny, reasons: ids(forbids.isEmpty ? permits : forbids),
            errors: failures.isEmpty ? [] : errors(failures))
    }

    /// The ids of policies, each once, in the order of the set.
    private func ids(_ numbers: [Int32]) -> [PolicyID] {
        guard numbers.count > 1 else { return numbers.map { policies[Int($0)].id } }
        return Set(numbers).sorted().map { policies[Int($0)].id }
    }

    private func errors(_ failures: [(Int32, EvaluationFailure)]) -> [EvaluationError] {
        let first = [Int32: EvaluationFailure](failures) { first, _ in first }
        return first.sorted { $0.key < $1.key }.map { number, failure in
            let policy = policies[Int(number)]
            let offset = Int(compiled.program.offsets[Int(failure.node)])
            return EvaluationError(
                policy: policy.id, code: failure.code, message: failure.message,
                position: policy.source.position(at: offset))
        }
    }
}
