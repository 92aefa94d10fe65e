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
        "o2NmbXRmcGFja2VkZ2F0dFN0bXSiY2FsZzkBAGNzaWdZAQCdnWSeA15+Vf9Dg2Oe/FktFXAaJcIH1KB+oYypelF1c147"
        + "qq/CMOO+gMJx0H9b2lxzl2kNZY8ZCNmaCjxdZqrZ+auqNqwl1Rlt8PkYt8t42uIDPbnnOWUHGdOTWNzkRnpwbF22duxh"
        + "j20jylE+SalsFGczBE1JMZ6jgyIGrMj+O3qIUiazhowpfKLqv11WgJuoyKDB01VlPnkLJNFhJqEbSXPXppGoVrFhcSq5"
        + "LuuELc2sAxMe45PnvP/6NKfI/MczROeH3PJfbL7LEGeu3kjSalPiHGC2EFDiQzTbtM0djzbBHZdOOrS3rj/Q2jT/eUYk"
        + "CaoETSZn5tEhrkHN34okaGF1dGhEYXRhWQFXv6vDdDKViwYzYNOtZGHJxHNa5/jt1GWSpeDwFFKy5LVFAAAABwAAAAAA"
        + "AAAAAAAAAAAAAAAAEAABAgMEBQYHCAkKCwwNDg+kAQMDOQEAIFkBAKl7GLcu6UMFm2JYJCt1U4e2mq9LuR26fN79M31/"
        + "/NopyxYIvKVgJow3AYNCmPh7+a7W87OnREB/6RHYXiqWnVcPuFgxvaiSDObE/68nMhRD+Pm0iDUFJVuDGrAbshdDEqdY"
        + "nCRtNXGludpCH7vvcLFt7W2lij736rGjEWnnCJybtDRrWZcNazGw+qoQTB2xXrJ8VhkuiljVh77h2hXHZpXQMNcfmwoH"
        + "nDyhqkRiRNJ+yRBD6HUhkI7SmMXJ0RdjVX4RfxgpE8UxB6sBT1DA504bfBpuK7rOAD2AGL1JPc45NuJlOjKUKhoD64R8"
        + "wRMYnUS8XlLj380zZKpPtloUsrMhQwEAAQ=="
    private static let encodedTPMAttestation =
        "o2NmbXRjdHBtZ2F0dFN0bXSmY2FsZzn//mNzaWdZAQB2aCz+v/HcG77aLylg3gXBZAVibJVeu03V8mO15pRXgJcTsP+j"
        + "JC2kD7hPIvPuT+4hP0q6Suva5lShugHiEGugprjcU8GvUh/3K34q/OvvFuunz5kT3Wg/LdmhqBqhtmtumP/LGTn+bbyT"
        + "Ui8P9BPLKZXSDuXGJZmjjW1yz+VnD3oHj6hhRCqHL5yZ3WZV3hjn+4PPAYeUEz8aIN0mdN1KvNCJh0+aHE2jMhZTGnsV"
        + "aMt+wh8UNLFAUr6B0Y2g8g0AEwNddMXEsSO1Ccjk0z88HbY9qYgFcXVvNS1TZVw1KDlRaUV5r2p8Y5cPKKOR5LKZTCCG"
        + "mTYqBEdaatvrag1GY3ZlcmMyLjBjeDVjgVkC/zCCAvswggHjoAMCAQICFA2qHKRsLm7rK7IqUSDr4zNAOdGgMA0GCSqG"
        + "SIb3DQEBCwUAMAwxCjAIBgNVBAMMAWEwIBcNMjYxMjAxMDcxODQ0WhgPMjEyNjExMDcwNzE4NDRaMAwxCjAIBgNVBAMM"
        + "AWEwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQDLQDdBk9pZFOtMbsRe3w2vkSkPD1bmLMZY4mKvnco+Z3m3"
        + "tG6q4ISBHXmPER6stpUQjQpTopSTh3Ol/jJIqDglmwfEG04r3P7FaQyGJ+sdJK1iwzt3335B6HPeHlLg+HOLaE8pV0tZ"
        + "eq2LG4R8O1uytxaLFcx3OltW8E1uLShPveDlx9Eies/elY9dgGPOe6zYSkHTqk9JyNCmn84Yo9sdb+auGzBAOT30QH5j"
        + "SXnATaOy2uCMBJmMOvIpPBDR9QddX/uRinFstNIydVYzTOVeYgOQUZXTF9ffTYtCncfBipK87Psc+5xKnba0ftxNChyf"
        + "oLQZDB6VR9mPKWEyG21ZAgMBAAGjUzBRMB0GA1UdDgQWBBS+uxNs4DNLrDUKrht466yp8y67PjAfBgNVHSMEGDAWgBS+"
        + "uxNs4DNLrDUKrht466yp8y67PjAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4IBAQAhc/gPHRcri7Q2bjB2"
        + "meaVdJbD1UxFXjK8+eZVpqLP7eBitOhV5Q99lF88rYsIxm527ht/rDOZBVM5MwAmO8ONBs7WVhW/3MiH9w0FO8dL3Hd/"
        + "6bPQGeBoZx+gwp2Hr+XuQuedP9Z9LQujZLX2kWn9FYQzEob8FHJNV9lzedWjwExHZjc+AkA+HFb7mLKkIEjUsaC6NzZ6"
        + "gemMMe+jUYSa8FTL1WcYZYheb/6+8NpSAPANGeKI6SbrY7tDGUHUnLMdqtCoILoWS7jNebnAtZBuRUfAxbQ8Hi5kalyJ"
        + "X9AVndXsFKcoQg3ol/bKDJwD6KQVIZ3h8H1L3R8pJfotQIopZ3B1YkFyZWFZATYAAQALAAYAcgAgAAECAwQFBgcICQoL"
        + "DA0ODxAREhMUFRYXGBkaGxwdHh8AEAAQCAAAAAAAAQCpexi3LulDBZtiWCQrdVOHtpqvS7kdunze/TN9f/zaKcsWCLyl"
        + "YCaMNwGDQpj4e/mu1vOzp0RAf+kR2F4qlp1XD7hYMb2okgzmxP+vJzIUQ/j5tIg1BSVbgxqwG7IXQxKnWJwkbTVxpbna"
        + "Qh+773Cxbe1tpYo+9+qxoxFp5wicm7Q0a1mXDWsxsPqqEEwdsV6yfFYZLopY1Ye+4doVx2aV0DDXH5sKB5w8oapEYkTS"
        + "fskQQ+h1IZCO0pjFydEXY1V+EX8YKRPFMQerAU9QwOdOG3wabiu6zgA9gBi9ST3OOTbiZToylCoaA+uEfMETGJ1EvF5S"
        + "49/NM2SqT7ZaFLKzaGNlcnRJbmZvWKH/VENHgBcAIgALAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAFJ/D"
        + "Q7EUmCn9UByD9nB4GKmcOkvxAAAAAAAAAAAAAAAAAAAAAAEAAAAAAAAAAAAiAAts3rpVmWz/Ike+4VlF8JIZ3BzPhqLC"
        + "2TdR8LdvXCIQqQAiAAsAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAGhhdXRoRGF0YVkBV7+rw3QylYsGM2DT"
        + "rWRhycRzWuf47dRlkqXg8BRSsuS1RQAAAAcAAAAAAAAAAAAAAAAAAAAAABAAAQIDBAUGBwgJCgsMDQ4PpAEDAzkBACBZ"
        + "AQCpexi3LulDBZtiWCQrdVOHtpqvS7kdunze/TN9f/zaKcsWCLylYCaMNwGDQpj4e/mu1vOzp0RAf+kR2F4qlp1XD7hY"
        + "Mb2okgzmxP+vJzIUQ/j5tIg1BSVbgxqwG7IXQxKnWJwkbTVxpbnaQh+773Cxbe1tpYo+9+qxoxFp5wicm7Q0a1mXDWsx"
        + "sPqqEEwdsV6yfFYZLopY1Ye+4doVx2aV0DDXH5sKB5w8oapEYkTSfskQQ+h1IZCO0pjFydEXY1V+EX8YKRPFMQerAU9Q"
        + "wOdOG3wabiu6zgA9gBi9ST3OOTbiZToylCoaA+uEfMETGJ1EvF5S49/NM2SqT7ZaFLKzIUMBAAE="
    private static let encodedSignature =
        "VLsq9nz2oJhehRu2frK6OcTSa6mFSj1MFfpIvscV/qF452aoOzxSyxP6Xqp709X+TjSUhLbEjlmsWMkKKUYDLap2qyfU"
        + "AeK/kLC7ToaB78aOW5OrCBRx7b67zhRtBaYt8Qhf9TJnAXI1wR8zWhjYtgDTBLGVeGnb9G1hKrbW5QaJAqpwuIW1z/RB"
        + "Dl4UhBzLeXMqFs1LtLfHpulKCKEkrRkPtDKlFEO6yJRkF8JeSl20/R1J/ZTATvaXfuDGrFyaG34s2UWfc0LEeat+ntOB"
        + "//O2g2orPUKqSn8hshJozDMclPPx3N+67V6A9fs6UlrybWVeNaObtOjrfDPHuhUoJA=="
}
