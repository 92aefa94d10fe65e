import Core
import Testing

@testable import Secrets

@Suite("Wrapped keys")
struct KeyWrappingTests {
    private let wrapping: WrappingKey
    private let inner: ProfileKey
    private let place = Array("tenant 3, person 5".utf8)

    init() throws {
        wrapping = try .random()
        inner = try .random()
    }

    @Test("come back as the key they were, in 73 bytes")
    func roundTrip() throws {
        let wrapped = KeyWrapper(wrapping).wrap(inner, binding: place)
        #expect(wrapped.bytes.count == 73)
        #expect(wrapped.commitment.count == 32)
        let back: ProfileKey = try KeyUnwrapper(wrapping).unwrap(wrapped, binding: place)
        #expect(exposed(back) == exposed(inner))
        #expect(KeyWrapper(wrapping).wrap(inner, binding: place).bytes != wrapped.bytes)
    }

    @Test("do not open at another place or under another key")
    func moved() throws {
        let wrapped = KeyWrapper(wrapping).wrap(inner, binding: place)
        for (key, place) in [(wrapping, Array("tenant 3, person 6".utf8)), (try .random(), place), (wrapping, [])] {
            let error = #expect(throws: SecretsError.self) {
                try KeyUnwrapper(key).unwrap(wrapped, binding: place, as: CellRole.self)
            }
            #expect(error?.code == SecretsError.authenticationFailed)
        }
    }

    @Test("close when any one bit of key or commitment is flipped")
    func everyBit() throws {
        let wrapped = KeyWrapper(wrapping).wrap(inner, binding: place)
        for bit in 0..<((wrapped.bytes.count + wrapped.commitment.count) * 8) {
            var bytes = wrapped.bytes
            var commitment = wrapped.commitment
            let byte = bit / 8
            if byte < bytes.count { bytes[byte] ^= 1 << (bit % 8) } else { commitment[byte - 73] ^= 1 << (bit % 8) }
            let error = #expect(throws: SecretsError.self, "bit \(bit)") {
                try KeyUnwrapper(wrapping).unwrap(
                    WrappedKey(bytes: bytes, commitment: commitment), binding: place, as: CellRole.self)
            }
            let expected =
                byte == 0
                ? SecretsError.malformed
                : byte < 73 ? SecretsError.authenticationFailed : SecretsError.commitmentMismatch
            #expect(error?.code == expected)
        }
    }

    @Test("do not open when the commitment is another key's, or cut, or missing")
    func commitment() throws {
        let wrapped = KeyWrapper(wrapping).wrap(inner, binding: place)
        let other = KeyWrapper(wrapping).wrap(try ProfileKey.random(), binding: place)
        for commitment in [other.commitment, Array(wrapped.commitment.dropLast()), []] {
            let error = #expect(throws: SecretsError.self) {
                try KeyUnwrapper(wrapping).unwrap(
                    WrappedKey(bytes: wrapped.bytes, commitment: commitment), binding: place, as: CellRole.self)
            }
            #expect(error?.code == SecretsError.commitmentMismatch)
        }
    }

    @Test("of any other length are malformed, not read past their end", arguments: [0, 1, 40, 72, 74, 200])
    func lengths(_ count: Int) throws {
        var bytes = [UInt8](repeating: 0, count: count)
        if count > 0 { bytes[0] = WrappedKey.format }
        let error = #expect(throws: SecretsError.self) {
            try KeyUnwrapper(wrapping).unwrap(
                WrappedKey(bytes: bytes, commitment: []), binding: place, as: CellRole.self)
        }
        #expect(error?.code == SecretsError.malformed)
    }

    @Test("that do not open leave no slot of the arena taken")
    func noSlotLeaks() throws {
        let wrapped = KeyWrapper(wrapping).wrap(inner, binding: place)
        let before = KeyArena.shared.status.slotsInUse
        for _ in 0..<2000 {
            _ = try? KeyUnwrapper(wrapping).unwrap(wrapped, binding: [], as: CellRole.self)
        }
        // Other tests run at the same time and hold a few of their own.
        #expect(KeyArena.shared.status.slotsInUse < before + 1500)
    }
}

@Suite("Boxes")
struct BoxTests {
    @Test("open with the label they were sealed with and no other")
    func label() throws {
        let key = try BoxKey.random()
        for count in [0, 1, 31, 32, 1000] {
            let content = Random.bytes(count)
            let box = BoxSealer(key).seal(content, label: Array("totp of operator 7".utf8))
            #expect(box.count == count + 40)
            #expect(try BoxOpener(key).open(box, label: Array("totp of operator 7".utf8)) == content)
            for label in ["totp of operator 8", "", "totp of operator 7\0"] {
                let error = #expect(throws: SecretsError.self) {
                    try BoxOpener(key).open(box, label: Array(label.utf8))
                }
                #expect(error?.code == SecretsError.authenticationFailed)
            }
            #expect(throws: SecretsError.self) {
                try BoxOpener(.random()).open(box, label: Array("totp of operator 7".utf8))
            }
        }
    }

    @Test("close when cut anywhere or when any bit is flipped")
    func damage() throws {
        let key = try BoxKey.random()
        let box = BoxSealer(key).seal([1, 2, 3], label: [])
        for count in 0..<box.count {
            #expect(throws: SecretsError.self) { try BoxOpener(key).open(Array(box.prefix(count)), label: []) }
        }
        for bit in 0..<(box.count * 8) {
            var changed = box
            changed[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: SecretsError.self) { try BoxOpener(key).open(changed, label: []) }
        }
    }
}
