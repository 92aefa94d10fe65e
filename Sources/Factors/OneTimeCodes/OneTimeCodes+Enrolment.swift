public import Secrets

extension OneTimeCodes {
    /// What an authenticator app needs to know, shown once: both forms hold the secret.
    ///
    /// They are ordinary strings, which cannot be wiped, since a screen shows them anyway.
    public struct Enrolment: Sendable, CustomStringConvertible, CustomReflectable {
        /// `otpauth://totp/…`, which goes into a QR code.
        public let uri: String
        /// The secret in base 32 (RFC 4648 §6) without padding, for typing.
        public let secretText: String

        public var description: String { "(secret)" }
        public var customMirror: Mirror { Mirror(self, children: []) }
    }

    /// Writes `secret` in the Key URI format that authenticator apps read.
    ///
    /// - Throws: `factors.invalid_name` when a name is empty or has a colon, which stands between the two in an app.
    public static func enrolment(
        secret: borrowing SecretBytes, account: String, issuer: String
    ) throws(FactorsError) -> Enrolment {
        for name in [account, issuer] where name.isEmpty || name.contains(":") {
            throw FactorsError(
                FactorsError.invalidName, "the name of an account or issuer is empty or has a colon",
                remedy: "choose a name without a colon")
        }
        let secretText = try Oath.base32(secret)
        let (account, issuer) = (percentEncoded(account), percentEncoded(issuer))
        return Enrolment(
            uri: "otpauth://totp/\(issuer):\(account)?secret=\(secretText)&issuer=\(issuer)"
                + "&algorithm=SHA1&digits=\(digits)&period=\(period)",
            secretText: secretText)
    }

    /// Everything but the unreserved characters of RFC 3986 §2.3 as `%` and two digits.
    private static func percentEncoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                encoded += byte < 16 ? "%0" : "%"
                encoded += String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }
}
