package import Core
package import Secrets

/// What a vault says about itself before any key is at hand: `vault.json`. Nothing in it is secret.
package struct Header: Sendable {
    package static let currentFormat = 1
    /// Bytes.
    package static let rootKeyLength = 32

    package let vault: VaultID
    package let created: Timestamp
    /// The root key as each provider wrapped it; any one gives it back.
    package var envelopes: [RootEnvelope]
    /// Paths of the epoch holders; a relative one is inside the home.
    package var epochHolders: [String]
    /// Whether acknowledged writes and reads survive a power cut, or the end of the process only.
    package var strict: Bool
    /// 1 for the first root key, one more with every rotation.
    package var rootVersion: UInt32

    package init(
        vault: VaultID, created: Timestamp, envelopes: [RootEnvelope], epochHolders: [String], strict: Bool,
        rootVersion: UInt32 = 1
    ) {
        self.rootVersion = rootVersion
        self.vault = vault
        self.created = created
        self.envelopes = envelopes
        self.epochHolders = epochHolders
        self.strict = strict
    }

    package var encoded: [UInt8] {
        var object = JSONObject()
        object["format"] = JSON(Self.currentFormat)
        object["vault"] = JSON(vault.description)
        object["created"] = JSON(created.description)
        object["durability"] = JSON(strict ? "strict" : "ordinary")
        object["epoch_holders"] = .array(epochHolders.map { JSON($0) })
        if rootVersion > 1 { object["root_version"] = JSON(Int(rootVersion)) }
        object["root_key"] = .array(
            envelopes.map { envelope in
                var parameters = JSONObject()
                for (name, value) in envelope.parameters.sorted(by: { $0.key < $1.key }) {
                    parameters[name] = JSON(value)
                }
                var member = JSONObject()
                member["provider"] = JSON(envelope.provider)
                member["parameters"] = .object(parameters)
                member["wrapped"] = JSON(hex(envelope.wrapped.bytes))
                member["commitment"] = JSON(hex(envelope.wrapped.commitment))
                return .object(member)
            })
        return JSON.object(object).bytes(.pretty) + [0x0A]
    }

    /// - Throws: `headerMalformed`, or `newerFormat` when a later release wrote it.
    package init(decoding content: [UInt8]) throws(VaultError) {
        do {
            var fields = try JSONFields(JSON(parsing: content), at: "")
            let format = try fields.integer("format")
            guard format <= Self.currentFormat else {
                throw VaultError(
                    VaultError.newerFormat,
                    "the vault has format \(format), this program knows up to \(Self.currentFormat)",
                    remedy: "use the newer release that wrote it")
            }
            guard let vault = VaultID(try fields.string("vault")) else { throw fields.error("vault", "must be an id") }
            guard let created = Timestamp(try fields.string("created")) else {
                throw fields.error("created", "must be a time")
            }
            let durability = try fields.string("durability")
            guard ["strict", "ordinary"].contains(durability) else {
                throw fields.error("durability", "must be `strict` or `ordinary`")
            }
            var holders: [String] = []
            for holder in try fields.array("epoch_holders") {
                guard let path = holder.string else { throw fields.error("epoch_holders", "must hold strings") }
                holders.append(path)
            }
            var envelopes: [RootEnvelope] = []
            for (index, json) in try fields.array("root_key").enumerated() {
                envelopes.append(try Self.envelope(json, at: "root_key[\(index)]"))
            }
            let rootVersion = try fields.optional("root_version").map { json throws(JSONShapeError) in
                guard let version = json.integer.flatMap({ UInt32(exactly: $0) }), version > 0 else {
                    throw fields.error("root_version", "must be a whole number from 1 on")
                }
                return version
            }
            try fields.finish()
            self.init(
                vault: vault, created: created, envelopes: envelopes, epochHolders: holders,
                strict: durability == "strict", rootVersion: rootVersion ?? 1)
        } catch let error as VaultError {
            throw error
        } catch {
            throw VaultError(
                VaultError.headerMalformed, "the vault's header vault.json cannot be read: \(error)",
                remedy: "restore vault.json from a copy of the home")
        }
    }

    private static func envelope(_ json: JSON, at path: String) throws(JSONShapeError) -> RootEnvelope {
        var fields = try JSONFields(json, at: path)
        let provider = try fields.string("provider")
        let parameters = try fields.strings("parameters")
        guard let wrapped = bytes(hex: try fields.string("wrapped")),
            let commitment = bytes(hex: try fields.string("commitment"))
        else { throw fields.error("wrapped", "must be hexadecimal, as `commitment`") }
        try fields.finish()
        return RootEnvelope(
            provider: provider, parameters: parameters, wrapped: WrappedKey(bytes: wrapped, commitment: commitment))
    }
}
