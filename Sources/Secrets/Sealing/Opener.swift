import CSodium

/// Opens one person's cells and events: only the gate may hold one (the architecture test sees to it).
public struct Opener: Sendable {
    private let key: ProfileKey

    public init(_ key: ProfileKey) { self.key = key }

    /// Opens `nonce ‖ ciphertext ‖ tag` and removes the padding.
    ///
    /// - Throws: `authenticationFailed` when the cell was changed, or belongs elsewhere than `binding` says.
    public func open(_ cell: UnsafeRawBufferPointer, binding: CellBinding) throws(SecretsError) -> Plaintext {
        try unsafe Plaintext(capacity: max(0, cell.count - AEAD.overhead)) { output throws(SecretsError) in
            try unsafe open(cell, binding: binding, into: output)
        }
    }

    /// Opens a cell that is in an array.
    public func open(_ cell: ArraySlice<UInt8>, binding: CellBinding) throws(SecretsError) -> Plaintext {
        // `ArraySlice` lends its bytes to untyped throwing closures only.
        let opened: Result<Plaintext, SecretsError> = unsafe cell.withUnsafeBytes { bytes in
            do throws(SecretsError) {
                return unsafe .success(try open(bytes, binding: binding))
            } catch {
                return .failure(error)
            }
        }
        return try opened.get()
    }

    /// Lends the opened bytes and wipes them after; nothing reaches the heap.
    public func withOpened<R>(
        _ cell: ArraySlice<UInt8>, binding: CellBinding, _ body: (UnsafeRawBufferPointer) -> R
    ) throws(SecretsError) -> R {
        let capacity = max(1, cell.count - AEAD.overhead)
        let result: Result<R, SecretsError> = unsafe withUnsafeTemporaryAllocation(
            byteCount: capacity, alignment: 16
        ) { output in
            unsafe cell.withUnsafeBytes { bytes in
                defer { unsafe sodium_memzero(output.baseAddress!, capacity) }
                do throws(SecretsError) {
                    let count = try unsafe open(bytes, binding: binding, into: output)
                    return unsafe .success(body(UnsafeRawBufferPointer(start: output.baseAddress!, count: count)))
                } catch {
                    return .failure(error)
                }
            }
        }
        return try result.get()
    }

    private func open(
        _ cell: UnsafeRawBufferPointer, binding: CellBinding, into output: UnsafeMutableRawBufferPointer
    ) throws(SecretsError) -> Int {
        guard cell.count >= AEAD.overhead + Sealer.padding else { throw .notAuthentic("a cell") }
        let whole = unsafe binding.withEncoded { encoded in
            unsafe AEAD.open(cell, key: key.secret, binding: encoded, into: output.baseAddress!)
        }
        guard whole else { throw .notAuthentic("a cell") }
        var end = cell.count - AEAD.overhead - 1
        while end > 0, unsafe output[end] == 0 { end -= 1 }
        guard unsafe output[end] == 0x80 else {
            throw SecretsError(SecretsError.malformed, "a cell's padding is not as it was written")
        }
        return end
    }
}
