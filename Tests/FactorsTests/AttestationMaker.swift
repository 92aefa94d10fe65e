#if Passkeys
    import CGnuTLS
    import Core
    import Secrets

    @testable import Factors

    /// A maker of authenticators: a key, and certificates about it that say what a test wants.
    final class AttestationMaker {
        /// Says all that a packed attestation's must.
        struct Certificate {
            var version: UInt32 = 3
            var subject: String? = "C=AA,O=Maker,OU=Authenticator Attestation,CN=Model"
            /// `nil` for a certificate without basic constraints.
            var isAuthority: Bool? = false
            var purposes: [String] = []
            /// The value of the extension that names the model.
            var model: [UInt8]?
            var isModelCritical = false

            /// Says all that a TPM's must.
            static let tpm = Certificate(subject: nil, purposes: ["2.23.133.8.3"])
        }

        struct Failure: Error {}

        private let algorithm: SigningAlgorithm
        private let key: gnutls_x509_privkey_t

        init(_ algorithm: SigningAlgorithm, rsaBits: UInt32 = 2048) throws {
            var made: gnutls_x509_privkey_t?
            guard gnutls_x509_privkey_init(&made) == GNUTLS_E_SUCCESS, let made else { throw Failure() }
            func generate(_ kind: gnutls_pk_algorithm_t, curve: gnutls_ecc_curve_t) -> Int32 {
                gnutls_x509_privkey_generate(made, kind, 1 << 31 | curve.rawValue, 0)
            }
            let status =
                switch algorithm {
                case .es256: generate(GNUTLS_PK_ECDSA, curve: GNUTLS_ECC_CURVE_SECP256R1)
                case .es384: generate(GNUTLS_PK_ECDSA, curve: GNUTLS_ECC_CURVE_SECP384R1)
                case .edDSA: generate(GNUTLS_PK_EDDSA_ED25519, curve: GNUTLS_ECC_CURVE_ED25519)
                case .rs256, .rs1: gnutls_x509_privkey_generate(made, GNUTLS_PK_RSA, rsaBits, 0)
                }
            guard status == GNUTLS_E_SUCCESS else {
                gnutls_x509_privkey_deinit(made)
                throw Failure()
            }
            self.algorithm = algorithm
            key = made
        }

        deinit { gnutls_x509_privkey_deinit(key) }

        func sign(_ data: [UInt8]) throws -> [UInt8] {
            var made: gnutls_privkey_t?
            guard gnutls_privkey_init(&made) == GNUTLS_E_SUCCESS, let made else { throw Failure() }
            defer { gnutls_privkey_deinit(made) }
            let name =
                switch algorithm {
                case .es256: GNUTLS_SIGN_ECDSA_SHA256
                case .es384: GNUTLS_SIGN_ECDSA_SHA384
                case .edDSA: GNUTLS_SIGN_EDDSA_ED25519
                case .rs256: GNUTLS_SIGN_RSA_SHA256
                case .rs1: GNUTLS_SIGN_RSA_SHA1
                }
            var signature = gnutls_datum_t()
            guard gnutls_privkey_import_x509(made, key, 0) == GNUTLS_E_SUCCESS,
                GnuTLS.withDatum(data, { gnutls_privkey_sign_data2(made, name, 0, $0, &signature) })
                    == GNUTLS_E_SUCCESS
            else { throw Failure() }
            defer { pv_gnutls_free(&signature) }
            return Array(UnsafeBufferPointer(start: signature.data, count: Int(signature.size)))
        }

        /// In DER, signed by its own key: nobody asks by whose.
        func certificate(_ what: Certificate = Certificate()) throws -> [UInt8] {
            var made: gnutls_x509_crt_t?
            guard gnutls_x509_crt_init(&made) == GNUTLS_E_SUCCESS, let made else { throw Failure() }
            defer { gnutls_x509_crt_deinit(made) }
            var statuses = [
                gnutls_x509_crt_set_version(made, what.version), gnutls_x509_crt_set_serial(made, [1], 1),
                gnutls_x509_crt_set_activation_time(made, 1_700_000_000),
                gnutls_x509_crt_set_expiration_time(made, 1_700_000_001), gnutls_x509_crt_set_key(made, key),
            ]
            if let subject = what.subject { statuses.append(gnutls_x509_crt_set_dn(made, subject, nil)) }
            if let isAuthority = what.isAuthority {
                statuses.append(gnutls_x509_crt_set_basic_constraints(made, isAuthority ? 1 : 0, -1))
            }
            for purpose in what.purposes {
                statuses.append(gnutls_x509_crt_set_key_purpose_oid(made, purpose, 0))
            }
            if let model = what.model {
                statuses.append(
                    gnutls_x509_crt_set_extension_by_oid(
                        made, "1.3.6.1.4.1.45724.1.1.4", model, model.count, what.isModelCritical ? 1 : 0))
            }
            // Ed25519 hashes by itself; the others sign the certificate with what they are made for.
            let digest = algorithm == .edDSA ? GNUTLS_DIG_SHA512 : GNUTLS_DIG_SHA256
            statuses.append(gnutls_x509_crt_sign2(made, made, key, digest, 0))
            guard statuses.allSatisfy({ $0 == GNUTLS_E_SUCCESS }) else { throw Failure() }
            var bytes = gnutls_datum_t()
            guard gnutls_x509_crt_export2(made, GNUTLS_X509_FMT_DER, &bytes) == GNUTLS_E_SUCCESS else {
                throw Failure()
            }
            defer { pv_gnutls_free(&bytes) }
            return Array(UnsafeBufferPointer(start: bytes.data, count: Int(bytes.size)))
        }
    }
#endif
