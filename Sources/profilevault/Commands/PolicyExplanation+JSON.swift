import Cedar
import Core
import Gate

extension PolicyExplanation {
    /// The whole explanation for scripts.
    var json: JSON {
        [
            "allowed": JSON(allows), "closed": closed.map { JSON($0.rawValue) } ?? .null,
            "answers": .array(items.map(\.json)),
        ]
    }
}

extension PolicyExplanation.Item {
    fileprivate var json: JSON {
        let word =
            switch ruling {
            case .clear: "clear"
            case .masked: "masked"
            case .denied: "denied"
            }
        var object = JSONObject()
        object["field"] = field.map { JSON($0) }
        object["ruling"] = JSON(word)
        object["deciding"] = JSON(explanation.response.reasons.map { JSON($0.description) })
        object["policies"] = .array(explanation.accounts.map(\.json))
        object["opposite"] = explanation.opposite.map(\.json) ?? .null
        object["opposite_is_whole"] = JSON(explanation.isWhole)
        return .object(object)
    }
}

extension Explanation.Account {
    fileprivate var json: JSON {
        var object = JSONObject()
        object["policy"] = JSON(policy.description)
        object["effect"] = JSON(effect.rawValue)
        object["file"] = JSON(position.file)
        object["line"] = JSON(position.line)
        switch outcome {
        case .applies: object["outcome"] = "applies"
        case .doesNotApply: object["outcome"] = "does_not_apply"
        case .fails(let error):
            object["outcome"] = "fails"
            object["error"] = JSON(error.message)
        }
        object["mismatches"] = .array(mismatches.map(\.json))
        object["causes"] = .array(causes.map(\.json))
        return .object(object)
    }
}

extension Explanation.Part {
    fileprivate var json: JSON {
        let word =
            switch state {
            case .holds: "true"
            case .doesNotHold: "false"
            case .fails: "no value"
            }
        return [
            "part": JSON(place.rawValue), "text": JSON(text), "is": JSON(word), "policy": JSON(policy.description),
            "file": JSON(position.file), "line": JSON(position.line), "column": JSON(position.column),
        ]
    }
}

extension Explanation.Change {
    fileprivate var json: JSON {
        switch self {
        case .part(let part, let holds):
            var object = part.json.object ?? JSONObject()
            object["must_be"] = JSON(holds)
            return .object(object)
        case .all(let changes): return ["all": .array(changes.map(\.json))]
        case .any(let changes): return ["any": .array(changes.map(\.json))]
        }
    }
}
