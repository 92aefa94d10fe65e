/// The right side of `like`: literal stretches with wildcards between them.
struct Pattern: Hashable, Sendable {
    /// The stretches around the wildcards: one more than there are wildcards.
    let stretches: [[UInt8]]

    init(_ pieces: [Escapes.Piece]) {
        var stretches: [[UInt8]] = [[]]
        for piece in pieces {
            // As in the reference, `\u{2a}` is a wildcard too: only `\*` is a star.
            if piece.scalar == "*", !piece.isEscapedStar {
                stretches.append([])
            } else {
                stretches[stretches.count - 1] += Array(String(piece.scalar).utf8)
            }
        }
        self.stretches = stretches
    }

    /// Whether a text has this shape. Matching bytes is matching characters, as UTF-8 synchronises itself.
    func matches(_ text: Text) -> Bool {
        text.withBytes { bytes in
            let first = stretches[0]
            guard stretches.count > 1 else { return bytes.elementsEqual(first) }
            let last = stretches[stretches.count - 1]
            guard bytes.count >= first.count + last.count, bytes.starts(with: first) else { return false }
            let end = bytes.count - last.count
            guard bytes[end...].elementsEqual(last) else { return false }
            // Each stretch between takes its first place: a later one could only leave less room.
            var position = first.count
            for stretch in stretches[1..<(stretches.count - 1)] where !stretch.isEmpty {
                var found = false
                while position + stretch.count <= end {
                    found = bytes[position..<(position + stretch.count)].elementsEqual(stretch)
                    if found { break }
                    position += 1
                }
                guard found else { return false }
                position += stretch.count
            }
            return true
        }
    }
}
