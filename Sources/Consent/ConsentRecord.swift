public import Core
import Secrets

/// One entry of the ledger: what one act or one row of a source changed for one person.
///
/// The stored body is also what the chain hashes. Big-endian, `text` being a length of 1 byte and UTF-8: format 1 (= 1),
/// sequence 8, recorded 8, flags 1 (1 effective, 2 evidence), [effective 8], decision 16, actor kind 1 (1 operator, 2
/// service), actor text, source text, [key id 4, BLAKE2b-256 of the sealed evidence 32], count 1, then the changes:
/// purpose text, state 1, basis 1 (0 when about all purposes), flags 1 (1 expires, 2 notice), [expires 8], [notice id
/// text, notice version text].
public struct ConsentRecord: Sendable, Equatable {
    static let format: UInt8 = 1

    /// From 1, without gaps.
    public let sequence: UInt64
    public let recorded: Timestamp
    /// When the person acted, where that is known.
    public let effective: Timestamp?
    /// The decision that allowed the recording.
    public let decision: UniqueID
    public let actor: Principal
    public let source: String
    public let changes: [RecordedChange]
    let evidence: EvidenceSeal?

    /// There is sealed evidence beside the record.
    public var hasEvidence: Bool { evidence != nil }

    /// What pins the evidence to the record.
    struct EvidenceSeal: Equatable {
        let keyID: UInt32
        let digest: [UInt8]
    }

    /// What the chain starts from: each person's is another.
    static func genesis(of subject: Subject) -> [UInt8] {
        let hash = BLAKE2b(length: 32)
        hash.update("profilevault consent chain v1")
        hash.update(subject.tenant.number)
        hash.update(subject.id.high)
        hash.update(subject.id.low)
        return hash.finish()
    }

    /// The hash of the record that follows `previous`: `BLAKE2b-256("profilevault consent record v1" ‖ previous ‖ body)`.
    static func link(_ previous: [UInt8], _ body: [UInt8]) -> [UInt8] {
        let hash = BLAKE2b(length: 32)
        hash.update("profilevault consent record v1")
        hash.update(previous)
        hash.update(body)
        return hash.finish()
    }

    func encoded() -> [UInt8] {
        var writer = ByteWriter(capacity: 96 + changes.count * 64)
        writer.write(Self.format)
        writer.write(sequence)
        writer.write(recorded.milliseconds)
        writer.write((effective == nil ? 0 : 1) | (evidence == nil ? 0 : 2) as UInt8)
        if let effective { writer.write(effective.milliseconds) }
        writer.write(decision.high)
        writer.write(decision.low)
        writer.write(actor.kind.code)
        writer.writeText(actor.name)
        writer.writeText(source)
        if let evidence {
            writer.write(evidence.keyID)
            writer.write(evidence.digest)
        }
        writer.write(UInt8(changes.count))
        for change in changes { change.write(to: &writer) }
        return writer.bytes
    }

    init(
        sequence: UInt64, recorded: Timestamp, effective: Timestamp?, decision: UniqueID, actor: Principal,
        source: String, changes: [RecordedChange], evidence: EvidenceSeal?
    ) {
        self.sequence = sequence
        self.recorded = recorded
        self.effective = effective
        self.decision = decision
        self.actor = actor
        self.source = source
        self.changes = changes
        self.evidence = evidence
    }

    /// `nil` for bytes that no version of this program writes.
    init?(_ body: [UInt8]) {
        var reader = ByteReader(body)
        guard reader.read(UInt8.self) == Self.format, let sequence = reader.read(UInt64.self),
            let recorded = reader.read(Int64.self), let flags = reader.read(UInt8.self), flags < 4
        else { return nil }
        var effective: Timestamp?
        if flags & 1 != 0 {
            guard let milliseconds = reader.read(Int64.self) else { return nil }
            effective = Timestamp(milliseconds: milliseconds)
        }
        guard let decision = reader.read(count: 16).flatMap(UniqueID.init(bytes:)),
            let kind = reader.read(UInt8.self).flatMap(Principal.Kind.init(code:)), let name = reader.readText(),
            let source = reader.readText()
        else { return nil }
        var evidence: EvidenceSeal?
        if flags & 2 != 0 {
            guard let keyID = reader.read(UInt32.self), let digest = reader.read(count: 32) else { return nil }
            evidence = EvidenceSeal(keyID: keyID, digest: Array(digest))
        }
        guard let count = reader.read(UInt8.self) else { return nil }
        var changes: [RecordedChange] = []
        for _ in 0..<count {
            guard let change = RecordedChange(&reader) else { return nil }
            changes.append(change)
        }
        guard reader.atEnd else { return nil }
        self.init(
            sequence: sequence, recorded: Timestamp(milliseconds: recorded), effective: effective, decision: decision,
            actor: Principal(kind, name), source: source, changes: changes,
            evidence: evidence)
    }
}

/// What a record says about one purpose.
public struct RecordedChange: Sendable, Equatable {
    /// The purpose's name, or `*`.
    public let purpose: String
    public let state: ConsentState
    /// The purpose's legal basis at that time; `nil` when the record is about all purposes.
    public let basis: LegalBasis?
    public let expires: Timestamp?
    public let notice: Notice?

    func write(to writer: inout ByteWriter) {
        writer.writeText(purpose)
        writer.write(state.rawValue)
        writer.write(basis?.ledgerCode ?? 0)
        writer.write((expires == nil ? 0 : 1) | (notice == nil ? 0 : 2) as UInt8)
        if let expires { writer.write(expires.milliseconds) }
        if let notice {
            writer.writeText(notice.id)
            writer.writeText(notice.version)
        }
    }

    init(purpose: String, state: ConsentState, basis: LegalBasis?, expires: Timestamp?, notice: Notice?) {
        self.purpose = purpose
        self.state = state
        self.basis = basis
        self.expires = expires
        self.notice = notice
    }

    init?(_ reader: inout ByteReader) {
        guard let purpose = reader.readText(),
            let state = reader.read(UInt8.self).flatMap(ConsentState.init(rawValue:)),
            let basis = reader.read(UInt8.self), let flags = reader.read(UInt8.self), flags < 4
        else { return nil }
        self.purpose = purpose
        self.state = state
        if basis == 0 {
            self.basis = nil
        } else {
            guard let known = LegalBasis(ledgerCode: basis) else { return nil }
            self.basis = known
        }
        if flags & 1 != 0 {
            guard let milliseconds = reader.read(Int64.self) else { return nil }
            expires = Timestamp(milliseconds: milliseconds)
        } else {
            expires = nil
        }
        if flags & 2 != 0 {
            guard let id = reader.readText(), let version = reader.readText() else { return nil }
            notice = Notice(id: id, version: version)
        } else {
            notice = nil
        }
    }
}

extension ByteWriter {
    /// A text of at most 255 bytes, which the ledger has checked.
    fileprivate mutating func writeText(_ text: String) {
        write(UInt8(text.utf8.count))
        write(text.utf8)
    }
}

extension ByteReader {
    fileprivate mutating func readText() -> String? {
        guard let count = read(UInt8.self), let bytes = read(count: Int(count)) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}
