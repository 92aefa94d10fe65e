import CFaults
import Core
import Testing

@testable import Secrets

/// In a process of their own, because memory is refused to a whole process.
@Suite("Memory for secrets that cannot be had", .timeLimit(.minutes(20)))
struct SecretMemoryTests {
    @Test("is said to be missing, and what was acknowledged before is there")
    func guarded() async {
        await #expect(processExitsWith: .success) {
            var refusals = 0
            for step in Step.all {
                let rehearsal = try Rehearsal(step, isStrict: false)
                var number: Int32 = 1
                while let (problems, error) = try rehearsal.play(
                    arming: { pv_refuse_secret_memory(number) },
                    disarming: {
                        defer { pv_refuse_secret_memory(0) }
                        return pv_has_refused_secret_memory() > 0
                    })
                {
                    let said = (error as? SecretsError)?.code
                    #expect(problems == [], "\(step.name), request \(number)")
                    #expect(said == SecretsError.outOfSecureMemory, "\(step.name), request \(number)")
                    number += 1
                    refusals += 1
                }
            }
            #expect(refusals > 0)
        }
    }

    @Test("of the keys in use is said to be missing, and what was acknowledged before is there")
    func slots() async {
        await #expect(processExitsWith: .success) {
            var refusals = 0
            for step in Step.all {
                let rehearsal = try Rehearsal(step, isStrict: false)
                for left in 0..<40 {
                    var taken: [UnsafeMutableRawPointer] = []
                    let result = try rehearsal.play(
                        arming: {
                            // All slots but a few are taken, and there will be no more.
                            pv_refuse_slabs(1)
                            while let slot = try? KeyArena.shared.acquire() { taken.append(slot) }
                            for _ in 0..<left { KeyArena.shared.release(taken.removeLast()) }
                        },
                        disarming: {
                            let status = KeyArena.shared.status
                            pv_refuse_slabs(0)
                            for slot in taken { KeyArena.shared.release(slot) }
                            return status.slotsInUse >= status.slots - left
                        })
                    guard let (problems, error) = result else { break }
                    #expect(problems == [], "\(step.name), \(left) slots")
                    if let error {
                        refusals += 1
                        let said = (error as? SecretsError)?.code
                        #expect(said == SecretsError.outOfSecureMemory, "\(step.name), \(left) slots")
                    } else {
                        break
                    }
                }
            }
            #expect(refusals > 20)
        }
    }
}
