#if OneTimeCodes
    import CQRencode
    import Glibc
#endif

/// A QR code (ISO/IEC 18004) of a text in byte mode, with error correction level M.
///
/// It says what its text says, which may be a secret, so it is not shown when it is printed.
public struct QRCode: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    /// Light modules that belong around the code on each side, in all drawings.
    static let quietZone = 4

    /// Modules on each side, without the quiet zone.
    public let size: Int
    /// Row by row from the top left; `true` is dark.
    private let modules: [Bool]

    /// Whether the module is dark; those outside the code, as in the quiet zone, are light.
    public subscript(column: Int, row: Int) -> Bool {
        guard (0..<size).contains(column), (0..<size).contains(row) else { return false }
        return modules[row * size + column]
    }

    public var description: String { "(secret)" }
    public var customMirror: Mirror { Mirror(self, children: []) }

    #if OneTimeCodes
        public static let isAvailable = true

        /// Makes the smallest code that holds `text`.
        ///
        /// - Throws: `factors.text_too_long` beyond 2,331 bytes, which is all that the largest code holds at level M.
        public init(_ text: String) throws(FactorsError) {
            let bytes = Array(text.utf8)
            guard !bytes.isEmpty else {
                throw FactorsError(FactorsError.emptyText, "there is no text for a QR code to hold")
            }
            guard let length = Int32(exactly: bytes.count),
                let made = unsafe QRcode_encodeData(length, bytes, 0, QR_ECLEVEL_M)
            else {
                guard bytes.count > Self.capacity else {
                    throw FactorsError(FactorsError.libraryFailed, "libqrencode could not make a QR code")
                }
                throw FactorsError(
                    FactorsError.textTooLong, "the text has \(bytes.count) bytes; a QR code holds \(Self.capacity)",
                    remedy: "shorten it")
            }
            defer {
                // The modules are the text, and the library frees them as they are.
                unsafe explicit_bzero(made.pointee.data, Int(made.pointee.width * made.pointee.width))
                unsafe QRcode_free(made)
            }
            size = unsafe Int(made.pointee.width)
            let data = unsafe UnsafeBufferPointer(start: made.pointee.data, count: size * size)
            // The lowest bit is the colour; the others say what a module is for.
            modules = unsafe data.map { $0 & 1 == 1 }
        }

        /// Bytes that version 40 holds at level M.
        private static let capacity = 2331
    #else
        public static let isAvailable = false

        /// This build cannot make one.
        ///
        /// - Throws: `factors.unavailable`, always.
        public init(_ text: String) throws(FactorsError) {
            throw .unavailable("QR codes", trait: "OneTimeCodes")
        }
    #endif
}
