import Glibc
import Testing

@testable import profilevault

@Suite("The program")
struct ProgramTests {
    @Test("ends quietly with 1 when its reader has left before the end")
    func closedPipe() async {
        let result = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
            var ends: [Int32] = [0, 0]
            guard pipe(&ends) == 0, dup2(ends[1], STDOUT_FILENO) == STDOUT_FILENO else { exit(70) }
            close(ends[0])
            close(ends[1])
            exit(Program.run(["help"]))
        }
        let errors = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(!errors.contains("profilevault:"))
    }

    @Test("says that its output could not be written where files may not grow, instead of being killed")
    func limitedFiles() async {
        let result = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
            let file = tmpfile()
            guard let file, dup2(fileno(file), STDOUT_FILENO) == STDOUT_FILENO else { exit(70) }
            var limit = rlimit(rlim_cur: 0, rlim_max: 0)
            guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { exit(71) }
            exit(Program.run(["help"]))
        }
        let errors = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(errors.contains("error: the output could not be written"))
        #expect(errors.contains("hint: "))
    }

    @Test("leaves no core dump of what it has opened, neither in a file nor with a program that takes dumps")
    func coreDumps() async {
        await #expect(processExitsWith: .success) {
            _ = Program.run(["version"])
            var limit = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
            exit(limit.rlim_cur == 1 && limit.rlim_max == 1 ? 0 : 1)
        }
    }
}
