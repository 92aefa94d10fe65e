#if Passkeys
    import CGnuTLS

    /// GnuTLS: what its faces have in common. It starts by itself.
    enum GnuTLS {
        static var outOfMemory: FactorsError {
            FactorsError(FactorsError.libraryFailed, "GnuTLS could not start: there is no memory left")
        }

        /// Lends bytes in the form in which GnuTLS reads them; it changes none.
        static func withDatum<R>(_ bytes: [UInt8], _ body: (UnsafePointer<gnutls_datum_t>) -> R) -> R {
            unsafe bytes.withUnsafeBufferPointer { buffer in
                var datum = unsafe gnutls_datum_t(
                    data: UnsafeMutablePointer(mutating: buffer.baseAddress), size: UInt32(buffer.count))
                return unsafe body(&datum)
            }
        }
    }

    extension HashAlgorithm {
        /// `nil` where the system forbids the function.
        func digest(_ bytes: [UInt8]) -> [UInt8]? {
            let algorithm =
                switch self {
                case .sha1: GNUTLS_DIG_SHA1
                case .sha256: GNUTLS_DIG_SHA256
                case .sha384: GNUTLS_DIG_SHA384
                case .sha512: GNUTLS_DIG_SHA512
                }
            let length = Int(gnutls_hash_get_len(algorithm))
            var digest = [UInt8](repeating: 0, count: length)
            let status = unsafe gnutls_hash_fast(algorithm, bytes, bytes.count, &digest)
            return status == GNUTLS_E_SUCCESS ? digest : nil
        }
    }
#endif
