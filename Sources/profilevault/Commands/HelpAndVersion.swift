import Core

extension CommandSpec {
    static let help = CommandSpec(
        "help", operands: "[COMMAND …]", count: 0...2, summary: "say what the commands do"
    ) { context in
        try Help(context.arguments.operands).write(to: context.output)
        return .done
    }

    static let version = CommandSpec("version", summary: "say which release this is, and what it was built with") {
        context in
        let features = Build.features
        guard context.json else {
            context.output.line("profilevault \(Program.version)")
            context.output.line("built with: \(features.isEmpty ? "the core alone" : features.joined(separator: ", "))")
            return .done
        }
        context.output.json([
            "version": JSON(Program.version), "features": JSON(features.map { JSON($0) }),
            "format": JSON(1),
        ])
        return .done
    }
}

/// What this program was built with beyond the core.
private enum Build {
    static var features: [String] {
        var features: [String] = []
        #if Phones
            features.append("phones")
        #endif
        #if Domains
            features.append("domains")
        #endif
        #if Compression
            features.append("compression")
        #endif
        #if OneTimeCodes
            features.append("one-time codes")
        #endif
        #if Passkeys
            features.append("passkeys")
        #endif
        #if HardwareKeys
            features.append("hardware keys")
        #endif
        #if KeyServices
            features.append("key services")
        #endif
        return features
    }
}
