#if HardwareKeys
    import CP11Kit
    import Secrets

    extension Module {
        /// The slot that holds a token (PKCS#11 2.40 §5.5), and what may be said of the token.
        struct Slot {
            let id: CK_SLOT_ID
            let flags: CK_FLAGS

            func has(_ flag: CK_FLAGS) -> Bool { flags & flag != 0 }
        }

        /// The slot of the one token that has the label, and the serial number where there is one, of `uri`.
        ///
        /// - Throws: `token.missing`; `token.ambiguous` where several tokens are so named.
        func slot(of uri: TokenURI) throws(SecretsError) -> Slot {
            var found: [Slot] = []
            for id in try slotsWithToken() {
                var info = CK_TOKEN_INFO()
                let status = ReturnValue(unsafe functions.pointee.C_GetTokenInfo?(id, &info))
                // A token may be drawn while the others are looked through.
                guard status.isDone, info.flags & CKF_TOKEN_INITIALIZED != 0,
                    Self.text(info.label) == Self.trimmed(Array(uri.token.utf8)),
                    uri.serial == nil
                        || Self.text(info.serialNumber) == uri.serial.map({ Self.trimmed(Array($0.utf8)) })
                else { continue }
                found.append(Slot(id: id, flags: info.flags))
            }
            guard let slot = found.first else {
                throw SecretsError(
                    SecretsError.tokenMissing, "there is no token `\(uri.token)`",
                    remedy: "connect it, or name another in the PKCS#11 URI")
            }
            guard found.count == 1 else {
                throw SecretsError(
                    SecretsError.tokenAmbiguous, "there are \(found.count) tokens `\(uri.token)`",
                    remedy: "add `;serial=` with the serial number of the one that is meant to the PKCS#11 URI")
            }
            return slot
        }

        private func slotsWithToken() throws(SecretsError) -> [CK_SLOT_ID] {
            while true {
                var count: CK_ULONG = 0
                try ReturnValue(unsafe functions.pointee.C_GetSlotList?(CK_BBOOL(1), nil, &count))
                    .require("its slots could not be listed")
                guard count > 0 else { return [] }
                var slots = [CK_SLOT_ID](repeating: 0, count: Int(count))
                let status = ReturnValue(unsafe functions.pointee.C_GetSlotList?(CK_BBOOL(1), &slots, &count))
                // A token came in between.
                if status.code == CKR_BUFFER_TOO_SMALL { continue }
                try status.require("its slots could not be listed")
                return Array(slots.prefix(Int(count)))
            }
        }

        /// What a field says that is filled up with blanks (§3.2).
        private static func text<Field>(_ field: Field) -> [UInt8] {
            unsafe withUnsafeBytes(of: field) { unsafe trimmed(Array($0)) }
        }

        private static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
            let end = bytes.lastIndex { $0 != 0x20 && $0 != 0 } ?? -1
            return Array(bytes[...end])
        }
    }
#endif
