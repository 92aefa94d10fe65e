import Core
import Secrets

/// An entry as the bytes that are hashed: compact JSON with its members in one order, so that anybody can read and
/// verify it.
///
/// `{"v":1,"time":…,"decision":…,"outcome":…,"principal":"Operator::owner","action":…,"tenant":1,"purpose":…,`
/// `"subject":…,"facts":{…},"detail":"<hex>","heads":"<hex>"}`; members without a value are left out. `detail` and
/// `heads` are the BLAKE2b-256 of what is sealed beside the leaf.
enum Leaf {
    static let start = Array(#"{"v":1,"time":""#.utf8)
    /// Where the 24 bytes of the time are.
    static let time = start.count..<(start.count + Timestamp.fixedFormLength)

    /// Appends the leaf of `entry`.
    static func write(_ entry: AuditEntry, heads: [UInt8]?, into output: inout [UInt8]) {
        output += start
        entry.time.writeFixedForm(into: &output)
        append(#"","decision":""#, to: &output)
        entry.decision.write(into: &output)
        append(#"","outcome":""#, to: &output)
        output += entry.outcome.rawValue.utf8
        append("\"", to: &output)
        if let principal = entry.principal {
            append(#","principal":"#, to: &output)
            JSON.write(principal.kind.rawValue, into: &output)
            output[output.count - 1] = UInt8(ascii: ":")
            let joint = output.count
            JSON.write(principal.name, into: &output)
            output[joint] = UInt8(ascii: ":")
        }
        append(#","action":"#, to: &output)
        JSON.write(entry.action, into: &output)
        if let tenant = entry.tenant {
            append(#","tenant":"#, to: &output)
            append(tenant.number, to: &output)
        }
        if let purpose = entry.purpose {
            append(#","purpose":"#, to: &output)
            JSON.write(purpose, into: &output)
        }
        if let subject = entry.subject {
            append(#","subject":""#, to: &output)
            subject.write(into: &output)
            append("\"", to: &output)
        }
        if !entry.facts.json.isEmpty {
            append(#","facts":"#, to: &output)
            output += entry.facts.json
        }
        if let detail = entry.detail { append(digestOf: detail, as: #","detail":""#, to: &output) }
        if let heads { append(digestOf: heads, as: #","heads":""#, to: &output) }
        append("}", to: &output)
    }

    /// The time of the leaf that starts at `offset`, as its fixed form; `nil` when it is no leaf.
    static func timeBytes(of leaf: [UInt8]) -> ArraySlice<UInt8>? {
        guard leaf.count > time.upperBound, leaf.starts(with: start) else { return nil }
        return leaf[time]
    }

    static func timestamp(of leaf: [UInt8]) -> Timestamp? {
        timeBytes(of: leaf).flatMap { Timestamp(String(decoding: $0, as: UTF8.self)) }
    }

    /// The hexadecimal digests at the end of the leaf, without parsing it.
    ///
    /// They come last, and quotes in what an entry was given are escaped, so nothing else is taken for one.
    static func digests(in leaf: [UInt8]) -> (detail: ArraySlice<UInt8>?, heads: ArraySlice<UInt8>?) {
        guard leaf.last == UInt8(ascii: "}") else { return (nil, nil) }
        var end = leaf.count - 1
        let heads = digest(after: headsOpening, endingAt: &end, in: leaf)
        return (digest(after: detailOpening, endingAt: &end, in: leaf), heads)
    }

    private static let detailOpening = Array(#","detail":""#.utf8)
    private static let headsOpening = Array(#","heads":""#.utf8)

    private static func digest(after opening: [UInt8], endingAt end: inout Int, in leaf: [UInt8]) -> ArraySlice<UInt8>?
    {
        let digits = end - 65
        let start = digits - opening.count
        guard start > time.upperBound, leaf[end - 1] == UInt8(ascii: "\""),
            leaf[start..<digits].elementsEqual(opening)
        else { return nil }
        defer { end = start }
        return leaf[digits..<(end - 1)]
    }

    private static func append(digestOf bytes: [UInt8], as opening: StaticString, to output: inout [UInt8]) {
        append(opening, to: &output)
        writeHex(BLAKE2b.digest(bytes), into: &output)
        append("\"", to: &output)
    }

    private static func append(_ text: StaticString, to output: inout [UInt8]) {
        text.withUTF8Buffer { output.append(contentsOf: $0) }
    }

    private static func append(_ number: UInt32, to output: inout [UInt8]) {
        output += String(number).utf8
    }
}
