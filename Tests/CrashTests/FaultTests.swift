import Foundation
import TestSupport
import Testing

/// Every change of a file may fail, be torn, be the process's last or the machine's last.
@Suite("A fault at any change of a file", .timeLimit(.minutes(60)))
struct FaultTests {
    @Test(
        "loses nothing that was acknowledged and leaves nothing half there",
        arguments: Step.all, [false, true])
    func faults(step: Step, isStrict: Bool) throws {
        var generator = SeededGenerator.announced("faults during \(step.name)\(isStrict ? ", strict" : "")")
        let rehearsal = try Rehearsal(step, isStrict: isStrict)
        var played = 0
        for fault in Fault.allCases where !isStrict || fault == .powerCut {
            let every = Array(1...rehearsal.changes)
            let some = every.shuffled(using: &generator).prefix(SeededGenerator.rounds(quick: 6, soak: .max)).sorted()
            for number in some {
                guard let problems = try rehearsal.play(fault, at: number, seed: generator.next()) else { continue }
                played += 1
                #expect(problems == [])
            }
        }
        print("faults during \(step.name): \(played) of \(rehearsal.changes) changes in \(isStrict ? 1 : 4) ways")
        #expect(played > 0)
    }
}
