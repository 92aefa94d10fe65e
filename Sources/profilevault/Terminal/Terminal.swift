#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What is at the other end of the standard streams, as far as output must know.
struct Terminal: Sendable {
    let outputIsTerminal: Bool
    let errorIsTerminal: Bool
    let colours: Bool
    let errorColours: Bool

    /// Looks at the streams and at `NO_COLOR` (no-color.org) and `TERM`.
    init(environment: [String: String]) {
        outputIsTerminal = isatty(STDOUT_FILENO) == 1
        errorIsTerminal = isatty(STDERR_FILENO) == 1
        let allowed = (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
        colours = outputIsTerminal && allowed
        errorColours = errorIsTerminal && allowed
    }

    /// Columns of the terminal that progress is shown on; 80 where it does not say.
    var errorWidth: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}

/// The few ways in which words are set off.
enum Style: String, Sendable, CaseIterable {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case cyan = "36"

    private static let end = "\u{1B}[0m"

    private var start: String { "\u{1B}[\(rawValue)m" }

    /// Everything that is ever sent to set words off.
    static let sequences = allCases.map(\.start) + [end]

    /// The text in this style, or as it is when colours are off.
    func callAsFunction(_ text: String, _ colours: Bool) -> String {
        colours ? start + text + Self.end : text
    }
}
