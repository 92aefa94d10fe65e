#if Domains
    import CIDN2
#endif

/// E-mail addresses: the part of RFC 5321 and 5322 that mailboxes are really written in.
///
/// Refused: display names, comments, address literals, domains of one label. A quoted local part loses its quotes
/// where it does not need them. Non-ASCII local parts (RFC 6531) are kept in NFC.
enum EmailForm {
    static func canonical(_ clean: [UInt8]) throws(StandardFormError) -> String {
        guard let at = clean.lastIndex(of: UInt8(ascii: "@")) else { throw .emailMalformed }
        let local = try localPart(clean[..<at])
        var domainBytes = clean[(at + 1)...]
        if domainBytes.last == UInt8(ascii: ".") { domainBytes.removeLast() }
        guard !domainBytes.isEmpty else { throw .emailMalformed }
        let domain = try domain(domainBytes)
        guard local.count <= 64, local.count + 1 + domain.count <= 254 else { throw .emailTooLong }
        return String(decoding: local + [UInt8(ascii: "@")] + domain, as: UTF8.self)
    }

    private static func localPart(_ local: ArraySlice<UInt8>) throws(StandardFormError) -> [UInt8] {
        guard local.first == UInt8(ascii: "\"") else {
            guard isDotAtom(local) else { throw .emailMalformed }
            return Array(local)
        }
        guard local.count > 2, local.last == UInt8(ascii: "\"") else { throw .emailMalformed }
        var content: [UInt8] = []
        var escaped = false
        for byte in local.dropFirst().dropLast() {
            if !escaped, byte == UInt8(ascii: "\\") {
                escaped = true
                continue
            }
            guard escaped || byte != UInt8(ascii: "\"") else { throw .emailMalformed }
            content.append(byte)
            escaped = false
        }
        guard !escaped else { throw .emailMalformed }
        if isDotAtom(content[...]) { return content }
        var quoted: [UInt8] = [UInt8(ascii: "\"")]
        for byte in content {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { quoted.append(UInt8(ascii: "\\")) }
            quoted.append(byte)
        }
        return quoted + [UInt8(ascii: "\"")]
    }

    /// Atoms of RFC 5322 §3.2.3, and everything beyond ASCII, with single dots between.
    private static func isDotAtom(_ bytes: ArraySlice<UInt8>) -> Bool {
        var afterDot = true
        for byte in bytes {
            if byte == UInt8(ascii: ".") {
                if afterDot { return false }
                afterDot = true
                continue
            }
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x30...0x39, 0x80...,
                UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"),
                UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: "="), UInt8(ascii: "?"),
                UInt8(ascii: "^")...UInt8(ascii: "`"), UInt8(ascii: "{")...UInt8(ascii: "~"):
                afterDot = false
            default: return false
            }
        }
        return !afterDot
    }

    private static func domain(_ raw: ArraySlice<UInt8>) throws(StandardFormError) -> [UInt8] {
        if let plain = plainDomain(raw) { return plain }
        var lowered = raw.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
        if lowered.contains(where: { $0 >= 0x80 })
            || lowered.split(separator: UInt8(ascii: ".")).contains(where: isALabel)
        {
            lowered = try internationalised(lowered)
        }
        guard lowered.count <= 253 else { throw .emailTooLong }
        let labels = lowered.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.count >= 2, labels.allSatisfy(isHostLabel),
            let top = labels.last, !top.allSatisfy({ (0x30...0x39).contains($0) })
        else { throw .emailDomainInvalid }
        return lowered
    }

    /// The domain in lower case when it is of the kind that most are: two ASCII labels or more, none of them encoded or
    /// with a hyphen at its edge, the last beginning with a letter; `nil` when that is for the slow way to find out.
    private static func plainDomain(_ raw: ArraySlice<UInt8>) -> [UInt8]? {
        guard raw.count <= 253 else { return nil }
        var lowered: [UInt8] = []
        lowered.reserveCapacity(raw.count)
        var labels = 1
        var start = 0
        for byte in raw {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): lowered.append(byte)
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): lowered.append(byte | 0x20)
            case 0x30...0x39: lowered.append(byte)
            case UInt8(ascii: "."):
                guard lowered.count > start, lowered.count - start <= 63 else { return nil }
                lowered.append(byte)
                start = lowered.count
                labels += 1
            default: return nil
            }
        }
        guard labels >= 2, lowered.count > start, lowered.count - start <= 63, lowered[start] >= 0x61 else {
            return nil
        }
        return lowered
    }

    private static func isALabel(_ label: ArraySlice<UInt8>) -> Bool { label.starts(with: "xn--".utf8) }

    /// Letters, digits and inner hyphens; without libidn2 also letters of other scripts.
    private static func isHostLabel(_ label: ArraySlice<UInt8>) -> Bool {
        guard (1...63).contains(label.count), label.first != UInt8(ascii: "-"), label.last != UInt8(ascii: "-") else {
            return false
        }
        return label.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), 0x30...0x39, UInt8(ascii: "-"): true
            default: byte >= 0x80
            }
        }
    }

    #if Domains
        /// The domain in ASCII (IDNA 2008 with the mapping of UTS 46, non-transitional).
        private static func internationalised(_ domain: [UInt8]) throws(StandardFormError) -> [UInt8] {
            // libidn2 reads up to a zero byte, which no clean text holds.
            var output: UnsafeMutablePointer<UInt8>? = nil
            let status = unsafe (domain + [0]).withUnsafeBufferPointer { input in
                unsafe idn2_lookup_u8(
                    input.baseAddress, &output, CInt(IDN2_NFC_INPUT.rawValue | IDN2_NONTRANSITIONAL.rawValue))
            }
            guard status == IDN2_OK.rawValue, let result = unsafe output else { throw .emailDomainInvalid }
            defer { unsafe idn2_free(result) }
            var ascii: [UInt8] = []
            var next = unsafe result
            while unsafe next.pointee != 0 {
                ascii.append(unsafe next.pointee)
                unsafe next += 1
            }
            return ascii
        }
    #else
        /// Without libidn2 the domain stays in its script, in lower case and NFC: built with it, it is stored in ASCII.
        private static func internationalised(_ domain: [UInt8]) throws(StandardFormError) -> [UInt8] {
            Array(CleanText.composed(String(decoding: domain, as: UTF8.self).lowercased()).utf8)
        }
    #endif
}
