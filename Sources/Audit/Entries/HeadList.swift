import Core
import Secrets

/// The head changes of one entry as they are sealed beside it.
///
/// Format 1: a byte `1`, then for each change: a byte (kind, plus 0x80 when a tenant follows), the tenant (4) unless it
/// is that of the change before, profile (16), sequence (LEB128), digest (16). About 34 bytes a change.
enum HeadList {
    private static let format: UInt8 = 1
    private static let tenantFollows: UInt8 = 0x80
    private static let label = Array("profilevault audit heads v1".utf8)

    static func seal(_ changes: [HeadChange], with key: BoxKey) -> [UInt8] {
        BoxSealer(key).seal(encode(changes), label: label)
    }

    static func open(_ box: [UInt8], with key: BoxKey) throws -> [HeadChange] {
        var changes: [HeadChange] = []
        guard try decode(BoxOpener(key).open(box, label: label), { changes.append($0) }) else {
            throw SecretsError(SecretsError.malformed, "the head changes of an audit entry are cut")
        }
        return changes
    }

    static func encode(_ changes: [HeadChange]) -> [UInt8] {
        var output: [UInt8] = [format]
        output.reserveCapacity(1 + 36 * changes.count)
        var tenant: TenantID?
        for change in changes {
            if change.tenant == tenant {
                output.append(change.kind.rawValue)
            } else {
                output.append(change.kind.rawValue | tenantFollows)
                append(UInt64(change.tenant.number), bytes: 4, to: &output)
                tenant = change.tenant
            }
            append(change.profile.high, bytes: 8, to: &output)
            append(change.profile.low, bytes: 8, to: &output)
            var rest = change.sequence
            while rest >= 0x80 {
                output.append(UInt8(truncatingIfNeeded: rest) | 0x80)
                rest >>= 7
            }
            output.append(UInt8(truncatingIfNeeded: rest))
            append(change.words.0, bytes: 8, to: &output)
            append(change.words.1, bytes: 8, to: &output)
        }
        return output
    }

    /// `false` when the bytes are not a whole list.
    static func decode(_ bytes: [UInt8], _ body: (HeadChange) throws -> Void) rethrows -> Bool {
        guard bytes.first == format else { return false }
        var position = 1
        var tenant: TenantID?
        func word(_ count: Int) -> UInt64? {
            guard position + count <= bytes.count else { return nil }
            var value: UInt64 = 0
            for place in position..<(position + count) { value = value << 8 | UInt64(bytes[place]) }
            position += count
            return value
        }
        func sequence() -> UInt64? {
            var value: UInt64 = 0
            for shift in stride(from: UInt64(0), to: 64, by: 7) {
                guard let byte = word(1) else { return nil }
                value |= (byte & 0x7F) << shift
                if byte < 0x80 { return value }
            }
            return nil
        }
        while position < bytes.count {
            let tag = UInt8(truncatingIfNeeded: word(1) ?? 0)
            if tag & tenantFollows != 0 {
                guard let number = word(4) else { return false }
                tenant = TenantID(UInt32(truncatingIfNeeded: number))
            }
            guard let kind = HeadChange.Kind(rawValue: tag & ~tenantFollows), let tenant, let high = word(8),
                let low = word(8), let sequence = sequence(), let first = word(8), let second = word(8)
            else { return false }
            try body(
                HeadChange(
                    kind: kind, tenant: tenant, profile: ProfileID(high: high, low: low), sequence: sequence,
                    words: (first, second)))
        }
        return true
    }

    private static func append(_ word: UInt64, bytes: Int, to output: inout [UInt8]) {
        for place in (0..<bytes).reversed() { output.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * place))) }
    }
}
