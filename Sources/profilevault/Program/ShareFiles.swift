import Core
import Gate
import Secrets

extension OptionSpec {
    static let shareThreshold = OptionSpec("threshold", value: "N", "how many shares of the root key it takes")
    static let shareCount = OptionSpec(
        "shares", value: "N", "split the root key into so many shares, to be kept by as many people")
    static let sharesOut = OptionSpec(
        "shares-out", value: "DIR", "a folder for the shares, a new file (mode 0600) each; they are not shown then")
    static let shareFile = OptionSpec(
        "share-file", value: "FILE", isRepeatable: true,
        "a file (mode 0600) whose first line is a share of the root key; may be given several times")

    static let splitting: [OptionSpec] = [.shareThreshold, .shareCount, .sharesOut]
}

/// Where the shares of a root key go: to the terminal, or into files that only the owner may read.
struct ShareOutput {
    private let paths: [String]?
    /// What the options ask for; `nil` for no shares.
    let group: ShareGroup?

    /// Every file that is written, of those that are not there yet.
    var files: [String] { paths ?? [] }

    /// - Throws: `value_invalid` for numbers that make no shares; `output_protected`, `file_exists`.
    init(_ context: Context) throws {
        let arguments = context.arguments
        guard let count = try arguments.integer(.shareCount), let threshold = try arguments.integer(.shareThreshold)
        else {
            guard !OptionSpec.splitting.contains(where: { arguments.has($0) }) else {
                throw CommandError(
                    CommandError.argumentMissing, "`--shares` and `--threshold` go together",
                    remedy: "such as `--shares 5 --threshold 3`")
            }
            (group, paths) = (nil, nil)
            return
        }
        guard (2...16).contains(threshold), (threshold...16).contains(count) else {
            throw CommandError(
                CommandError.valueInvalid, "it takes two shares or more, and there are up to sixteen of them",
                remedy: "such as `--shares 5 --threshold 3`")
        }
        group = ShareGroup(memberThreshold: threshold, memberCount: count)
        paths = try arguments[.sharesOut].map(absolutePath).map { folder in
            try (1...count).map { number in
                try SecretOutput.new("\(folder)/share-\(number)-of-\(count)", for: .sharesOut, context)
            }
        }
    }

    /// Puts the shares into their files, where there are some.
    func store(_ shares: [Share]) throws {
        for (path, share) in zip(files, shares) {
            try OwnerOnlyFolder.make(for: path)
            var line = try share.words().withUnsafeBytes { Array($0) } + [0x0A]
            defer { wipe(&line) }
            try OwnerOnlyFile.put(path, line)
        }
    }

    /// The member of a command's result.
    func addJSON(_ shares: [Share], to object: inout JSONObject) throws {
        guard !shares.isEmpty else { return }
        if let paths {
            object["share_files"] = JSON(paths.map { JSON($0) })
        } else {
            object["shares"] = JSON(try shares.map { JSON(try Self.text($0)) })
        }
    }

    /// What is not in a file, shown this once.
    func write(_ shares: [Share], to output: Output) throws {
        guard let share = shares.first, paths == nil else { return }
        output.line(
            "Shares of the root key, of which \(share.memberThreshold) suffice: each for somebody else, on paper. They are not "
                + "shown again.")
        output.line()
        for (place, share) in shares.enumerated() {
            output.line("  \(place + 1)  " + (try Self.text(share)))
            output.line()
        }
    }

    private static func text(_ share: Share) throws -> String {
        try share.words().withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }
}

/// The shares that people bring together.
enum ShareInput {
    /// From the files that are named; else typed on the terminal, one after the other, until they suffice.
    static func shares(_ arguments: Arguments) throws -> [Share] {
        let files = arguments.all(.shareFile)
        guard files.isEmpty else { return try files.map { try Share(words: SecretLine.read(path: absolutePath($0))) } }
        var shares: [Share] = []
        while true {
            let line = try Prompt.secret(
                "share \(shares.count + 1), its words", otherwise: "name files with shares: --share-file")
            shares.append(try Share(words: line))
            do throws(SecretsError) {
                _ = try Shares.combine(shares)
                return shares
            } catch {
                let isMissingSome = [SecretsError.sharesTooFew, SecretsError.shareGroupsTooFew].contains(error.code)
                guard isMissingSome else { throw error }
            }
        }
    }
}
