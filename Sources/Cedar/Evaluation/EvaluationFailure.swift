/// Why a condition has no value, kept small because failing is part of a decision.
struct EvaluationFailure: Error {
    enum Reason {
        case expected(String, got: Value.Kind)
        case overflow(String)
        case noAttribute(Text)
        case noTag
        case noEntity(type: Text)
        case argumentCount(ExtensionFunction, got: Int)
        case refused(ExtensionFunction, ExtensionFailure)
        case unknownValue
    }

    let reason: Reason
    /// The node that failed.
    let node: Int32

    /// What went wrong, without any value or id: those can be personal data.
    var message: String {
        switch reason {
        case .expected(let wanted, let got): "expected \(wanted), got \(got.rawValue)"
        case .overflow(let operation): "integer overflow in `\(operation)`"
        case .noAttribute(let name): "there is no attribute `\(name)`"
        case .noTag: "there is no such tag"
        case .noEntity(let type): "this entity of type `\(type)` is not known"
        case .argumentCount(let function, let count):
            "`\(function.rawValue)` takes \(function.arity) arguments, got \(count)"
        case .refused(let function, .malformed): "`\(function.rawValue)` cannot read its text"
        case .refused(let function, .outOfRange): "a part of the text given to `\(function.rawValue)` is out of range"
        case .refused(let function, .overflow): "overflow in `\(function.rawValue)`"
        case .unknownValue: "`unknown` has no value"
        }
    }

    /// The same for programs.
    var code: String {
        switch reason {
        case .expected: "cedar.type_error"
        case .overflow, .refused(_, .overflow): "cedar.overflow"
        case .noAttribute: "cedar.no_attribute"
        case .noTag: "cedar.no_tag"
        case .noEntity: "cedar.no_entity"
        case .argumentCount: "cedar.wrong_argument_count"
        case .refused: "cedar.extension_error"
        case .unknownValue: "cedar.unknown_value"
        }
    }
}
