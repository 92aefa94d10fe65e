#if Phones
    import CPhoneNumber
#endif

/// Telephone numbers in E.164.
///
/// A number with an extension is refused rather than cut: what is left would be a switchboard's, and everybody behind
/// it would be taken for one person. Whether a number is in use is nobody's to know; its length must be a possible one.
enum PhoneForm {
    static func canonical(_ clean: [UInt8], region: String) throws(StandardFormError) -> String {
        guard clean.count <= 100 else { throw .phoneMalformed }
        if let number = MobilePlan.canonical(clean, region: region) { return number }
        return try parsed(clean, region: region)
    }

    #if Phones
        static func parsed(_ clean: [UInt8], region: String) throws(StandardFormError) -> String {
            do throws(StandardFormError) {
                return try dialled(clean, region: region)
            } catch {
                // `00` is how most of the world dials abroad, and how many write `+` wherever they are.
                guard clean.starts(with: "00".utf8), error != .phoneHasExtension,
                    let number = try? dialled([UInt8(ascii: "+")] + clean.dropFirst(2), region: "ZZ")
                else { throw error }
                return number
            }
        }

        private static func dialled(_ clean: [UInt8], region: String) throws(StandardFormError) -> String {
            var output: [CChar] = Array(repeating: 0, count: 32)
            let capacity = output.count
            let written = unsafe clean.withUnsafeBytes { text in
                unsafe output.withUnsafeMutableBufferPointer { buffer in
                    unsafe region.withCString { region in
                        unsafe pv_phone_e164(
                            text.baseAddress?.assumingMemoryBound(to: CChar.self), text.count, region,
                            buffer.baseAddress,
                            capacity)
                    }
                }
            }
            switch written {
            case 1...: return String(decoding: output.prefix(Int(written)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            case CInt(PV_PHONE_NEEDS_COUNTRY.rawValue): throw .phoneNeedsCountry
            case CInt(PV_PHONE_IMPOSSIBLE.rawValue): throw .phoneImpossible
            case CInt(PV_PHONE_HAS_EXTENSION.rawValue): throw .phoneHasExtension
            default: throw .phoneMalformed
            }
        }
    #else
        /// Without libphonenumber: `+` or `00`, then 7 to 15 digits, with the usual marks between.
        static func parsed(_ clean: [UInt8], region: String) throws(StandardFormError) -> String {
            var digits: [UInt8] = []
            for byte in clean.dropFirst(clean.first == UInt8(ascii: "+") ? 1 : 0) {
                switch byte {
                case 0x30...0x39: digits.append(byte)
                case 0x20, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "("), UInt8(ascii: ")"),
                    UInt8(ascii: "/"):
                    continue
                default: throw .phoneMalformed
                }
            }
            if clean.first != UInt8(ascii: "+") {
                guard digits.starts(with: "00".utf8) else { throw .phoneNeedsCountry }
                digits.removeFirst(2)
            }
            guard (7...15).contains(digits.count), digits.first != UInt8(ascii: "0") else { throw .phoneImpossible }
            return "+" + String(decoding: digits, as: UTF8.self)
        }
    #endif
}
