import CAllocations
import Cedar
import Core
import Foundation

/// Decisions of our engine beside those of the official one, through `cedarpy`, over the same texts in the same run.
struct CedarBenchmark {
    let folder: String
    let peers: PeerProgram

    private static let requests = 5000

    func run(into report: inout Report) throws {
        print("\nCedar, seed \(CedarWorkload.seed), \(Self.requests) requests; goals: 5 µs and 10 µs a decision")
        for (policies, roles) in [(20, 5), (1000, 120)] { try run(policies: policies, roles: roles, into: &report) }
    }

    private func run(policies count: Int, roles: Int, into report: inout Report) throws {
        var workload = CedarWorkload(roles: roles)
        let entities = String(decoding: workload.entities().bytes(), as: UTF8.self)
        let policies = workload.policies(count)
        let questions = workload.requests(Self.requests)
        let ours = try OurDecisions(policies: policies, entities: entities, requests: questions)
        let peer = try peer(entities, policies, questions)
        let name = "Cedar, \(count) policies"
        if let peer {
            guard peer.decisions == ours.decisions else {
                throw BenchmarkError("the two engines decide differently: nothing to compare")
            }
        } else {
            report.missing(name, "the Python package `cedarpy` (`make peers`)")
        }
        func add(_ what: String, _ ours: Double, _ theirs: Double?, _ peerName: String) {
            report.add("\(name), \(what)", ours: ours, peer: theirs, unit: "µs", peerName: peerName)
        }
        let one = ours.oneByOne()
        for (place, percentile) in ["p50", "p95", "p99"].enumerated() {
            add(percentile, one[place], peer?.single[place], "cedarpy")
        }
        add("p50, engine", one[0], peer?.engine[0], "cedarpy's engine")
        add("p50, JSON", try ours.fromJSON()[0], peer?.single[0], "cedarpy")
        add("many in a row", ours.inARow(), peer?.batch, "cedarpy's batch")
        report.add("\(name), allocations", ours: ours.allocations(), peer: nil, unit: "a decision", peerName: "")
        report.add("\(name), allowed", ours: ours.allowed * 100, peer: nil, unit: "%", peerName: "")
    }

    /// What `cedarpy` measured; `nil` where it is not installed.
    private func peer(_ entities: String, _ policies: String, _ requests: [JSON]) throws -> PeerDecisions? {
        try Data(policies.utf8).write(to: URL(filePath: "\(folder)/policies.cedar"))
        try Data(entities.utf8).write(to: URL(filePath: "\(folder)/entities.json"))
        try Data(JSON.array(requests).bytes()).write(to: URL(filePath: "\(folder)/requests.json"))
        let said = try peers.run("cedar.py", [folder])
        return said.hasPrefix("missing: ") ? nil : try JSONDecoder().decode(PeerDecisions.self, from: Data(said.utf8))
    }
}

/// What `peers/cedar.py` prints: microseconds, percentiles as 50, 95, 99.
private struct PeerDecisions: Decodable {
    let single: [Double]
    let engine: [Double]
    let batch: Double
    /// `a` or `d` for each request.
    let decisions: String
}

/// Our engine with everything read.
private struct OurDecisions {
    private let policies: PolicySet
    private let entities: Entities
    private let requests: [Request]
    private let contexts: [String]
    let decisions: String

    init(policies text: String, entities json: String, requests questions: [JSON]) throws {
        policies = try PolicySet(parsing: text)
        entities = try Entities(json: json)
        contexts = questions.map { String(decoding: ($0["context"] ?? .null).bytes(), as: UTF8.self) }
        func uid(_ json: JSON?) -> EntityUID {
            EntityUID(type: json?["type"]?.string ?? "", id: json?["id"]?.string ?? "")
        }
        requests = try zip(questions, contexts).map { question, context in
            Request(
                principal: uid(question["principal"]), action: uid(question["action"]),
                resource: uid(question["resource"]), context: try Record(json: context))
        }
        let (policies, entities) = (policies, entities)
        decisions = String(
            requests.map { policies.isAuthorized($0, entities: entities).decision == .allow ? "a" : "d" })
    }

    /// The share of requests that are allowed.
    var allowed: Double { Double(decisions.utf8.filter { $0 == UInt8(ascii: "a") }.count) / Double(requests.count) }

    /// Microseconds of decisions measured one by one, so with one reading of the clock each, as 50, 95, 99.
    func oneByOne() -> [Double] {
        percentiles(requests.map { request in seconds { keep(policies.isAuthorized(request, entities: entities)) } })
    }

    /// The same as a service has it: the context comes as text.
    func fromJSON() throws -> [Double] {
        percentiles(
            try zip(requests, contexts).map { request, context in
                try seconds {
                    let read = Request(
                        principal: request.principal, action: request.action, resource: request.resource,
                        context: try Record(json: context))
                    keep(policies.isAuthorized(read, entities: entities))
                }
            })
    }

    private func percentiles(_ seconds: [Double]) -> [Double] {
        let ordered = seconds.sorted()
        return [0.5, 0.95, 0.99].map { ordered[Int(Double(ordered.count - 1) * $0)] * 1e6 }
    }

    /// Microseconds a decision in the best of many runs of 500: what else the machine does can only add.
    func inARow() -> Double {
        var best = Double.infinity
        for _ in 0..<20 {
            for first in stride(from: 0, to: requests.count, by: 500) {
                let part = requests[first..<(first + 500)]
                let taken = seconds { for request in part { keep(policies.isAuthorized(request, entities: entities)) } }
                best = min(best, taken * 1e6 / Double(part.count))
            }
        }
        return best
    }

    /// How often a decision asks for memory.
    func allocations() -> Double {
        let before = pv_allocations()
        for request in requests { keep(policies.isAuthorized(request, entities: entities)) }
        return Double(pv_allocations() - before) / Double(requests.count)
    }

    /// What is thrown away might not be worked out.
    @inline(never)
    private func keep(_ response: borrowing Response) {}
}
