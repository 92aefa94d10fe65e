#if Passkeys
    import CGnuTLS

    /// A public key that GnuTLS verifies with.
    @safe struct GnuTLSKey: ~Copyable {
        private let handle: gnutls_pubkey_t

        /// The key of two numbers, which were checked when they were read.
        init(_ numbers: RSANumbers) throws(FactorsError) {
            self = try unsafe GnuTLSKey { handle in
                unsafe GnuTLS.withDatum(numbers.modulus) { modulus in
                    unsafe GnuTLS.withDatum(numbers.exponent) { exponent in
                        unsafe gnutls_pubkey_import_rsa_raw(handle, modulus, exponent)
                    }
                }
            }
        }

        /// The key that `fill` puts into it.
        init(_ fill: (gnutls_pubkey_t) -> Int32) throws(FactorsError) {
            var made: gnutls_pubkey_t?
            guard unsafe gnutls_pubkey_init(&made) == GNUTLS_E_SUCCESS, let made = unsafe made else {
                throw GnuTLS.outOfMemory
            }
            guard unsafe fill(made) == GNUTLS_E_SUCCESS else {
                unsafe gnutls_pubkey_deinit(made)
                throw .badAttestation("the certificate's key is none that GnuTLS reads")
            }
            unsafe handle = made
        }

        deinit { unsafe gnutls_pubkey_deinit(handle) }

        /// The numbers of an RSA key; `nil` for other keys, and for numbers of which no key is taken.
        var numbers: RSANumbers? {
            var (modulus, exponent) = unsafe (gnutls_datum_t(), gnutls_datum_t())
            // Without a sign, and so without a zero before it.
            let flags = UInt32(GNUTLS_EXPORT_FLAG_NO_LZ.rawValue)
            guard unsafe gnutls_pubkey_export_rsa_raw2(handle, &modulus, &exponent, flags) == GNUTLS_E_SUCCESS else {
                return nil
            }
            defer {
                unsafe pv_gnutls_free(&modulus)
                unsafe pv_gnutls_free(&exponent)
            }
            return unsafe RSANumbers(
                modulus: Array(UnsafeBufferPointer(start: modulus.data, count: Int(modulus.size))),
                exponent: Array(UnsafeBufferPointer(start: exponent.data, count: Int(exponent.size))))
        }

        var isRSA: Bool { unsafe gnutls_pubkey_get_pk_algorithm(handle, nil) == GNUTLS_PK_RSA.rawValue }

        /// Whether a signature is this key's, with an algorithm that is one of its kind.
        ///
        /// SHA-1 is taken from those who name it: callers let only TPMs.
        func verifies(_ signature: [UInt8], of data: [UInt8], algorithm: SigningAlgorithm) -> Bool {
            unsafe GnuTLS.withDatum(data) { data in
                unsafe GnuTLS.withDatum(signature) { signature in
                    unsafe gnutls_pubkey_verify_data2(
                        handle, algorithm.inGnuTLS, algorithm.flags, data, signature) >= GNUTLS_E_SUCCESS
                }
            }
        }
    }

    extension SigningAlgorithm {
        fileprivate var inGnuTLS: gnutls_sign_algorithm_t {
            switch self {
            case .es256: GNUTLS_SIGN_ECDSA_SHA256
            case .es384: GNUTLS_SIGN_ECDSA_SHA384
            case .edDSA: GNUTLS_SIGN_EDDSA_ED25519
            case .rs256: GNUTLS_SIGN_RSA_SHA256
            case .rs1: GNUTLS_SIGN_RSA_SHA1
            }
        }

        fileprivate var flags: UInt32 { self == .rs1 ? GNUTLS_VERIFY_ALLOW_SIGN_WITH_SHA1.rawValue : 0 }
    }
#endif
