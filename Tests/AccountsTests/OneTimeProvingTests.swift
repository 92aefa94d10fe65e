import Core
import Secrets
import Testing

@testable import Accounts
@testable import Factors

#if OneTimeCodes
    @Suite("Logging in with one-time codes")
    struct OneTimeProvingTests {
        private let fixture: AccountsFixture

        init() throws { fixture = try AccountsFixture() }

        private func answer(_ factor: Factor?, through register: AccountRegister? = nil) -> ErrorCode? {
            fixture.code { _ = try fixture.prove("ada", AccountsFixture.password, factor, through: register) }
        }

        @Test("proves a second factor, which the session has")
        func accepted() throws {
            try fixture.add()
            let app = try fixture.enrol()
            #expect(try fixture.register.factors(of: "ada").oneTimeCodes)
            let token = try fixture.logIn("ada", AccountsFixture.password, app.factor())
            #expect(try fixture.session(token).proof == MFAProof(method: .oneTimeCode, time: AccountsFixture.start))
            #expect(MFAProof.Method.oneTimeCode.name == "otp")
            // The password alone still opens one, without a proof: what it is good for is the policies' to say.
            #expect(try fixture.session(fixture.logIn()).proof == nil)
            #expect(try fixture.findings().isEmpty)
        }

        @Test("takes a code once, also after the vault was opened again")
        func once() throws {
            try fixture.add()
            let app = try fixture.enrol()
            let factor = try app.factor()
            _ = try fixture.logIn("ada", AccountsFixture.password, factor)
            #expect(answer(factor) == AccountsError.wrongCredentials)
            #expect(answer(factor, through: fixture.another()) == AccountsError.wrongCredentials)
            // Nor one that was shown before it.
            let earlier = try app.factor(at: AccountsFixture.start.adding(seconds: -30))
            #expect(answer(earlier) == AccountsError.wrongCredentials)
            _ = try fixture.logIn(
                "ada", AccountsFixture.password, app.factor(at: AccountsFixture.start.adding(seconds: 30)))
        }

        @Test("does not take the code again that confirmed the enrolment")
        func enrolment() throws {
            try fixture.add()
            let app = try fixture.enrol()
            let confirming = try app.factor(at: AccountsFixture.start.adding(seconds: -30))
            #expect(answer(confirming) == AccountsError.wrongCredentials)
        }

        @Test("enrols nothing without a code that confirms it")
        func unconfirmed() throws {
            try fixture.add()
            let app = OneTimeApp()
            let other = OneTimeApp()
            let error = fixture.code {
                try fixture.mutate { mutation in
                    try fixture.register.enrolOneTimeCodes(
                        SecretBytes(copying: app.secret), confirming: other.code(at: AccountsFixture.start),
                        of: "ada", in: mutation)
                }
            }
            #expect(error == AccountsError.wrongCode)
            #expect(try !fixture.register.factors(of: "ada").oneTimeCodes)
        }

        @Test("answers a code of who has none enrolled as it answers a wrong one")
        func notEnrolled() throws {
            try fixture.add("ada")
            try fixture.add("eve")
            let app = try fixture.enrol("eve")
            let none = fixture.error { _ = try fixture.prove("ada", AccountsFixture.password, app.factor()) }
            let wrong = fixture.error { _ = try fixture.prove("eve", AccountsFixture.password, OneTimeApp().factor()) }
            #expect(none?.code == AccountsError.wrongCredentials && none == wrong)
        }

        @Test("opens one session with one code, when two log in with it at the same time")
        func race() throws {
            try fixture.add()
            let app = try fixture.enrol()
            let factor = try app.factor()
            let opened = Tally()
            let refused = Tally()
            inThreads(4) { _ in
                let answer = fixture.code { _ = try fixture.logIn("ada", AccountsFixture.password, factor) }
                switch answer {
                case nil: opened.add()
                case AccountsError.changedMeanwhile, AccountsError.wrongCredentials: refused.add()
                case let other?: Issue.record("\(other)")
                }
            }
            #expect(opened.value == 1 && refused.value == 3)
        }

        @Test("uses a code up with the session, so that a mutation that fails uses up nothing")
        func together() throws {
            struct Failure: Error {}
            try fixture.add()
            let app = try fixture.enrol()
            let proven = try fixture.prove("ada", AccountsFixture.password, app.factor())
            #expect(throws: Failure.self) {
                try fixture.mutate { mutation in
                    _ = try fixture.register.openSession(for: proven, in: mutation)
                    throw Failure()
                }
            }
            _ = try fixture.open(proven)
        }

        @Test("finds that a row was put back to before a code was used up")
        func putBack() throws {
            try fixture.add()
            let app = try fixture.enrol()
            try fixture.tamper("CREATE TABLE kept AS SELECT * FROM operator")
            _ = try fixture.logIn("ada", AccountsFixture.password, app.factor())
            try fixture.tamper("DELETE FROM operator")
            try fixture.tamper("INSERT INTO operator SELECT * FROM kept")
            #expect(try answer(app.factor()) == AccountsError.operatorRolledBack)
        }
    }
#endif
