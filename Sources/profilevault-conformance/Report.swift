/// What became of the cases of one run.
struct Report {
    private(set) var passed = 0
    private(set) var failures: [(name: String, why: String)] = []
    /// Questions that the cases asked, several each.
    private(set) var requests = 0

    /// Notes the outcome of a case: what differed, nothing where it passed.
    mutating func add(_ name: String, requests: Int = 1, differences: [String]) {
        self.requests += requests
        if differences.isEmpty {
            passed += 1
        } else {
            failures.append((name, differences.prefix(3).joined(separator: "; ")))
        }
    }

    /// Says what failed, how much there was, and last the line that counts.
    func tell(_ say: (String) -> Void) {
        for (name, why) in failures { say("failed: \(name): \(why)") }
        say("cases: \(passed + failures.count), requests: \(requests)")
        say("\(passed) passed, \(failures.count) failed")
    }
}
