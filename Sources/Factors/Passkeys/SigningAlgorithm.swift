/// What attestations are signed with, by its number in COSE (RFC 9053 §2, RFC 8812 §2).
enum SigningAlgorithm: Int64 {
    case es256 = -7
    case edDSA = -8
    case es384 = -35
    case rs256 = -257
    /// RSA with SHA-1: many TPMs know nothing else, and nobody else may.
    case rs1 = -65535

    /// What is hashed before it is signed; `nil` where the algorithm does that itself.
    var hash: HashAlgorithm? {
        switch self {
        case .es256, .rs256: .sha256
        case .es384: .sha384
        case .rs1: .sha1
        case .edDSA: nil
        }
    }
}

/// Hash functions by their numbers in TPMs (TPM_ALG_ID: TPM 2.0 Library, Part 2 §6.3).
enum HashAlgorithm: UInt16 {
    case sha1 = 0x0004
    case sha256 = 0x000B
    case sha384 = 0x000C
    case sha512 = 0x000D
}
