import Core

/// One record of the denial ledger.
///
/// Big-endian: format 1 (= 1), kind 1 (1 erasure, 2 erased, 3 credential), request 16, profile 16, time 8. An erasure goes on with
/// tenant 4, row number 8, decision 16, actor kind 1 (1 operator, 2 service, 3 custodian), counted actor, reason 1, entries that are
/// suppressed 2, when that ends 8 (the largest number: never), BLAKE2b-256 of the entries 32. What was erased goes on with
/// a count 1, and for each store its counted name, class 1 (its place in the list of classes), act 1, items 8 (-1: not
/// counted). A credential has its decision for the request and the first 16 bytes of what is denied for the profile (zeros
/// after shorter ones); it goes on with actor kind 1, counted actor, what it is 1 (`CredentialDenial.Kind`), and what is
/// denied, counted.
enum DenialRecord: Equatable {
    case erasure(ErasureOrder)
    case erased(ErasureOutcome)
    case credential(CredentialDenial)

    private static let format: UInt8 = 1

    var profile: ProfileID {
        switch self {
        case .erasure(let order): order.subject.id
        case .erased(let outcome): outcome.profile
        case .credential(let denial): Self.place(of: denial.credential.value)
        }
    }

    var encoded: [UInt8] {
        var writer = ByteWriter(capacity: 160)
        writer.write(Self.format)
        switch self {
        case .erasure(let order):
            Self.write(1, order.request, order.subject.id, order.received, to: &writer)
            writer.write(order.subject.tenant.number)
            writer.write(order.subject.number)
            writer.write(order.decision.bytes)
            writer.write(order.principal.kind.code)
            writer.writeCounted(order.principal.name)
            writer.write(order.reason.rawValue)
            writer.write(UInt16(order.suppression.count))
            writer.write(order.suppression.expires?.milliseconds ?? Int64.max)
            writer.write(order.suppression.digest)
        case .erased(let outcome):
            Self.write(2, outcome.request, outcome.profile, outcome.finished, to: &writer)
            writer.write(UInt8(outcome.stores.count))
            for report in outcome.stores {
                writer.writeCounted(report.store)
                writer.write(UInt8(TableClass.allCases.firstIndex(of: report.tableClass) ?? 0))
                writer.write(report.act.rawValue)
                writer.write(report.items.map { Int64($0) } ?? -1)
            }
        case .credential(let denial):
            Self.write(3, denial.decision, Self.place(of: denial.credential.value), denial.time, to: &writer)
            writer.write(denial.principal.kind.code)
            writer.writeCounted(denial.principal.name)
            writer.write(denial.credential.kind.rawValue)
            writer.writeCounted(denial.credential.value)
        }
        return writer.bytes
    }

    private static func write(
        _ kind: UInt8, _ request: UniqueID, _ profile: ProfileID, _ time: Timestamp, to writer: inout ByteWriter
    ) {
        writer.write(kind)
        writer.write(request.bytes)
        writer.write(profile.bytes)
        writer.write(time.milliseconds)
    }

    /// What a credential's record stands under among the others.
    private static func place(of value: [UInt8]) -> ProfileID {
        ProfileID(bytes: value.prefix(16) + [UInt8](repeating: 0, count: max(0, 16 - value.count)))
            ?? ProfileID(high: 0, low: 0)
    }

    /// `nil` for bytes that no version of this program writes.
    init?(_ body: [UInt8]) {
        var reader = ByteReader(body)
        guard reader.read(UInt8.self) == Self.format, let kind = reader.read(UInt8.self),
            let request = reader.readID(), let profile = reader.readID(), let time = reader.read(Int64.self)
        else { return nil }
        switch kind {
        case 1:
            guard let order = ErasureOrder(&reader, request, profile, Timestamp(milliseconds: time)) else { return nil }
            self = .erasure(order)
        case 2:
            guard let count = reader.read(UInt8.self) else { return nil }
            var stores: [StoreReport] = []
            for _ in 0..<count {
                guard let report = StoreReport(&reader) else { return nil }
                stores.append(report)
            }
            self = .erased(
                ErasureOutcome(
                    request: request, profile: profile, finished: Timestamp(milliseconds: time), stores: stores))
        case 3:
            guard let actor = reader.read(UInt8.self).flatMap(Principal.Kind.init(code:)),
                let name = reader.readCountedText(),
                let what = reader.read(UInt8.self).flatMap(CredentialDenial.Kind.init),
                let value = reader.readCounted(), Self.place(of: Array(value)) == profile
            else { return nil }
            self = .credential(
                CredentialDenial(
                    credential: .init(what, Array(value)), time: Timestamp(milliseconds: time), decision: request,
                    principal: Principal(actor, name)))
        default: return nil
        }
        guard reader.atEnd else { return nil }
    }
}

extension ErasureOrder {
    fileprivate init?(_ reader: inout ByteReader, _ request: UniqueID, _ profile: ProfileID, _ received: Timestamp) {
        guard let tenant = reader.read(UInt32.self), let number = reader.read(Int64.self),
            let decision = reader.readID(), let kind = reader.read(UInt8.self).flatMap(Principal.Kind.init(code:)),
            let name = reader.readCountedText(), let reason = reader.read(UInt8.self).flatMap(ErasureReason.init),
            let count = reader.read(UInt16.self), let expires = reader.read(Int64.self),
            let digest = reader.read(count: 32)
        else { return nil }
        self.init(
            request: request, subject: Subject(tenant: TenantID(tenant), number: number, id: profile),
            received: received, decision: decision, principal: Principal(kind, name),
            reason: reason,
            suppression: SuppressionSeal(
                count: Int(count), expires: expires == .max ? nil : Timestamp(milliseconds: expires),
                digest: Array(digest)))
    }
}

extension StoreReport {
    fileprivate init?(_ reader: inout ByteReader) {
        guard let name = reader.readCountedText(), let place = reader.read(UInt8.self),
            Int(place) < TableClass.allCases.count, let act = reader.read(UInt8.self).flatMap(Act.init),
            let items = reader.read(Int64.self)
        else { return nil }
        self.init(name, TableClass.allCases[Int(place)], act, items: items < 0 ? nil : Int(items))
    }
}

extension ByteReader {
    fileprivate mutating func readID() -> UniqueID? { read(count: 16).flatMap(UniqueID.init(bytes:)) }
}
