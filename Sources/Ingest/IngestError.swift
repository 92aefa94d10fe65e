package import Core

/// Why an input could not be read or understood as a whole; a bad row is a `Rejection` instead.
package struct IngestError: ReportableError, Equatable {
    package let code: ErrorCode
    package let message: String
    package let remedy: String?

    package init(_ code: ErrorCode, _ message: String, remedy: String? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }
}

extension ErrorCode {
    /// The file cannot be opened or read.
    package static let inputUnreadable = ErrorCode("ingest.unreadable")
    /// There is nothing in it, not even a header.
    package static let inputEmpty = ErrorCode("ingest.empty")
    /// It is an archive, a spreadsheet or another thing that is not text.
    package static let inputNotText = ErrorCode("ingest.not_text")
    /// JSON, but not lines of it.
    package static let inputIsArray = ErrorCode("ingest.json_array")
    /// It is gzip, and this build has no zlib.
    package static let compressionMissing = ErrorCode("ingest.compression_missing")
    /// The gzip stream is damaged or ends too early.
    package static let compressionCorrupt = ErrorCode("ingest.gzip_corrupt")
    /// The named encoding is not one that iconv knows.
    package static let encodingUnknown = ErrorCode("ingest.encoding_unknown", exit: .usage)
    /// Bytes that the named encoding does not have.
    package static let encodingInvalid = ErrorCode("ingest.encoding_invalid")
    /// The first row cannot name the columns.
    package static let headerMalformed = ErrorCode("ingest.header_malformed")
    /// The map file says something that is not understood.
    package static let mapMalformed = ErrorCode("ingest.map_malformed", exit: .usage)
    /// The map file and the input's columns do not fit.
    package static let mapMismatch = ErrorCode("ingest.map_mismatch", exit: .usage)
}
