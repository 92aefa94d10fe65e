/// One data item of CBOR (RFC 8949), as far as authenticators write it.
enum CBOR: Equatable {
    case unsigned(UInt64)
    /// −1 − the number.
    case negative(UInt64)
    case bytes(ArraySlice<UInt8>)
    case text(String)
    case array([CBOR])
    case map([Member])
    case bool(Bool)
    case null

    struct Member: Equatable {
        let key: CBOR
        let value: CBOR
        /// The value as it was written, for whom it goes on to.
        let encodedValue: ArraySlice<UInt8>
    }

    var integer: Int64? {
        switch self {
        case .unsigned(let number): Int64(exactly: number)
        case .negative(let number): Int64(exactly: number).map { -1 - $0 }
        default: nil
        }
    }

    var bytes: ArraySlice<UInt8>? {
        if case .bytes(let bytes) = self { bytes } else { nil }
    }

    var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    /// What a map holds under a key; `nil` when this is not a map or has none.
    subscript(key: CBOR) -> CBOR? { member(key)?.value }

    func member(_ key: CBOR) -> Member? {
        guard case .map(let members) = self else { return nil }
        return members.first { $0.key == key }
    }
}
