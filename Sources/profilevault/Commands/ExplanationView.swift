import Cedar
import Core
import Gate

/// An explanation for people: the answer, the policies as trees, and what would turn it round.
struct ExplanationView {
    private let explanation: PolicyExplanation
    private let output: Output

    init(_ explanation: PolicyExplanation, _ output: Output) {
        self.explanation = explanation
        self.output = output
    }

    func write() {
        if let reason = explanation.closed {
            output.line("\(output.styled("withheld", .red)): \(reason.words), whatever the policies say")
        }
        guard explanation.items.count != 1, !explanation.items.isEmpty else {
            if let item = explanation.items.first { write(item) }
            return
        }
        if explanation.closed != nil { output.line() }
        var table = Table()
        for item in explanation.items {
            let deciding = item.explanation.response.reasons.map(\.description).joined(separator: ", ")
            let (word, style) = Self.words(item.ruling)
            table.add(
                Table.Cell(item.field ?? "", .bold), Table.Cell(word, style),
                Table.Cell(deciding.isEmpty ? "no policy allows it" : deciding, deciding.isEmpty ? .dim : nil))
        }
        output.table(table, indent: 0)
        output.line()
        output.line(output.styled("name one with --field to see why", .dim))
    }

    private static func words(_ ruling: FieldRuling) -> (String, Style) {
        switch ruling {
        case .clear: ("allowed", .green)
        case .masked: ("allowed in outline", .yellow)
        case .denied: ("denied", .red)
        }
    }

    // MARK: - One answer

    private func write(_ item: PolicyExplanation.Item) {
        let (word, style) = Self.words(item.ruling)
        let question = explanation.question
        let object = item.field.map { " of `\($0)`" } ?? ""
        let purpose = question.purpose.map { " for `\($0)`" } ?? ""
        output.line("\(output.styled(word, style)): `\(question.action.rawValue)`\(object)\(purpose)")
        if !item.explanation.response.errors.isEmpty {
            output.line("a policy that cannot be evaluated closes it, whatever the others say")
        }
        // Of policies about other actions and fields there is nothing to say but how many they are.
        let accounts = item.explanation.accounts
        let related = accounts.filter { account in
            !account.mismatches.contains { $0.place == .action || $0.place == .resource }
        }
        for account in related {
            output.line()
            write(account)
        }
        output.line()
        let rest = accounts.count - related.count
        if rest > 0 {
            output.line(
                output.styled("\(rest) \(rest == 1 ? "policy is" : "policies are") about something else", .dim))
            output.line()
        }
        guard let opposite = item.explanation.opposite else { return output.line(Self.without(item)) }
        output.line(item.ruling.allows ? "it would be denied with" : "it would be allowed with")
        tree([opposite.node], "")
        if !item.explanation.isWhole {
            output.line(output.styled("there may be more ways: it is too much to explain", .dim))
        }
    }

    /// What there is to say where nothing was found that would make it otherwise.
    private static func without(_ item: PolicyExplanation.Item) -> String {
        guard item.explanation.isWhole else { return "it is too much to explain what would make it otherwise" }
        return item.explanation.response.errors.isEmpty
            ? "nothing but another policy would make it otherwise"
            : "nothing would make it otherwise before the policy that cannot be evaluated is mended"
    }

    private func write(_ account: Explanation.Account) {
        let (word, style): (String, Style) =
            switch account.outcome {
            case .applies: account.effect == .permit ? ("permits", .green) : ("forbids", .red)
            case .doesNotApply: ("does not apply", .dim)
            case .fails: ("cannot be evaluated", .red)
            }
        output.line(
            "\(output.styled(account.policy.description, .bold))  \(output.styled(word, style))  "
                + output.styled(account.position.description, .dim))
        // Of one that cannot be evaluated the cause says why.
        var nodes = account.mismatches.map { Node(text: $0.text, note: "no") }
        nodes += account.causes.map { part in
            Node(text: part.text, note: "\(part.state.word), \(part.position.line):\(part.position.column)")
        }
        tree(nodes, "")
    }

    // MARK: - Trees

    fileprivate struct Node {
        let text: String
        let note: String
        var below: [Node] = []
    }

    private func tree(_ nodes: [Node], _ margin: String) {
        for (place, node) in nodes.enumerated() {
            let isLast = place == nodes.count - 1
            let note = node.note.isEmpty ? "" : "  " + output.styled(node.note, .dim)
            output.line("\(margin)\(isLast ? "└─" : "├─") \(node.text)\(note)")
            tree(node.below, margin + (isLast ? "   " : "│  "))
        }
    }
}

extension Explanation.Change {
    fileprivate var node: ExplanationView.Node {
        switch self {
        case .part(let part, let holds):
            return ExplanationView.Node(text: part.wish(holds), note: part.policy.description)
        case .all(let changes):
            return ExplanationView.Node(text: "all of", note: "", below: changes.map(\.node))
        case .any(let changes):
            return ExplanationView.Node(text: "one of", note: "", below: changes.map(\.node))
        }
    }
}

extension Explanation.Part {
    /// What would have to be, for people.
    fileprivate func wish(_ holds: Bool) -> String {
        if place == .principal, let entity, entity.type == "Role", text.hasPrefix("principal in ") {
            return holds ? "role `\(entity.id)`" : "not role `\(entity.id)`"
        }
        return holds ? text : "not: \(text)"
    }
}

extension Explanation.Part.State {
    var word: String {
        switch self {
        case .holds: "true"
        case .doesNotHold: "false"
        case .fails(let why): why
        }
    }
}
