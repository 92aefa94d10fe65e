#if Passkeys
    import CFido2

    extension FIDO2 {
        /// Not every point is on its curve.
        ///
        /// - Throws: `factors.malformed_response` for one that is not.
        static func ensureSound(_ key: Passkeys.PublicKey) throws(FactorsError) {
            try unsafe withPointer(to: key) { _ in }
        }

        /// Lends a key in the form in which libfido2 verifies with it.
        ///
        /// - Throws: `factors.malformed_response` for bytes that are no key, such as a point beside the curve.
        static func withPointer<R>(
            to key: Passkeys.PublicKey, _ body: (UnsafeRawPointer) -> R
        ) throws(FactorsError) -> R {
            switch key.algorithm {
            case .es256:
                try unsafe withPointer(to: key, es256_pk_new, es256_pk_from_ptr, es256_pk_free, body)
            case .edDSA:
                try unsafe withPointer(to: key, eddsa_pk_new, eddsa_pk_from_ptr, eddsa_pk_free, body)
            case .rs256: preconditionFailure("libfido2 is given no RSA keys")
            }
        }

        private static func withPointer<R>(
            to key: Passkeys.PublicKey, _ make: () -> OpaquePointer?,
            _ fill: (OpaquePointer?, UnsafeRawPointer?, Int) -> Int32,
            _ free: (UnsafeMutablePointer<OpaquePointer?>?) -> Void, _ body: (UnsafeRawPointer) -> R
        ) throws(FactorsError) -> R {
            var made = unsafe make()
            guard let pointer = unsafe made else { throw outOfMemory }
            defer { unsafe free(&made) }
            guard unsafe fill(pointer, key.bytes, key.bytes.count) == FIDO_OK else {
                throw .malformedResponse("the passkey's key is none of its algorithm")
            }
            return unsafe body(UnsafeRawPointer(pointer))
        }
    }
#endif
