import Core
import Foundation
import Secrets

/// The files of one policy set, byte for byte: what is signed, stored and archived by its hash.
package struct PolicyBundle: Sendable, Equatable {
    /// Contents by name, relative to the folder: `purposes.json`, `schema.json`, `*.cedar`, `schema.cedarschema`.
    package let files: [String: [UInt8]]

    package init(files: [String: [UInt8]]) { self.files = files }

    /// Reads the proposal in a folder. Policy tests are not part of the set.
    package init(folder: String) throws(GateError) {
        var files: [String: [UInt8]] = [:]
        for name in try Self.names(in: folder) where Self.belongs(name) {
            guard let content = FileManager.default.contents(atPath: folder + "/" + name) else {
                throw GateError(GateError.policiesMissing, "the policy file `\(folder)/\(name)` cannot be read")
            }
            files[name] = Array(content)
        }
        for required in ["purposes.json", "schema.json"] where files[required] == nil {
            throw GateError(
                GateError.policiesMissing, "the policies folder `\(folder)` has no \(required)",
                remedy: "see policies/README.md for what a policy set consists of")
        }
        self.init(files: files)
    }

    /// What lies in a folder, sorted.
    static func names(in folder: String) throws(GateError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            throw GateError(
                GateError.policiesMissing, "the policies folder `\(folder)` cannot be read",
                remedy: "check the path, and who may read it")
        }
    }

    /// Whether a file of this name is part of a set; hidden ones never are.
    static func belongs(_ name: String) -> Bool {
        ["purposes.json", "schema.json", "schema.cedarschema"].contains(name)
            || (name.hasSuffix(".cedar") && !name.hasPrefix("."))
    }

    /// `count (4)`, then for each file in the order of its name's bytes its name and content, both counted.
    package var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.write(UInt32(files.count))
        for (name, content) in files.sorted(by: { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }) {
            writer.writeCounted(name)
            writer.writeCounted(content)
        }
        return writer.bytes
    }

    /// `nil` when the bytes are not an encoded bundle.
    package init?(decoding bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        guard let count = reader.read(UInt32.self) else { return nil }
        var files: [String: [UInt8]] = [:]
        for _ in 0..<count {
            guard let name = reader.readCountedText(), let content = reader.readCounted() else { return nil }
            files[name] = Array(content)
        }
        guard reader.atEnd else { return nil }
        self.init(files: files)
    }

    /// BLAKE2b-256 of the encoded bundle.
    package var hash: [UInt8] { BLAKE2b.digest(encoded) }
}
