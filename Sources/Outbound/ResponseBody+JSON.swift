package import Secrets

/// Strings of a JSON answer, found where they lie: reading the whole would leave copies of a secret among them behind.
extension ResponseBody {
    /// The string at the end of a path of object members, where it has no escapes; `nil` where the body is not JSON or
    /// has no such string, or two.
    package func string(at path: String...) -> String? {
        unsafe withUnsafeBytes { bytes in
            unsafe JSONStringSearch.range(of: path, in: bytes).map { range in
                unsafe String(decoding: UnsafeRawBufferPointer(rebasing: bytes[range]), as: UTF8.self)
            }
        }
    }

    /// The `count` bytes that the string at the end of the path has in base 64; `nil` as for the other, and where it is not
    /// base 64 of that many.
    ///
    /// - Throws: `outOfSecureMemory`.
    package func secret(base64At path: String..., count: Int) throws(SecretsError) -> HeldSecret? {
        do throws(SecretsError) {
            return try unsafe withUnsafeBytes { bytes throws(SecretsError) in
                guard let range = unsafe JSONStringSearch.range(of: path, in: bytes) else { return nil }
                let text = unsafe UnsafeRawBufferPointer(rebasing: bytes[range])
                return HeldSecret(try unsafe SecretBytes(base64: text, count: count))
            }
        } catch {
            guard error.code == SecretsError.malformed else { throw error }
            return nil
        }
    }

    /// Whether the bytes of `text` are among these.
    package func contains(_ text: StaticString) -> Bool {
        let wanted = "\(text)".utf8
        return unsafe withUnsafeBytes { bytes in
            guard bytes.count >= wanted.count else { return false }
            return (0...(bytes.count - wanted.count)).contains { start in
                unsafe bytes[start..<(start + wanted.count)].elementsEqual(wanted)
            }
        }
    }
}
