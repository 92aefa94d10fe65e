#if Passkeys
    import CFido2

    /// libfido2: what passkeys and their authenticators sign, but for RSA keys and TPMs.
    ///
    /// The values it is given have been read and checked before; it checks its part of them once more.
    enum FIDO2 {
        /// The library starts once; it logs nothing.
        private static let started: Void = fido_init(0)

        /// Verifies a new passkey's attestation (WebAuthn §8), and that its key is one.
        static func verify(
            _ attestation: Attestation, of data: AuthenticatorData, with key: Passkeys.PublicKey,
            clientDataHash: [UInt8], for party: Passkeys.RelyingParty
        ) throws(FactorsError) {
            _ = started
            try ensureSound(key)
            var made = unsafe fido_cred_new()
            guard let credential = unsafe made else { throw outOfMemory }
            defer { unsafe fido_cred_free(&made) }
            guard unsafe fido_cred_set_type(credential, key.algorithm.rawValue) == FIDO_OK,
                unsafe fido_cred_set_clientdata_hash(credential, clientDataHash, clientDataHash.count) == FIDO_OK,
                unsafe fido_cred_set_rp(credential, party.id, nil) == FIDO_OK,
                unsafe fido_cred_set_uv(credential, verification(party)) == FIDO_OK,
                unsafe expect(data.extensions, of: credential),
                unsafe fido_cred_set_fmt(credential, attestation.format.rawValue) == FIDO_OK,
                unsafe fido_cred_set_authdata_raw(credential, data.bytes, data.bytes.count) == FIDO_OK
            else { throw .malformedResponse("libfido2 does not read the new passkey") }
            try unsafe verify(attestation, of: credential)
        }

        private static func verify(_ attestation: Attestation, of credential: OpaquePointer) throws(FactorsError) {
            guard attestation.format != .none else { return }
            let statement = attestation.statement
            guard unsafe fido_cred_set_attstmt(credential, statement, statement.count) == FIDO_OK else {
                throw .malformedResponse("libfido2 does not read the attestation")
            }
            let status =
                unsafe attestation.isSelfSigned ? fido_cred_verify_self(credential) : fido_cred_verify(credential)
            guard status == FIDO_OK else {
                throw .badAttestation("the attestation's signature is not good")
            }
        }

        /// Tells libfido2 which extensions to expect: it refuses others, but browsers ask for some by themselves.
        private static func expect(_ extensions: CBOR?, of credential: OpaquePointer) -> Bool {
            guard case .map(let members) = extensions else { return true }
            return members.allSatisfy { member in
                switch (member.key, member.value) {
                case (.text("hmac-secret"), .bool(true)):
                    unsafe fido_cred_set_extensions(credential, FIDO_EXT_HMAC_SECRET) == FIDO_OK
                case (.text("credBlob"), .bool(true)):
                    unsafe fido_cred_set_extensions(credential, FIDO_EXT_CRED_BLOB) == FIDO_OK
                case (.text("credProtect"), .unsigned(let level)):
                    unsafe level < 256 && fido_cred_set_prot(credential, Int32(level)) == FIDO_OK
                case (.text("minPinLength"), .unsigned(let length)):
                    unsafe length < 256 && fido_cred_set_pin_minlen(credential, Int(length)) == FIDO_OK
                default: true
                }
            }
        }

        /// Whether the signature of a use is good (WebAuthn §7.2 step 21).
        static func verifies(
            _ signature: [UInt8], of data: AuthenticatorData, with key: Passkeys.PublicKey, clientDataHash: [UInt8],
            for party: Passkeys.RelyingParty
        ) throws(FactorsError) -> Bool {
            _ = started
            var made = unsafe fido_assert_new()
            guard let assertion = unsafe made else { throw outOfMemory }
            defer { unsafe fido_assert_free(&made) }
            var extensions: Int32 = 0
            if data.extensions?[.text("hmac-secret")] != nil { extensions |= FIDO_EXT_HMAC_SECRET }
            if data.extensions?[.text("credBlob")] != nil { extensions |= FIDO_EXT_CRED_BLOB }
            guard unsafe fido_assert_set_clientdata_hash(assertion, clientDataHash, clientDataHash.count) == FIDO_OK,
                unsafe fido_assert_set_rp(assertion, party.id) == FIDO_OK,
                unsafe fido_assert_set_count(assertion, 1) == FIDO_OK,
                unsafe fido_assert_set_up(assertion, FIDO_OPT_TRUE) == FIDO_OK,
                unsafe fido_assert_set_uv(assertion, verification(party)) == FIDO_OK,
                unsafe fido_assert_set_extensions(assertion, extensions) == FIDO_OK,
                unsafe fido_assert_set_authdata_raw(assertion, 0, data.bytes, data.bytes.count) == FIDO_OK
            else { throw .malformedResponse("libfido2 does not read the answer") }
            return try unsafe withPointer(to: key) { pointer in
                // A signature without bytes is refused where it is handed in.
                unsafe fido_assert_set_sig(assertion, 0, signature, signature.count) == FIDO_OK
                    && fido_assert_verify(assertion, 0, key.algorithm.rawValue, pointer) == FIDO_OK
            }
        }

        private static func verification(_ party: Passkeys.RelyingParty) -> fido_opt_t {
            party.requiresUserVerification ? FIDO_OPT_TRUE : FIDO_OPT_OMIT
        }

        static var outOfMemory: FactorsError {
            FactorsError(FactorsError.libraryFailed, "libfido2 could not start: there is no memory left")
        }
    }
#endif
