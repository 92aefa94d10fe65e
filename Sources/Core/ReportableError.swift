/// How a command ends, as its process exit status.
public enum ExitStatus: Int32, Sendable {
    case done = 0
    case failed = 1
    case usage = 2
    /// Refused by the gate: no consent, no permission, no session.
    case refused = 3
    case notFound = 4
    /// Something stored is not what was written.
    case integrity = 5
}

/// The machine-readable name of an error, `room.what_happened`, and how a command that meets it ends.
public struct ErrorCode: Hashable, Sendable, CustomStringConvertible {
    public let name: String
    public let exit: ExitStatus

    public init(_ name: String, exit: ExitStatus = .failed) {
        self.name = name
        self.exit = exit
    }

    public var description: String { name }
}

/// An error that can be shown to an operator: every room has one type of it.
///
/// Neither sentence ever holds a key, a field's value, an identifier of a person or an SQL argument.
public protocol ReportableError: Error, Sendable, CustomStringConvertible {
    var code: ErrorCode { get }
    /// What failed: lower case, no full stop, user input in backticks.
    var message: String { get }
    /// What to do next, where something can be done.
    var remedy: String? { get }
}

extension ReportableError {
    public var description: String { "\(code.name): \(message)" }
}
