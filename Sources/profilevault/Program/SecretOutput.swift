import Secrets

/// A file that something goes into which is shown once: a new one, so that nobody's only way in is written over.
enum SecretOutput {
    /// The absolute path that an option names; `nil` where it was not given.
    ///
    /// - Throws: `output_protected`, `file_exists`.
    static func path(_ option: OptionSpec, _ context: Context) throws -> String? {
        try context.arguments[option].map(absolutePath).map { try new($0, for: option, context) }
    }

    /// A path where no file is yet, in a place that may hold what an option asks for.
    ///
    /// - Throws: `output_protected`, `file_exists`.
    static func new(_ path: String, for option: OptionSpec, _ context: Context) throws -> String {
        try ProtectedPlaces(context).refuse(path, option: "--\(option.name)", isSecret: true)
        guard !OwnerOnlyFile.exists(path) else {
            throw CommandError(
                CommandError.fileExists, "there is a file at `\(path)` already",
                remedy: "name another place: what it holds might be somebody's only way in")
        }
        return path
    }
}
