#if HardwareKeys
    import CP11Kit
    import Core
    import Foundation
    import Secrets
    import Synchronization
    import TestSupport
    import Testing

    @testable import HardwareKeys

    extension HardwareKeyTests {
        @Suite("Bytes kept in a token")
        struct TokenObjectTests {
            private let first = [UInt8](repeating: 1, count: 256)
            private let second = [UInt8](repeating: 2, count: 256)

            /// Keys and data of the name that the token has.
            private func counts(_ token: SoftToken, _ name: String = "epoch") throws -> [Int] {
                try token.look { session throws(SecretsError) in
                    [try session.keys(labelled: name).count, try session.data(labelled: name).count]
                }
            }

            @Test("are read as they were written, until they are overwritten or destroyed")
            func roundTrip() throws {
                let token = try SoftToken("vault")
                let object = try token.object()
                #expect(try object.read() == nil)
                #expect(code { try object.overwrite(with: first) } == SecretsError.tokenObjectMissing)
                try object.create(first)
                #expect(try token.object().read() == first)
                #expect(code { try object.create(second) } == SecretsError.tokenObjectExists)
                #expect(try object.read() == first)
                for length in [1, 32, 1024] {
                    let content = Random.bytes(length)
                    try object.overwrite(with: content)
                    #expect(try token.object().read() == content)
                    #expect(try counts(token) == [1, 1])
                }
                let kept = try object.read()
                for length in [0, 1025] {
                    let content = [UInt8](repeating: 7, count: length)
                    #expect(code { try object.overwrite(with: content) } == SecretsError.tokenObjectLength)
                }
                #expect(try object.read() == kept)
                #expect(try object.destroy())
                #expect(try !object.destroy())
                #expect(try object.read() == nil)
                #expect(try token.files() == [])
                try object.create(second)
                #expect(try object.read() == second)
            }

            @Test("are told apart by name and by token")
            func names() throws {
                let token = try SoftToken("vault", "other")
                try token.object("one").create(first)
                try token.object("two").create(second)
                #expect(try token.object("one", in: "other").read() == nil)
                try token.object("one").destroy()
                #expect(try token.object("two").read() == second)
                #expect(try token.object("one").read() == nil)
            }

            @Test("that were overwritten do not open through the token with a copy of its files from before")
            func destroyed() throws {
                let token = try SoftToken("vault")
                try token.object().create(first)
                let before = try token.files()
                let copy = try before.map { try Data(contentsOf: URL(filePath: token.folder.file($0))) }
                let value = try token.look { session throws(SecretsError) in
                    try session.value(of: session.data(labelled: "epoch")[0])
                }
                let (version, sealed) = try #require(TokenVersion.read(value: value))
                try token.object().overwrite(with: second)
                #expect(before.count == 2)
                #expect(Set(try token.files()).isDisjoint(with: before))
                // The old bytes open under no key that is left.
                let opened = try token.look { session throws(SecretsError) in
                    for key in try session.find([.number(CKA_CLASS, CKO_SECRET_KEY)]) {
                        let opened = try session.open(sealed, with: key, binding: version.binding("epoch"))
                        if opened != nil { return true }
                    }
                    return false
                }
                #expect(!opened)
                // What is put back is older than what is there, and destroyed once more.
                for back in [[0], [1], [0, 1]] {
                    for place in back {
                        try copy[place].write(to: URL(filePath: token.folder.file(before[place])))
                        // SoftHSM has an empty file beside each object, without which it destroys none.
                        try Data().write(
                            to: URL(filePath: token.folder.file(before[place].replacing(".object", with: ".lock"))))
                    }
                    #expect(try counts(token).reduce(0, +) == 2 + back.count)
                    #expect(try token.object().read() == second)
                    #expect(try counts(token) == [1, 1])
                    #expect(Set(try token.files()).isDisjoint(with: before))
                }
                // Nor do the data say anything alone; a key does not come back from a token that keeps it.
                try token.object().destroy()
                try token.look { session throws(SecretsError) in
                    try session.makeData(labelled: "epoch", value: value)
                }
                #expect(try token.object().read() == nil)
            }

            /// The error of a change that a test ends.
            private static let crash = SecretsError(ErrorCode("test.crash"), "the power went")

            private func crashing(
                _ token: SoftToken, after step: TokenObject.Step, turn: Int
            ) throws -> TokenObject {
                let left = Mutex(turn)
                return try token.object { done throws(SecretsError) in
                    guard done == step else { return }
                    let isTurn = left.withLock { left in
                        left -= 1
                        return left == 0
                    }
                    if isTurn { throw Self.crash }
                }
            }

            @Test("outlive a crash at every step of overwriting, and what it leaves is cleaned away")
            func interrupted() throws {
                let token = try SoftToken("vault")
                try token.object().create(first)
                for step in TokenObject.Step.allCases {
                    let before = try token.object().read()
                    let next = Random.bytes(256)
                    #expect(throws: Self.crash) {
                        try crashing(token, after: step, turn: 1).overwrite(with: next)
                    }
                    let expected = step == .keyMade ? before : next
                    #expect(try token.object().read() == expected, "\(step)")
                    if step != .keyMade { #expect(try counts(token) == [1, 1], "\(step)") }
                    let last = Random.bytes(256)
                    try token.object().overwrite(with: last)
                    #expect(try token.object().read() == last)
                    #expect(try counts(token) == [1, 1], "\(step)")
                }
            }

            @Test("outlive crash after crash, and an overwriting then cleans all away")
            func interruptedAgain() throws {
                let token = try SoftToken("vault")
                try token.object().create(first)
                var kept = first
                for round in 0..<12 {
                    let step = TokenObject.Step.allCases[round % 4]
                    let next = Random.bytes(64)
                    // What the crashes before left makes two of each to be destroyed.
                    let turn = [.keyMade, .dataMade].contains(step) ? 1 : 2
                    #expect(throws: Self.crash) {
                        try crashing(token, after: step, turn: turn).overwrite(with: next)
                    }
                    if step != .keyMade { kept = next }
                }
                #expect(try token.object().read() == kept)
                try token.object().overwrite(with: second)
                #expect(try token.object().read() == second)
                #expect(try counts(token) == [1, 1])
            }

            @Test("are there or not after a crash while they are made or destroyed, and can be made again")
            func interruptedEnds() throws {
                let token = try SoftToken("vault")
                for step in [TokenObject.Step.keyMade, .dataMade] {
                    #expect(throws: Self.crash) { try crashing(token, after: step, turn: 1).create(first) }
                    #expect(try token.object().read() == (step == .keyMade ? nil : first))
                    if step == .keyMade { try token.object().create(second) }
                    try token.object().destroy()
                    #expect(try counts(token) == [0, 0])
                }
                for step in [TokenObject.Step.keyDestroyed, .dataDestroyed] {
                    try token.object().create(first)
                    #expect(throws: Self.crash) { try crashing(token, after: step, turn: 1).destroy() }
                    #expect(try token.object().read() == nil)
                    try token.object().create(second)
                    #expect(try counts(token) == [1, 1])
                    try token.object().destroy()
                }
            }

            @Test("are left alone by a reader while a newer version is being written")
            func newer() throws {
                let token = try SoftToken("vault")
                try token.object().create(first)
                #expect(throws: Self.crash) {
                    try crashing(token, after: .keyMade, turn: 1).overwrite(with: second)
                }
                try token.look { session throws(SecretsError) in
                    try session.makeData(labelled: "epoch", value: [1, 2, 3])
                }
                #expect(try token.object().read() == first)
                #expect(try counts(token) == [2, 2])
                try token.object().overwrite(with: second)
                #expect(try counts(token) == [1, 1])
            }

            @Test("that were changed in the token are refused, and overwriting repairs them")
            func damaged() throws {
                let token = try SoftToken("vault")
                let object = try token.object()
                try object.create(first)
                let value = try token.look { session throws(SecretsError) in
                    let data = try session.data(labelled: "epoch")[0]
                    let value = try session.value(of: data)
                    try session.destroy(data)
                    return value
                }
                for place in [30, 40, value.count - 1] {
                    var other = value
                    other[place] ^= 1
                    try token.look { session throws(SecretsError) in
                        for data in try session.data(labelled: "epoch") { try session.destroy(data) }
                        try session.makeData(labelled: "epoch", value: other)
                    }
                    let error = #expect(throws: SecretsError.self) { _ = try object.read() }
                    #expect(error?.code == SecretsError.tokenObjectDamaged)
                    #expect(error?.code.exit == .integrity)
                }
                #expect(code { try object.create(second) } == SecretsError.tokenObjectDamaged)
                try object.overwrite(with: second)
                #expect(try object.read() == second)
                #expect(try counts(token) == [1, 1])
            }

            @Test("do not open under another name")
            func renamed() throws {
                let token = try SoftToken("vault")
                let version = TokenVersion(number: 1)
                try token.look { session throws(SecretsError) in
                    let key = try session.makeKey(labelled: "epoch", id: version.id)
                    let sealed = try session.seal(
                        SecretBytes(copying: [1]), with: key, binding: version.binding("another"))
                    try session.makeData(labelled: "epoch", value: version.value(sealed))
                }
                #expect(code { _ = try token.object().read() } == SecretsError.tokenObjectDamaged)
            }

            @Test("are gone where their key is, and can be made again")
            func keyDeleted() throws {
                let token = try SoftToken("vault")
                let object = try token.object()
                try object.create(first)
                try token.look { session throws(SecretsError) in
                    for key in try session.keys(labelled: "epoch") { try session.destroy(key) }
                }
                #expect(try object.read() == nil)
                try object.create(second)
                #expect(try object.read() == second)
                #expect(try counts(token) == [1, 1])
            }

            @Test("leave keys and data of others alone that have their name")
            func others() throws {
                let token = try SoftToken("vault")
                let object = try token.object()
                try token.look { session throws(SecretsError) in
                    _ = try session.makeKey(keyTemplate("epoch"))
                    _ = try session.makeKey(labelled: "epoch", id: [1, 2, 3])
                }
                try object.create(first)
                try object.overwrite(with: second)
                try object.destroy()
                #expect(try counts(token) == [2, 0])
            }

            @Test("are not overwritten when somebody has used up the numbers of versions")
            func numbers() throws {
                let token = try SoftToken("vault")
                try token.look { session throws(SecretsError) in
                    _ = try session.makeKey(labelled: "epoch", id: TokenVersion(number: .max).id)
                }
                #expect(code { try token.object().overwrite(with: first) } == SecretsError.tokenObjectDamaged)
            }

            @Test("are read whole by many threads while others overwrite them, and one version is left")
            func threads() throws {
                let token = try SoftToken("vault")
                let shared = try token.object()
                try shared.create(first)
                let asked = token.timesAsked
                DispatchQueue.concurrentPerform(iterations: 32) { turn in
                    #expect(throws: Never.self) {
                        let object = turn % 3 == 0 ? shared : try token.object()
                        if turn.isMultiple(of: 2) {
                            try object.overwrite(with: [UInt8](repeating: UInt8(turn), count: 100 + turn))
                        }
                        let content = try #require(try object.read())
                        #expect(Set(content).count == 1)
                    }
                }
                #expect(token.timesAsked == asked)
                #expect(try counts(token) == [1, 1])
            }
        }
    }
#endif
