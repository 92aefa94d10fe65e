import Activation
import Core
import Foundation
import Gate
import Ingest
import Storage
import TestSupport
import Vault

/// Keeps what is exported in memory, and does at each step what a test wants done meanwhile.
final class MemoryDestination: Destination {
    enum Step: Equatable { case writing(Int), settling, removing, publishing }

    let delivery: Export.Delivery
    private(set) var bytes: [UInt8] = []
    private(set) var isPublished = false
    private var writes = 0
    private let meanwhile: (Step) throws -> Void

    init(_ delivery: Export.Delivery = .file, meanwhile: @escaping (Step) throws -> Void = { _ in }) {
        self.delivery = delivery
        self.meanwhile = meanwhile
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }
    /// The rows without the header, by their first field.
    var rows: [String: [String]] {
        let lines = text.components(separatedBy: "\r\n").dropFirst().filter { !$0.isEmpty }
        return Dictionary(
            uniqueKeysWithValues: lines.map { line in
                let parts = line.components(separatedBy: ",")
                return (parts[0], Array(parts.dropFirst()))
            })
    }

    func write(_ more: [UInt8]) throws {
        try meanwhile(.writing(writes))
        writes += 1
        bytes += more
    }

    func settle() throws { try meanwhile(.settling) }

    func remove(_ pieces: [Range<Int>]) throws {
        try meanwhile(.removing)
        for piece in pieces.reversed() { bytes.removeSubrange(piece) }
    }

    func publish() throws {
        try meanwhile(.publishing)
        isPublished = true
    }
}

extension VaultFixture {
    func export(
        for purpose: String, fields: [String]? = nil, by caller: Caller = marketer, as format: ExportFormat = .csv,
        to destination: MemoryDestination, shouldStop: () -> Bool = { false }
    ) throws -> Exporter.Outcome {
        try Exporter(gate: gate).run(
            ReadRequest(caller: caller, purpose: purpose, fields: fields), as: format, to: destination,
            shouldStop: shouldStop)
    }

    /// Brings a file in, as the command line would.
    @discardableResult
    func importing(_ bytes: [UInt8]) throws -> ImportCounts {
        let region = gate.tenant.region
        return try Importer(vault: vault, gate: gate, caller: Self.engineer).run(
            source: "test", rejectsPath: directory.file("rejects.jsonl"),
            open: { try MappedInput(ByteSource(bytes), region: region) }
        ).counts
    }

    /// So many people who all agree to be written to, and their ids in order.
    func addMany(_ count: Int) throws -> [Subject] {
        var text = "customer_id,email,first_name,consent_marketing_email\n"
        for number in 0..<count { text += "c\(number),p\(number)@example.org,Name \(number),yes\n" }
        try importing(Array(text.utf8))
        var subjects: [Subject] = []
        _ = try vault.stores.data.read { connection in
            try vault.profiles.rows(after: 0, of: gate.tenant.id, limit: .max, on: connection) {
                subjects.append($0.subject)
            }
        }
        return subjects
    }
}
