#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import Core
import Foundation

/// One run of the command line: words in, exit status out.
enum Program {
    static let version = "0.1.0"

    static func run(_ words: [String]) -> Int32 { run(words.map { Array($0.utf8) }) }

    static func run(_ words: [[UInt8]]) -> Int32 {
        // A reader that leaves early, or a limit on the size of files, must not kill the program in the middle of a
        // change: the write that meets it says so instead.
        for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
        umask(0o077)
        refuseCoreDumps()
        let environment = ProcessInfo.processInfo.environment
        let output = Output(terminal: Terminal(environment: environment))
        let json = words.prefix { $0 != Array("--".utf8) }.contains(Array("--json".utf8))
        do {
            let status = try perform(try ArgumentParser.parse(InputLine.words(words)), environment, output)
            if let failure = output.finish() { throw failure }
            // The reader knows that it left; a script should know that not everything arrived.
            return status == .done && output.isCut ? ExitStatus.failed.rawValue : status.rawValue
        } catch {
            let reportable = Self.reportable(error)
            output.report(reportable, json: json)
            return reportable.code.exit.rawValue
        }
    }

    /// Opened values lie in ordinary memory for a moment. One byte and not none, because a program that the kernel hands
    /// dumps to gets them whole unless the limit is exactly that (core(5)).
    private static func refuseCoreDumps() {
        var limit = rlimit(rlim_cur: 1, rlim_max: 1)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
    }

    private static func perform(
        _ request: ArgumentParser.Request, _ environment: [String: String], _ output: Output
    ) throws -> ExitStatus {
        switch request {
        case .command(let command, let arguments):
            return try command.run(Context(arguments: arguments, environment: environment, output: output))
        case .help(let words):
            try Help(words).write(to: output)
            return .done
        case .version:
            output.line("profilevault \(version)")
            return .done
        }
    }

    /// An error of no room is reported without what it carries, which may be anything.
    private static func reportable(_ error: any Error) -> any ReportableError {
        if let error = error as? any ReportableError { return error }
        return InternalError(kind: String(describing: type(of: error)))
    }
}

/// Something that no room foresaw.
private struct InternalError: ReportableError {
    let kind: String

    var code: ErrorCode { ErrorCode("internal") }
    var message: String { "something went wrong that should not (`\(kind)`)" }
    var remedy: String? { "run `profilevault doctor`; if it finds nothing, please report this as a bug" }
}
