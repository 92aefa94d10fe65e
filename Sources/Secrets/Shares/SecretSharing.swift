/// Shamir's scheme over GF(256), with a digest by which a wrong secret is noticed (SLIP-0039, *Sharing a secret*).
enum SecretSharing {
    /// A value of the polynomials, one for each byte, at one place.
    struct Point {
        let index: UInt8
        let value: ShareValue
    }

    /// Where the polynomials have the digest, and where the secret.
    static let digestIndex: UInt8 = 254
    static let secretIndex: UInt8 = 255
    /// Of the digest, in bytes; random ones follow it.
    static let digestLength = 4

    /// The points at 0 to `count - 1`, any `threshold` of which give the secret back, and fewer say nothing of it.
    static func split(_ secret: ShareValue, threshold: Int, count: Int) throws(SecretsError) -> [Point] {
        let indices = 0..<UInt8(count)
        guard threshold > 1 else { return indices.map { Point(index: $0, value: secret) } }
        var points: [Point] = []
        for index in indices.prefix(threshold - 2) {
            points.append(Point(index: index, value: try .random(count: secret.count)))
        }
        let base =
            points + [
                Point(index: digestIndex, value: try digestValue(of: secret)), Point(index: secretIndex, value: secret),
            ]
        for index in indices.dropFirst(threshold - 2) {
            points.append(Point(index: index, value: try interpolate(base, at: index)))
        }
        return points
    }

    /// The secret of at least `threshold` points with different indices.
    ///
    /// `nil` where its digest is another than theirs, or where a point beyond those needed does not fit the rest.
    static func recover(from points: [Point], threshold: Int) throws(SecretsError) -> ShareValue? {
        let quorum = Array(points.prefix(threshold))
        for point in points.dropFirst(threshold) {
            guard try interpolate(quorum, at: point.index).equals(point.value) else { return nil }
        }
        let secret = try interpolate(quorum, at: secretIndex)
        guard threshold > 1 else { return secret }
        let random = try interpolate(quorum, at: digestIndex)
        return try digestValue(of: secret, under: random).equals(random) ? secret : nil
    }

    /// The value at `index` of the polynomials of least degree through `points` (*Polynomial interpolation*).
    static func interpolate(_ points: [Point], at index: UInt8) throws(SecretsError) -> ShareValue {
        try unsafe ShareValue(count: points[0].value.count) { output throws(SecretsError) in
            let sum = UnsafeMutableRawPointer(output.baseAddress!)
            for point in points {
                let basis = basis(of: point, among: points, at: index)
                unsafe point.value.withBytes { value in
                    let value = unsafe UnsafeRawPointer(value.baseAddress!)
                    // Eight bytes at once, also of a value that ends amid them: a slot has 32, zeros at first.
                    for place in stride(from: 0, to: output.count, by: 8) {
                        let term = unsafe GF256.multiply(
                            eight: value.load(fromByteOffset: place, as: UInt64.self), by: basis)
                        let before = unsafe sum.load(fromByteOffset: place, as: UInt64.self)
                        unsafe sum.storeBytes(of: before ^ term, toByteOffset: place, as: UInt64.self)
                    }
                }
            }
        }
    }

    /// Lagrange's polynomial at `index` that is 1 at the point's index and 0 at those of the others.
    private static func basis(of point: Point, among points: [Point], at index: UInt8) -> UInt8 {
        var numerator: UInt8 = 1
        var denominator: UInt8 = 1
        for other in points where other.index != point.index {
            numerator = GF256.multiply(numerator, index ^ other.index)
            denominator = GF256.multiply(denominator, point.index ^ other.index)
        }
        return GF256.multiply(numerator, GF256.inverse(denominator))
    }

    private static func digestValue(of secret: ShareValue) throws(SecretsError) -> ShareValue {
        try digestValue(of: secret, under: .random(count: secret.count))
    }

    /// The first bytes of HMAC-SHA-256 of the secret, and behind them the rest of `random`, which is its key.
    private static func digestValue(
        of secret: ShareValue, under random: ShareValue
    ) throws(SecretsError) -> ShareValue {
        let code = try unsafe ShareValue(count: HMACSHA256.length) { output throws(SecretsError) in
            unsafe secret.withBytes { secret in
                unsafe random.withBytes { random in
                    unsafe HMACSHA256.code(
                        of: [UnsafeRawBufferPointer(secret)],
                        key: UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: random.dropFirst(digestLength))),
                        into: output.baseAddress!)
                }
            }
        }
        return try unsafe ShareValue(count: secret.count) { output throws(SecretsError) in
            unsafe random.withBytes { _ = unsafe output.update(fromContentsOf: $0) }
            unsafe code.withBytes { _ = unsafe output.update(fromContentsOf: $0.prefix(digestLength)) }
        }
    }
}
