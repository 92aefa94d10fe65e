#if HardwareKeys
    import CP11Kit
    import Secrets

    extension Session {
        /// What tells data of this program from those of others (CKA_APPLICATION, PKCS#11 2.40 §4.5).
        private static let application = "profilevault"
        /// More than any attribute has that is read.
        private static let longest = 4096

        /// Makes an AES key of 256 bits that never leaves the token (§4.10, §5.14).
        borrowing func makeKey(labelled label: String, id: [UInt8]) throws(SecretsError) -> ObjectHandle {
            try makeKey([
                .text(CKA_LABEL, label), .bytes(CKA_ID, id), .flag(CKA_TOKEN, true), .flag(CKA_PRIVATE, true),
                .flag(CKA_SENSITIVE, true), .flag(CKA_EXTRACTABLE, false), .flag(CKA_ENCRYPT, true),
                .flag(CKA_DECRYPT, true), .flag(CKA_WRAP, false), .flag(CKA_UNWRAP, false),
                .number(CKA_VALUE_LEN, 32),
            ])
        }

        borrowing func makeKey(_ template: [Attribute]) throws(SecretsError) -> ObjectHandle {
            var mechanism = unsafe CK_MECHANISM(mechanism: CKM_AES_KEY_GEN, pParameter: nil, ulParameterLen: 0)
            var key: CK_OBJECT_HANDLE = 0
            let status = unsafe template.withTemplate { template, count in
                unsafe ReturnValue(
                    module.functions.pointee.C_GenerateKey?(handle, &mechanism, template, count, &key))
            }
            try status.require("an AES key could not be made")
            return key
        }

        /// The AES keys in the token that have this label.
        borrowing func keys(labelled label: String) throws(SecretsError) -> [ObjectHandle] {
            try find([
                .number(CKA_CLASS, CKO_SECRET_KEY), .number(CKA_KEY_TYPE, CKK_AES), .flag(CKA_TOKEN, true),
                .text(CKA_LABEL, label),
            ])
        }

        /// Whether a key is as `makeKey` makes it: of 256 bits, and not to be taken out of the token.
        borrowing func isSound(_ key: ObjectHandle) throws(SecretsError) -> Bool {
            let sensitive = try attribute(CKA_SENSITIVE, of: key)
            let extractable = try attribute(CKA_EXTRACTABLE, of: key)
            let length = try attribute(CKA_VALUE_LEN, of: key)
            return sensitive == [1] && extractable == [0] && length == Attribute.number(CKA_VALUE_LEN, 32).value
        }

        /// CKA_ID of a key.
        borrowing func id(of key: ObjectHandle) throws(SecretsError) -> [UInt8] { try attribute(CKA_ID, of: key) }

        /// Keeps bytes in the token, to be seen only after a login (§4.5).
        borrowing func makeData(labelled label: String, value: [UInt8]) throws(SecretsError) {
            var data: CK_OBJECT_HANDLE = 0
            let template: [Attribute] = [
                .number(CKA_CLASS, CKO_DATA), .flag(CKA_TOKEN, true), .flag(CKA_PRIVATE, true),
                .text(CKA_LABEL, label), .text(CKA_APPLICATION, Self.application), .bytes(CKA_VALUE, value),
            ]
            let status = unsafe template.withTemplate { template, count in
                unsafe ReturnValue(module.functions.pointee.C_CreateObject?(handle, template, count, &data))
            }
            try status.require("an object could not be stored")
        }

        /// This program's data in the token that have this label.
        borrowing func data(labelled label: String) throws(SecretsError) -> [ObjectHandle] {
            try find([
                .number(CKA_CLASS, CKO_DATA), .flag(CKA_TOKEN, true), .text(CKA_LABEL, label),
                .text(CKA_APPLICATION, Self.application),
            ])
        }

        /// CKA_VALUE of data; of a key the token refuses it.
        borrowing func value(of data: ObjectHandle) throws(SecretsError) -> [UInt8] {
            try attribute(CKA_VALUE, of: data)
        }

        /// Destroys an object for good (§5.7); one that is gone already is none to destroy.
        borrowing func destroy(_ object: ObjectHandle) throws(SecretsError) {
            let status = ReturnValue(unsafe module.functions.pointee.C_DestroyObject?(handle, object))
            guard status.code != CKR_OBJECT_HANDLE_INVALID else { return }
            try status.require("an object could not be destroyed")
        }

        borrowing func find(_ template: [Attribute]) throws(SecretsError) -> [ObjectHandle] {
            let begun = unsafe template.withTemplate { template, count in
                unsafe ReturnValue(module.functions.pointee.C_FindObjectsInit?(handle, template, count))
            }
            try begun.require("objects could not be looked for")
            defer { _ = unsafe module.functions.pointee.C_FindObjectsFinal?(handle) }
            var found: [ObjectHandle] = []
            var batch = [CK_OBJECT_HANDLE](repeating: 0, count: 16)
            while true {
                var count: CK_ULONG = 0
                try ReturnValue(
                    unsafe module.functions.pointee.C_FindObjects?(handle, &batch, CK_ULONG(batch.count), &count)
                ).require("objects could not be looked for")
                guard count > 0 else { return found }
                found += batch.prefix(Int(count))
            }
        }

        private borrowing func attribute(
            _ type: CK_ATTRIBUTE_TYPE, of object: ObjectHandle
        ) throws(SecretsError) -> [UInt8] {
            var value = [UInt8](repeating: 0, count: Self.longest)
            var length: CK_ULONG = 0
            let status = unsafe value.withUnsafeMutableBytes { buffer in
                var attribute = unsafe CK_ATTRIBUTE(
                    type: type, pValue: buffer.baseAddress, ulValueLen: CK_ULONG(buffer.count))
                let status = ReturnValue(
                    unsafe module.functions.pointee.C_GetAttributeValue?(handle, object, &attribute, 1))
                unsafe length = attribute.ulValueLen
                return status
            }
            try status.require("an attribute of an object could not be read")
            // Nothing says how long it is but the module.
            return Array(value.prefix(Int(clamping: length)))
        }
    }
#endif
