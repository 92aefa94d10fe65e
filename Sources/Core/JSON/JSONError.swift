/// Why a text is not JSON, and where.
///
/// The sentence never quotes the text: what is being parsed may be a customer's record.
public struct JSONError: ReportableError, Equatable {
    /// From 1.
    public let line: Int
    /// From 1, in characters (Unicode scalars) of the line.
    public let column: Int
    /// From 0, in bytes of the whole text.
    public let offset: Int
    /// What is wrong, without the place.
    public let reason: String

    public var code: ErrorCode { ErrorCode("json.malformed") }
    public var message: String { "line \(line), column \(column): \(reason)" }
    public var remedy: String? { nil }

    init(_ reason: String, at offset: Int, of bytes: [UInt8]) {
        self.reason = reason
        self.offset = offset
        let place = TextPlace(of: offset, in: bytes)
        line = place.line
        column = place.column
    }
}
