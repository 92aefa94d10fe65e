import Core
import Secrets
import Testing

@testable import Consent

@Suite("Standing")
struct StandingTests {
    /// What a person's state is, apart from the basis.
    enum Situation: CaseIterable {
        case nothing, granted, grantedLapsed, refused, withdrawn, expired
        case restricted, objected, allRestricted, allObjected, restrictedAndObjected, grantedButObjected
        case otherGranted

        func states(_ tag: UInt64, now: Timestamp) -> [PurposeState] {
            var own = PurposeState(tag: tag)
            var all = PurposeState(tag: 0)
            switch self {
            case .nothing: return []
            case .granted: own.answer = .granted
            case .grantedLapsed:
                own.answer = .granted
                own.expires = now
            case .refused: own.answer = .refused
            case .withdrawn: own.answer = .withdrawn
            case .expired: own.answer = .expired
            case .restricted: own.isRestricted = true
            case .objected: own.isObjected = true
            case .allRestricted:
                own.answer = .granted
                all.isRestricted = true
                return [all, own]
            case .allObjected:
                own.answer = .granted
                all.isObjected = true
                return [all, own]
            case .restrictedAndObjected:
                own.isRestricted = true
                own.isObjected = true
            case .grantedButObjected:
                own.answer = .granted
                own.isObjected = true
            case .otherGranted:
                var other = PurposeState(tag: PurposeDefinition.tag(of: "other"))
                other.answer = .granted
                return [other]
            }
            return [own]
        }

        /// Written out, not computed from the code under test.
        func expected(_ basis: LegalBasis, marketing: Bool) -> Standing {
            switch self {
            case .restricted, .allRestricted, .restrictedAndObjected: return .closed(.restricted)
            case .objected, .allObjected, .grantedButObjected:
                switch basis {
                case .consent, .publicTask, .legitimateInterests: return .closed(.objected)
                case .contract, .legalObligation, .vitalInterests:
                    return marketing ? .closed(.objected) : .holds(basis)
                }
            case .granted: return .holds(basis)
            case .nothing, .refused, .otherGranted: return basis == .consent ? .closed(.noConsent) : .holds(basis)
            case .withdrawn: return basis == .consent ? .closed(.consentWithdrawn) : .holds(basis)
            case .grantedLapsed, .expired: return basis == .consent ? .closed(.consentExpired) : .holds(basis)
            }
        }
    }

    private static let now = ConsentFixture.start
    private static let subject = Subject(tenant: TenantID(1), number: 1, id: ProfileID(high: 1, low: 2))

    private func head(_ states: [PurposeState]) throws -> ConsentHead {
        ConsentHead(
            of: Self.subject, sequence: 1, chain: Array(repeating: 0, count: 32), states: states,
            key: try AuthenticationKey.random())
    }

    @Test("is right for every legal basis in every situation", arguments: LegalBasis.allCases, Situation.allCases)
    func table(_ basis: LegalBasis, _ situation: Situation) throws {
        for marketing in [false, true] {
            let purpose = ConsentFixture.purpose("this", basis, marketing: marketing)
            let head = try head(situation.states(purpose.tag, now: Self.now))
            #expect(head.standing(for: purpose, at: Self.now) == situation.expected(basis, marketing: marketing))
        }
    }

    @Test("a consent holds until the millisecond it expires")
    func expiry() throws {
        let purpose = ConsentFixture.purpose("this")
        var state = PurposeState(tag: purpose.tag)
        state.answer = .granted
        state.since = Self.now
        state.expires = Self.now.days(1)
        state.noticeTag = 7
        let head = try head([state])
        #expect(head.states == [state])
        let end = Self.now.days(1).milliseconds
        #expect(head.standing(for: purpose, at: Timestamp(milliseconds: end - 1)) == .holds(.consent))
        #expect(head.standing(for: purpose, at: Timestamp(milliseconds: end)) == .closed(.consentExpired))
    }

    @Test("finds a purpose among many, each with other optional parts")
    func findsAmongMany() throws {
        let purposes = (0..<200).map { ConsentFixture.purpose("p\($0)") }
        let states = purposes.enumerated().map { index, purpose in
            var state = PurposeState(tag: purpose.tag)
            state.answer = index.isMultiple(of: 2) ? .granted : .withdrawn
            if index.isMultiple(of: 3) { state.since = Self.now }
            if index.isMultiple(of: 5) { state.expires = Self.now.days(1) }
            if index.isMultiple(of: 7) { state.noticeTag = UInt32(index) }
            return state
        }.sorted { $0.tag < $1.tag }
        let head = try head(states)
        #expect(head.states == states)
        for (index, purpose) in purposes.enumerated() {
            let expected: Standing = index.isMultiple(of: 2) ? .holds(.consent) : .closed(.consentWithdrawn)
            #expect(head.standing(for: purpose, at: Self.now) == expected)
        }
    }

    @Test("a head with something this program cannot read is refused, not read in part")
    func unknownFormat() throws {
        let key = try AuthenticationKey.random()
        var state = PurposeState(tag: 5)
        state.answer = .granted
        let good = ConsentHead(
            of: Self.subject, sequence: 1, chain: Array(repeating: 0, count: 32), states: [state], key: key
        ).bytes
        for (place, value) in [(0, 2), (4, 2), (65, 2), (65, 0), (74, 5), (75, 32), (75, 4)] as [(Int, UInt8)] {
            var changed = good.dropLast(16)
            changed[place] = value
            let hash = BLAKE2b(key: key, length: 16)
            hash.update("profilevault consent head v1")
            hash.update(Self.subject.number)
            hash.update(changed)
            let sealed = Array(changed) + hash.finish()
            let error = #expect(throws: ConsentError.self) {
                try sealed.withUnsafeBytes { try ConsentHead(row: $0, of: Self.subject, key: key) }
            }
            #expect(error?.code == ConsentError.headChanged, "byte \(place)")
            #expect(error?.message.contains("format") == true)
        }
        let read = try good.withUnsafeBytes { try ConsentHead(row: $0, of: Self.subject, key: key) }
        #expect(read.states == [state])
    }

    @Test("every standing has a code of its own")
    func codes() {
        let all = LegalBasis.allCases.map(Standing.holds) + WithheldReason.allCases.map(Standing.closed)
        #expect(Set(all.map(\.code)).count == all.count)
        #expect(all.allSatisfy { $0.holds == ($0.code < 16) })
    }
}
