#if Passkeys
    import CGnuTLS
    import Core

    /// The certificate of the key with which a maker's authenticators vouch for new passkeys.
    ///
    /// Its issuer is not asked about, nor its time: nobody here trusts a maker.
    @safe struct AttestationCertificate: ~Copyable {
        /// The extension that names the model (WebAuthn §8.2.1): id-fido-gen-ce-aaguid.
        private static let aaguidExtension = "1.3.6.1.4.1.45724.1.1.4"
        /// The purpose of a TPM's attestation key (WebAuthn §8.3.1): tcg-kp-AIKCertificate.
        private static let tpmPurpose = "2.23.133.8.3"
        /// More purposes than a certificate has.
        private static let purposeLimit: UInt32 = 16

        private let handle: gnutls_x509_crt_t

        /// Reads one in DER, and nothing after it.
        init(_ bytes: [UInt8]) throws(FactorsError) {
            var made: gnutls_x509_crt_t?
            guard unsafe gnutls_x509_crt_init(&made) == GNUTLS_E_SUCCESS, let made = unsafe made else {
                throw GnuTLS.outOfMemory
            }
            guard
                unsafe GnuTLS.withDatum(bytes, { unsafe gnutls_x509_crt_import(made, $0, GNUTLS_X509_FMT_DER) })
                    == GNUTLS_E_SUCCESS
            else {
                unsafe gnutls_x509_crt_deinit(made)
                throw .badAttestation("the attestation has no certificate that can be read")
            }
            unsafe handle = made
        }

        deinit { unsafe gnutls_x509_crt_deinit(handle) }

        /// Whose signature the attestation has.
        func key() throws(FactorsError) -> GnuTLSKey {
            let key = try unsafe GnuTLSKey { unsafe gnutls_pubkey_import_x509($0, handle, 0) }
            guard !key.isRSA || key.numbers != nil else {
                throw .badAttestation("the certificate's RSA key is none that is taken")
            }
            return key
        }

        /// Holds it against what the standard demands of its format (WebAuthn §8.2.1, §8.3.1), but for the names in it.
        func check(for format: Passkeys.AttestationFormat, aaguid: UniqueID?) throws(FactorsError) {
            guard unsafe gnutls_x509_crt_get_version(handle) == 3 else {
                throw .badAttestation("the certificate is not of version 3")
            }
            guard unsafe gnutls_x509_crt_get_basic_constraints(handle, nil, nil, nil) == 0 else {
                throw .badAttestation("the certificate does not say that it is no authority's")
            }
            guard namesModel(aaguid) else {
                throw .badAttestation("the certificate is for another model of authenticator")
            }
            guard format != .tpm || !hasSubject && hasTPMPurpose else {
                throw .badAttestation("the certificate is not that of a TPM's attestation key")
            }
        }

        private var hasSubject: Bool {
            var size = 0
            return unsafe gnutls_x509_crt_get_dn_oid(handle, 0, nil, &size) != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE
        }

        private var hasTPMPurpose: Bool {
            (0..<Self.purposeLimit).contains { index in
                let (_, bytes) = unsafe read { unsafe gnutls_x509_crt_get_key_purpose_oid(handle, index, $0, $1, nil) }
                return bytes.prefix { $0 != 0 }.elementsEqual(Self.tpmPurpose.utf8)
            }
        }

        /// Where it names a model, it is this one, and the extension is not critical.
        private func namesModel(_ aaguid: UniqueID?) -> Bool {
            var isCritical: UInt32 = 0
            let (status, bytes) = unsafe read {
                unsafe gnutls_x509_crt_get_extension_by_oid(handle, Self.aaguidExtension, 0, $0, $1, &isCritical)
            }
            if status == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE { return true }
            // An OCTET STRING of 16 bytes.
            return isCritical == 0 && aaguid.map { bytes == [0x04, 16] + $0.bytes } == true
        }

        /// What a call writes, up to 64 bytes; nothing where it fails.
        private func read(
            _ call: (UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>) -> Int32
        ) -> (status: Int32, bytes: [UInt8]) {
            var status = GNUTLS_E_SUCCESS
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 64) { buffer, written in
                var size = 64
                unsafe status = call(buffer.baseAddress, &size)
                written = status == GNUTLS_E_SUCCESS ? size : 0
            }
            return (status, bytes)
        }
    }
#endif
