import Secrets
import Testing

@testable import Accounts

@Suite("The bound on password hashing")
struct TurnstileTests {
    @Test("lets in as many at once as it has places, and no more")
    func bound() {
        let turnstile = Turnstile(places: 2)
        inThreads(8) { _ in
            turnstile.pass {
                // Whoever is in first stays until a second one is, so that both places are taken once for certain.
                while turnstile.tally.peak < 2 {}
            }
        }
        #expect(turnstile.tally == Turnstile.Tally(passes: 8, inside: 0, peak: 2))
    }

    @Test("gives a place back when what was done in it fails")
    func failure() {
        struct Failure: Error {}
        let turnstile = Turnstile(places: 1)
        for _ in 0..<3 { #expect(throws: Failure.self) { try turnstile.pass { throw Failure() } } }
        #expect(turnstile.tally == Turnstile.Tally(passes: 3, inside: 0, peak: 1))
    }

    @Test("holds for log-ins that come at the same time")
    func logIns() throws {
        let fixture = try AccountsFixture()
        let register = fixture.another(concurrency: 1)
        for name in ["ada", "bob", "cyd", "dan"] { try fixture.add(name) }
        let names = ["ada", "bob", "cyd", "dan"]
        inThreads(4) { thread in
            for _ in 0..<3 { _ = try fixture.prove(names[thread], through: register) }
        }
        #expect(register.turnstile.tally == Turnstile.Tally(passes: 12, inside: 0, peak: 1))
    }
}
