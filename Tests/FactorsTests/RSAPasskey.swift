import Core
import Foundation
import Secrets

/// Two registrations of one passkey for `example.org` and a use of it, made with OpenSSL: an RSA key of 2,048 bits, and
/// for the second attestation what a TPM says about it. The keys were thrown away.
enum RSAPasskey {
    static let id: [UInt8] = Array(0..<16)
    static let selfAttestation = decoded(encodedSelfAttestation)
    static let tpmAttestation = decoded(encodedTPMAttestation)
    /// Touched and verified, the eighth signature.
    static let authenticatorData = SHA256.digest("example.org".utf8) + [0x05, 0, 0, 0, 8]
    static let signature = decoded(encodedSignature)

    private static func decoded(_ text: String) -> [UInt8] { Data(base64Encoded: text).map(Array.init) ?? [] }

    private static let encodedSelfAttestation =
        "o2NmbXRmcGFja2VkZ2F0dFN0bXSiY2FsZzkBAGNzaWdZAQCZ/4vgjd0tf6yNIBI+HCJhKffjA10zNWtN9N1FMtXUux7c"
        + "Y9PjslZE1dzmodKciMf9Hal0UA2CM+7iQNTZiuu0o6WrgI6SZuptDdc5JKl8nFCBjoWSJNAuiIcd5o+YvdyC6kPQIzDJ"
        + "OSk2PZPjI3g035xFqNVfHOOFCHLFp9/4QuSbtQ3EqIKfnAgClUjyHm785TCjA6G+m0M6FRM3RpGO4D3Bg3Gwj+UUOhE7"
        + "QT+Qk6W28uzIgrtqnlZp8fgCJ9YeKaLFOHiEVmUzhv0N+90LATmM4aOcZ0xJ4qR7gnGQZMA8VLNZhfgkPF5KS+pjzY+p"
        + "SnbHmydo00Au9BhHghK6aGF1dGhEYXRhWQFXv6vDdDKViwYzYNOtZGHJxHNa5/jt1GWSpeDwFFKy5LVFAAAABwAAAAAA"
        + "AAAAAAAAAAAAAAAAEAABAgMEBQYHCAkKCwwNDg+kAQMDOQEAIFkBALBNQ3d1RJeTDvbaBofdlYA8M/wKmoVYMGy47OzR"
        + "ZhLBjdru0Jdd4Si6wXWQ5m4RUTB+VBkACk5a9+99UvS8iGzBionhEoiZ6gW792eU7E1Exen1YzbeNAp4FPYwS2VzpjGw"
        + "PjUeBk59bxps1GbLi41kv01Y4EbDlNA3SF1URtGXTbzsECCQYWbPn9lOsE39PkYJM8oBBYqkHWke6dF3jMd3Iis1heHn"
        + "l+ibdF8hEctidbpPIJsZe3OiycLpdgGgS+5F801iW02vLMtZL7iNwAExbXTgpgSy/8oOjUuCAMie+mWnzcZbq1q5ot9v"
        + "4lmnVBJiDigtUtHkMphr4bypyGshQwEAAQ=="
    private static let encodedTPMAttestation =
        "o2NmbXRjdHBtZ2F0dFN0bXSmY2FsZzn//mNzaWdZAQBR7tA//aiOjCu67t20fzAwLJl8r0FbdrdoPzj1qIIDL1T+i0AY"
        + "aqkTib7Y3WuJjpPO8a5qZeWu6FCcHSHFKBDSTV03X27R/aRXAxhVFzmhv6RH06n1LWAGdAfKy7Qfh4EMN6KIVa9KER4b"
        + "g6ymSWwwFa5GCjjtwbmhZqCWzNrYphq1y+jnvsTi1mqXr9oPWwMAwMs+QOhB+WKhyyHdwwq9ldVLGQd7fYq4Bs3f7T/f"
        + "hV2rEl6VpWB+UqGNMBhm09BlSuAi8JgOiw3rXa4RKitU/TdZ1jRvdktWUaZSCGn8NaH3keB9LzCGSchpBzMstcYi5Mfi"
        + "C987WavFh7FICxRFY3ZlcmMyLjBjeDVjgVkC/jCCAvowggHioAMCAQICAQEwDQYJKoZIhvcNAQELBQAwDDEKMAgGA1UE"
        + "AwwBYTAgFw0yNjAxMDEwMDAwMDBaGA8yMTI2MDEwMTAwMDAwMFowADCCASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoC"
        + "ggEBAOOv3s0dyWnVityMfn0eLKeA6t7p1HhJ8mCDkyGK1X925HuczUUrO09tpzfhHy+DdH3xhPC+UV3VQzDKqbHPWV1D"
        + "O66CNEH7vd4P2/B6Sz8f0Ra99/DZNgG9O8B8DgA1KHv6gQl5rNuSDChMwRDWORKIUbPA6JsBusNhO2gBIKidAm0RO3xr"
        + "10AUnKFBhXnpnTOs2kgeEcq/zexJXzkkxeMJqAkEOZ/dCaC0LBOLp7k3PR7aeJ1JViZPjk1xTxTf8k/p+xq58jgQaNY4"
        + "uvBINjdqXLRY7jN36BTp0jXE1JVIY6G/ThzdrPZ0F/TI6kdCZIgysDsDBQ4BUG7wXKOLS/0CAwEAAaNxMG8wTQYDVR0R"
        + "AQH/BEMwQaQ/MD0xOzANBgVngQUCAgwEbm9uZTAUBgVngQUCAQwLaWQ6MDAwMDAwMDAwFAYFZ4EFAgMMC2lkOjAwMDAw"
        + "MDAwMBAGA1UdJQQJMAcGBWeBBQgDMAwGA1UdEwEB/wQCMAAwDQYJKoZIhvcNAQELBQADggEBAEpyW9+TS36pOqP7Ktth"
        + "yL88QSn1qq9UTKUeOygJs8ISchkINH4KL7RS8QQjHSm1zi1hvebGZzEkm36QkU9it2unDt13otFaG4OT1SIzCYIqSbvB"
        + "S/upgpJHzKifscBYc7vEircOcO0IffDf98+dQWp2RyhW0P8Op8CTdbYCrP5AbHQMiijJkEqZB6IdF6DQQRboBwPGFxlm"
        + "gUkTiT/nbSis9L0upGSMMhJgfPaaFhooPRQkyyB1jehlkKfpzGUfR5LjjrLM8mfdJfASmDFalvzKDBVt9ZlwOm/H/l7k"
        + "ZYyXhj4mXG/EU40KO9AGLsJCdRqji5k3eDhOZ4X2O8saLalncHViQXJlYVkBNgABAAsABgByACAAAQIDBAUGBwgJCgsM"
        + "DQ4PEBESExQVFhcYGRobHB0eHwAQABAIAAAAAAABALBNQ3d1RJeTDvbaBofdlYA8M/wKmoVYMGy47OzRZhLBjdru0Jdd"
        + "4Si6wXWQ5m4RUTB+VBkACk5a9+99UvS8iGzBionhEoiZ6gW792eU7E1Exen1YzbeNAp4FPYwS2VzpjGwPjUeBk59bxps"
        + "1GbLi41kv01Y4EbDlNA3SF1URtGXTbzsECCQYWbPn9lOsE39PkYJM8oBBYqkHWke6dF3jMd3Iis1heHnl+ibdF8hEcti"
        + "dbpPIJsZe3OiycLpdgGgS+5F801iW02vLMtZL7iNwAExbXTgpgSy/8oOjUuCAMie+mWnzcZbq1q5ot9v4lmnVBJiDigt"
        + "UtHkMphr4bypyGtoY2VydEluZm9Yof9UQ0eAFwAiAAsAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAUn3Ly"
        + "N2QPAZXdRomKvmw3fLgia7YAAAAAAAAAAAAAAAAAAAAAAQAAAAAAAAAAACIAC5p16f8USUELHtBEp75oam67Q5d3XRcU"
        + "rwaY6kA+gJmHACIACwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAaGF1dGhEYXRhWQFXv6vDdDKViwYzYNOt"
        + "ZGHJxHNa5/jt1GWSpeDwFFKy5LVFAAAABwAAAAAAAAAAAAAAAAAAAAAAEAABAgMEBQYHCAkKCwwNDg+kAQMDOQEAIFkB"
        + "ALBNQ3d1RJeTDvbaBofdlYA8M/wKmoVYMGy47OzRZhLBjdru0Jdd4Si6wXWQ5m4RUTB+VBkACk5a9+99UvS8iGzBionh"
        + "EoiZ6gW792eU7E1Exen1YzbeNAp4FPYwS2VzpjGwPjUeBk59bxps1GbLi41kv01Y4EbDlNA3SF1URtGXTbzsECCQYWbP"
        + "n9lOsE39PkYJM8oBBYqkHWke6dF3jMd3Iis1heHnl+ibdF8hEctidbpPIJsZe3OiycLpdgGgS+5F801iW02vLMtZL7iN"
        + "wAExbXTgpgSy/8oOjUuCAMie+mWnzcZbq1q5ot9v4lmnVBJiDigtUtHkMphr4bypyGshQwEAAQ=="
    private static let encodedSignature =
        "ncfjb6nI37TXpoblVv1WpvkM0VPmTjRpsa3E9lPOtV0FDymkMXMHHdv0QmxjoJEZ2lEcr/5aukDFqUWXTbzjhwhyc9dO"
        + "jhiT73d3RKqyr9P0P9bjJ1qoXc68NUkr9ak4+2VVUMAH3fdtIRopqwx+IcNCzbWL2GviqteQBkNefQ6j91ReXiant4V3"
        + "KtdXoFrrwK8YiaVQoShMNDGVHloX9/RpNNzTt2jqtnWSQBYTZqoikdLjVxUmu1FQ6lOZ5QRya0M+/A0kKhp4sI4HqmlJ"
        + "RrNLbCgiq9LapwL2wp1yO8ZNjHuUf+sT/S98cgngYxpbiSWLqzh3hV/tbvKIStzkcQ=="
}
