#if HardwareKeys
    import CP11Kit
    import Secrets

    extension Session {
        /// Seals a message with a key that stays in the token (PKCS#11 2.40 §5.8).
        borrowing func seal(
            _ message: borrowing SecretBytes, with key: ObjectHandle, binding: [UInt8]
        ) throws(SecretsError) -> TokenCiphertext {
            let nonce = Random.bytes(TokenCiphertext.nonceLength)
            let begun = unsafe Self.withGCM(nonce: nonce, binding: binding) { mechanism in
                unsafe ReturnValue(module.functions.pointee.C_EncryptInit?(handle, mechanism, key))
            }
            try begun.require("sealing with AES-GCM could not begin")
            let length = message.count + TokenCiphertext.tagLength
            // Some tokens add a nonce of their own (FIPS 140), which is no longer this one.
            var sealed = [UInt8](repeating: 0, count: length + 64)
            var count = CK_ULONG(sealed.count)
            let status = unsafe message.withUnsafeBytes { message in
                // The function reads the message only, although its declaration does not say so.
                let start = unsafe UnsafeMutablePointer(
                    mutating: message.baseAddress!.assumingMemoryBound(to: UInt8.self))
                return ReturnValue(
                    unsafe module.functions.pointee.C_Encrypt?(
                        handle, start, CK_ULONG(message.count), &sealed, &count))
            }
            try status.require("sealing with AES-GCM failed")
            guard count == length else {
                throw ReturnValue(CKR_MECHANISM_PARAM_INVALID).error("it seals with a nonce of its own")
            }
            return TokenCiphertext(nonce: nonce, bytes: Array(sealed.prefix(length)))
        }

        /// Opens what `seal` made (§5.9); `nil` where it was changed, is bound to something else or is another key's.
        borrowing func open(
            _ sealed: TokenCiphertext, with key: ObjectHandle, binding: [UInt8]
        ) throws(SecretsError) -> SecretBytes? {
            let length = sealed.bytes.count - TokenCiphertext.tagLength
            guard sealed.nonce.count == TokenCiphertext.nonceLength, length > 0 else { return nil }
            let begun = unsafe Self.withGCM(nonce: sealed.nonce, binding: binding) { mechanism in
                unsafe ReturnValue(module.functions.pointee.C_DecryptInit?(handle, mechanism, key))
            }
            try begun.require("opening with AES-GCM could not begin")
            var ciphertext = sealed.bytes
            var status = ReturnValue(CKR_OK)
            var count = CK_ULONG(ciphertext.count)
            // Room for the tag as well: some tokens want as much as they are given.
            let opened = try unsafe SecretBytes(count: ciphertext.count) { output throws(SecretsError) in
                status = ReturnValue(
                    unsafe module.functions.pointee.C_Decrypt?(
                        handle, &ciphertext, CK_ULONG(ciphertext.count),
                        output.baseAddress!.assumingMemoryBound(to: UInt8.self), &count))
            }
            if Self.notAuthentic.contains(status.code) { return nil }
            try status.require("opening with AES-GCM failed")
            guard count == length else { return nil }
            return try unsafe SecretBytes(count: length) { output throws(SecretsError) in
                unsafe opened.withUnsafeBytes {
                    unsafe output.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0.prefix(length)))
                }
            }
        }

        /// What tokens answer where the tag is wrong: the standard says the first, many say something else.
        private static let notAuthentic: Set<CK_RV> = [
            CKR_ENCRYPTED_DATA_INVALID, CKR_ENCRYPTED_DATA_LEN_RANGE, CKR_GENERAL_ERROR, CKR_FUNCTION_FAILED,
            CKR_DATA_INVALID,
        ]

        private static func withGCM(
            nonce: [UInt8], binding: [UInt8], _ body: (UnsafeMutablePointer<CK_MECHANISM>) -> ReturnValue
        ) -> ReturnValue {
            var nonce = nonce
            var binding = binding
            return unsafe nonce.withUnsafeMutableBufferPointer { nonce in
                unsafe binding.withUnsafeMutableBufferPointer { binding in
                    var parameters = unsafe CK_GCM_PARAMS(
                        pIv: nonce.baseAddress, ulIvLen: CK_ULONG(nonce.count), ulIvBits: CK_ULONG(nonce.count * 8),
                        pAAD: binding.baseAddress, ulAADLen: CK_ULONG(binding.count),
                        ulTagBits: CK_ULONG(TokenCiphertext.tagLength * 8))
                    return unsafe withUnsafeMutablePointer(to: &parameters) { parameters in
                        var mechanism = unsafe CK_MECHANISM(
                            mechanism: CKM_AES_GCM, pParameter: parameters,
                            ulParameterLen: CK_ULONG(MemoryLayout<CK_GCM_PARAMS>.size))
                        return unsafe body(&mechanism)
                    }
                }
            }
        }
    }
#endif
