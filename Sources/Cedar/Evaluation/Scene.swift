/// What a decision looks at: the program, the request's entities and its context, each looked up once.
///
/// The addresses in it are lent, so it never leaves `withEvaluator`.
struct Scene: ~Copyable {
    /// One of a request's entities, as nearly every policy asks about it.
    struct Subject: ~Copyable {
        let uid: EntityUID
        let isKnown: Bool
        let attributes: UnsafeBufferPointer<Record.Entry>
        let lineage: Lineage

        @inline(__always)
        init(
            _ uid: EntityUID, _ node: borrowing Entities.Node?, _ attributes: UnsafeBufferPointer<Record.Entry>,
            _ numbers: borrowing EntityNumbers
        ) {
            self.uid = uid
            isKnown = node != nil
            self.attributes = attributes
            lineage = Lineage(uid, node, numbers)
        }
    }

    /// The three entities of a request.
    struct Subjects: ~Copyable {
        let principal: Subject
        let action: Subject
        let resource: Subject
    }

    let program: Program.Tables
    let subjects: Subjects
    let context: Record
    let contextEntries: UnsafeBufferPointer<Record.Entry>
    let entities: Entities
}

extension CompiledPolicies {
    /// Lends an evaluator of a request.
    @inline(__always)
    func withEvaluator(of request: Request, _ entities: Entities, _ body: (Evaluator) -> Void) {
        let principal = entities.node(request.principal)
        let action = entities.node(request.action)
        let resource = entities.node(request.resource)
        program.withTables { tables in
            Record.withEntries(of: principal?.attributes, action?.attributes, resource?.attributes, request.context) {
                let scene = Scene(
                    program: tables,
                    subjects: Scene.Subjects(
                        principal: Scene.Subject(request.principal, principal, $0, numbers),
                        action: Scene.Subject(request.action, action, $1, numbers),
                        resource: Scene.Subject(request.resource, resource, $2, numbers)),
                    context: request.context, contextEntries: $3, entities: entities)
                withUnsafePointer(to: scene) { body(Evaluator(scene: $0)) }
            }
        }
    }
}

extension Record {
    fileprivate typealias Entries = UnsafeBufferPointer<Entry>

    /// Lends the entries of four records; where there is no record there are none.
    @inline(__always)
    fileprivate static func withEntries(
        of a: Record?, _ b: Record?, _ c: Record?, _ d: Record, _ body: (Entries, Entries, Entries, Entries) -> Void
    ) {
        (a?.entries ?? []).withUnsafeBufferPointer { a in
            (b?.entries ?? []).withUnsafeBufferPointer { b in
                (c?.entries ?? []).withUnsafeBufferPointer { c in
                    d.entries.withUnsafeBufferPointer { d in body(a, b, c, d) }
                }
            }
        }
    }
}
