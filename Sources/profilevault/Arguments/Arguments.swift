import Core
import Gate

/// What was given to a command, checked against what it takes.
struct Arguments: Sendable {
    var operands: [String] = []
    private var values: [String: [String]] = [:]

    init() {}

    /// The option's value; `nil` when it was not given.
    subscript(option: OptionSpec) -> String? { values[option.name]?.last }

    /// Whether a flag was given.
    func has(_ option: OptionSpec) -> Bool { values[option.name] != nil }

    /// All values of an option that may be given several times.
    func all(_ option: OptionSpec) -> [String] { values[option.name] ?? [] }

    /// The option's value, or a usage error that names it.
    func required(_ option: OptionSpec) throws(CommandError) -> String {
        guard let value = self[option] else {
            throw CommandError(
                CommandError.argumentMissing, "the option `--\(option.name)` is needed", remedy: "add `\(option.usage)`"
            )
        }
        return value
    }

    /// The option's value as a whole number of at least `least`.
    func integer(_ option: OptionSpec, least: Int = 0) throws(CommandError) -> Int? {
        guard let text = self[option] else { return nil }
        guard let number = Int(text), number >= least else {
            throw CommandError(
                CommandError.valueInvalid, "`--\(option.name)` takes a whole number of at least \(least)",
                remedy: "write `\(option.usage)` with a number")
        }
        return number
    }

    /// A reason that stays in the log: something was written, and not a book.
    func sentence(_ text: String, of option: OptionSpec) throws(CommandError) -> String {
        let isWritten = text.unicodeScalars.contains { $0.properties.isAlphabetic }
        guard isWritten, text.utf8.count <= Gate.longestReason else {
            throw CommandError(
                CommandError.valueInvalid, "`--\(option.name)` takes a sentence of at most \(Gate.longestReason) bytes")
        }
        return text
    }

    /// The names that `--fields` lists; `nil` where it was not given.
    var fields: [String]? {
        self[.fields].map { list in
            list.split(separator: ",").map { String($0.drop { $0 == " " }) }.reduce(into: []) { names, name in
                if !names.contains(name) { names.append(name) }
            }
        }
    }

    mutating func set(_ option: OptionSpec, _ value: String) throws(CommandError) {
        guard values[option.name] == nil || option.isRepeatable else {
            throw CommandError(
                CommandError.conflict, "the option `--\(option.name)` is given twice",
                remedy: "give it once")
        }
        values[option.name, default: []].append(value)
    }

    /// - Throws: `conflict` where an option is given that has no meaning with the command.
    func refuse(_ option: OptionSpec, because reason: String) throws(CommandError) {
        guard has(option) else { return }
        throw CommandError(
            CommandError.conflict, "`--\(option.name)` has no meaning here: \(reason)", remedy: "leave it out")
    }

    /// Refuses two options that exclude each other.
    func exclude(_ first: OptionSpec, _ second: OptionSpec) throws(CommandError) {
        guard has(first), has(second) else { return }
        throw CommandError(
            CommandError.conflict, "`--\(first.name)` and `--\(second.name)` exclude each other",
            remedy: "give one of them")
    }
}
