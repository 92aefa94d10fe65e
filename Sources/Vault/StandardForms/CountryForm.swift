/// Countries: ISO 3166-1 alpha-2, and `XK`, which everybody uses for Kosovo until it has a code.
package enum CountryForm {
    static func canonical(_ clean: [UInt8]) throws(StandardFormError) -> String {
        if clean.count <= 3, clean.allSatisfy({ ($0 | 0x20) &- 0x61 < 26 }) {
            let code = String(decoding: clean.map { $0 & 0xDF }, as: UTF8.self)
            if CountryCodes.alpha2.contains(code) { return code }
            if let found = CountryCodes.alpha3[code] { return found }
        }
        guard clean.count <= 120, let code = CountryNames.code(for: String(decoding: clean, as: UTF8.self)) else {
            throw .countryUnknown
        }
        return code
    }

    /// Whether `code` is an alpha-2 code in upper case.
    package static func isCode(_ code: String) -> Bool { CountryCodes.alpha2.contains(code) }
}

/// ISO 3166-1, as published up to 2023.
enum CountryCodes {
    static let alpha2: Set<String> = Set(alpha3.values)

    /// From alpha-3 to alpha-2.
    static let alpha3: [String: String] = {
        var codes: [String: String] = [:]
        for pair in table.split(whereSeparator: \.isWhitespace) {
            codes[String(pair.dropFirst(2))] = String(pair.prefix(2))
        }
        return codes
    }()

    /// Alpha-2 and alpha-3 of each country, joined.
    private static let table = """
        ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW AXALA AZAZE BABIH BBBRB
        BDBGD BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES BRBRA BSBHS BTBTN BVBVT BWBWA BYBLR
        BZBLZ CACAN CCCCK CDCOD CFCAF CGCOG CHCHE CICIV CKCOK CLCHL CMCMR CNCHN COCOL CRCRI CUCUB CVCPV CWCUW CXCXR
        CYCYP CZCZE DEDEU DJDJI DKDNK DMDMA DODOM DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP ETETH FIFIN FJFJI FKFLK
        FMFSM FOFRO FRFRA GAGAB GBGBR GDGRD GEGEO GFGUF GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GSSGS
        GTGTM GUGUM GWGNB GYGUY HKHKG HMHMD HNHND HRHRV HTHTI HUHUN IDIDN IEIRL ILISR IMIMN ININD IOIOT IQIRQ IRIRN
        ISISL ITITA JEJEY JMJAM JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR KMCOM KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO
        LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA LYLBY MAMAR MCMCO MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD
        MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ MRMRT MSMSR MTMLT MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM NCNCL NENER
        NFNFK NGNGA NINIC NLNLD NONOR NPNPL NRNRU NUNIU NZNZL OMOMN PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM
        PNPCN PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA SASAU SBSLB SCSYC SDSDN SESWE SGSGP
        SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD STSTP SVSLV SXSXM SYSYR SZSWZ TCTCA TDTCD TFATF
        TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON TRTUR TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA UMUMI USUSA UYURY
        UZUZB VAVAT VCVCT VEVEN VGVGB VIVIR VNVNM VUVUT WFWLF WSWSM XKXKX YEYEM YTMYT ZAZAF ZMZMB ZWZWE
        """
}
