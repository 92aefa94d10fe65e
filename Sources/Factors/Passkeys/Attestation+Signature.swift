#if Passkeys
    import Core

    extension Attestation {
        /// Checks that a TPM speaks of this key and of this answer (WebAuthn §8.3); that it does, its signature shows.
        ///
        /// `signed` is what other authenticators would sign.
        func checkStatement(of key: Passkeys.PublicKey, signed: [UInt8]) throws(FactorsError) {
            guard let area = TPMPublicArea(publicArea), area.key == key else {
                throw .badAttestation("the TPM describes another key than the passkey's")
            }
            guard let certification = TPMCertification(certifyInfo), let digest = signer?.hash?.digest(signed),
                certification.extraData == digest
            else { throw .badAttestation("the TPM certifies another answer than this one") }
            var name = ByteWriter()
            name.write(area.nameAlgorithm.rawValue)
            guard let digest = area.nameAlgorithm.digest(publicArea), certification.name == name.bytes + digest else {
                throw .badAttestation("the TPM certifies another key than the one it describes")
            }
        }

        /// The maker's certificate, which says what it must.
        func certificate(for data: AuthenticatorData) throws(FactorsError) -> AttestationCertificate {
            let certificate = try AttestationCertificate(certificates.first ?? [])
            try certificate.check(for: format, aaguid: data.credential?.aaguid)
            return certificate
        }

        /// Verifies that whose key this is signed these bytes.
        func verify(_ signed: [UInt8], with key: consuming GnuTLSKey) throws(FactorsError) {
            guard let signer, key.verifies(signature, of: signed, algorithm: signer) else {
                throw .badAttestation("the attestation's signature is not good")
            }
        }
    }
#endif
