/// One option of a command: `--name VALUE`, or a flag.
struct OptionSpec: Sendable {
    let name: String
    /// What the usage text calls the value; `nil` for a flag.
    let value: String?
    let summary: String
    let isRepeatable: Bool

    init(_ name: String, value: String? = nil, isRepeatable: Bool = false, _ summary: String) {
        self.name = name
        self.value = value
        self.summary = summary
        self.isRepeatable = isRepeatable
    }

    /// As the usage text shows it: `--home DIR`.
    var usage: String { value.map { "--\(name) \($0)" } ?? "--\(name)" }
}

extension OptionSpec {
    static let home = OptionSpec("home", value: "DIR", "the vault's folder (default: $PROFILEVAULT_HOME, else ./vault)")
    static let tenant = OptionSpec("tenant", value: "NAME", "whose customers (default: default)")
    static let json = OptionSpec(
        "json", "one JSON value on standard output, JSON lines for lists; an error is one, too")
    static let keyFile = OptionSpec(
        "key-file", value: "PATH", "the root key's file, when it is not where vault.json says")
    static let passphraseFile = OptionSpec(
        "passphrase-file", value: "PATH", "a file (mode 0600) whose first line is the root key's passphrase")
    static let serviceKeyFile = OptionSpec(
        "service-key-file", value: "PATH", "a file (mode 0600) with a service's key, in the place of a session")
    static let help = OptionSpec("help", "what the command does and takes")

    /// Accepted before and after the command.
    static let global: [OptionSpec] = [.home, .tenant, .json, .keyFile, .passphraseFile, .serviceKeyFile, .help]

    static let role = OptionSpec(
        "role", value: "ROLE", isRepeatable: true, "what the policies know them as; may be given several times")
    static let purpose = OptionSpec("purpose", value: "PURPOSE", "what the data is wanted for, a name of purposes.json")
    static let fields = OptionSpec(
        "fields", value: "A,B", "only these fields, names of schema.json separated by commas")
    static let operatorName = OptionSpec("operator", value: "NAME", "the operator's name")
    static let passwordFile = OptionSpec(
        "password-file", value: "FILE", "a file (mode 0600) whose first line is the operator's password")
    static let passwordDescriptor = OptionSpec(
        "password-fd", value: "N", "an open file descriptor to read the operator's password from")
}
