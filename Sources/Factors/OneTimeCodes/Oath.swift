#if OneTimeCodes
    import COath
    import Glibc
#endif
import Secrets

/// liboath: the codes of RFC 4226 and RFC 6238, and base 32.
enum Oath {
    /// What the codes are made with; the raw values are liboath's flags.
    enum Hash: Int32 {
        case sha1 = 0
        case sha256 = 1
        case sha512 = 2
    }

    static func ensureAvailable() throws(FactorsError) {
        guard isAvailable else { throw .unavailable("one-time codes", trait: "OneTimeCodes") }
    }

    #if OneTimeCodes
        static let isAvailable = true
        /// liboath starts its cryptography once.
        private static let started = oath_init() == OATH_OK.rawValue

        /// The code of one time step, or of one counter (RFC 4226 §5.3), as ASCII digits.
        static func code(
            at step: Int64, secret: borrowing SecretBytes, digits: Int, hash: Hash
        ) throws(FactorsError) -> [UInt8] {
            guard started else { throw failure("could not start") }
            var output = [CChar](repeating: 0, count: digits + 1)
            let status = unsafe secret.withUnsafeBytes { secret in
                // With steps of one second the moment is the step itself.
                unsafe oath_totp_generate2(
                    secret.baseAddress!.assumingMemoryBound(to: CChar.self), secret.count, time_t(step), 1, 0,
                    UInt32(digits), hash.rawValue, &output)
            }
            guard status == OATH_OK.rawValue else { throw failure("could not make a code") }
            return output.prefix(digits).map { UInt8(bitPattern: $0) }
        }

        /// Base 32 without padding (RFC 4648 §6).
        static func base32(_ secret: borrowing SecretBytes) throws(FactorsError) -> String {
            var output: UnsafeMutablePointer<CChar>? = nil
            var count = 0
            let status = unsafe secret.withUnsafeBytes { secret in
                unsafe oath_base32_encode(
                    secret.baseAddress!.assumingMemoryBound(to: CChar.self), secret.count, &output, &count)
            }
            guard status == OATH_OK.rawValue, let text = unsafe output else { throw failure("could not write base 32") }
            defer {
                unsafe explicit_bzero(text, count)
                unsafe free(text)
            }
            let symbols = unsafe UnsafeRawBufferPointer(start: text, count: count)
            return unsafe String(decoding: symbols.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self)
        }

        private static func failure(_ what: StaticString) -> FactorsError {
            FactorsError(FactorsError.libraryFailed, "liboath \(what)")
        }
    #else
        static let isAvailable = false

        static func code(
            at step: Int64, secret: borrowing SecretBytes, digits: Int, hash: Hash
        ) throws(FactorsError) -> [UInt8] {
            throw .unavailable("one-time codes", trait: "OneTimeCodes")
        }

        static func base32(_ secret: borrowing SecretBytes) throws(FactorsError) -> String {
            throw .unavailable("one-time codes", trait: "OneTimeCodes")
        }
    #endif
}
