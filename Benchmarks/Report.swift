import Core
import Foundation

/// The figures of one run: ours, the peer's and the ratio.
struct Report {
    struct Line {
        let name: String
        let ours: Double
        let peer: Double?
        let unit: String
        let peerName: String
        let goal: Double?
    }

    private(set) var lines: [Line] = []
    /// Comparisons that could not be made, and why.
    private(set) var absent: [(name: String, reason: String)] = []

    mutating func add(
        _ name: String, ours: Double, peer: Double?, unit: String, peerName: String, goal: Double? = nil
    ) {
        lines.append(Line(name: name, ours: ours, peer: peer, unit: unit, peerName: peerName, goal: goal))
        let line = lines[lines.count - 1]
        print(text(line))
    }

    /// Names a peer that is not there.
    mutating func missing(_ name: String, _ reason: String) {
        absent.append((name, reason))
        print(name.padding(toLength: 42, withPad: " ", startingAt: 0) + "missing: " + reason)
    }

    private func text(_ line: Line) -> String {
        func number(_ value: Double) -> String {
            value >= 100 ? String(format: "%.0f", value) : String(format: "%.2f", value)
        }
        var text = line.name.padding(toLength: 42, withPad: " ", startingAt: 0)
        text += (number(line.ours) + " " + line.unit).padding(toLength: 20, withPad: " ", startingAt: 0)
        guard let peer = line.peer else { return text }
        text += (line.peerName + " " + number(peer)).padding(toLength: 34, withPad: " ", startingAt: 0)
        let ratio = line.ours / peer
        text += "ratio " + String(format: ratio < 0.1 ? "%.4f" : "%.2f", ratio)
        if let goal = line.goal { text += "  (goal \(goal))" }
        return text
    }

    func write(to path: String) throws {
        let figures = JSON.array(
            lines.map { line in
                var object = JSONObject()
                object["name"] = JSON(line.name)
                object["unit"] = JSON(line.unit)
                object["ours"] = JSON(line.ours)
                if let peer = line.peer {
                    object["peer"] = JSON(peer)
                    object["peer_name"] = JSON(line.peerName)
                    object["ratio"] = JSON(line.ours / peer)
                }
                if let goal = line.goal { object["goal"] = JSON(goal) }
                return .object(object)
            })
        let json: JSON = [
            "figures": figures,
            "missing": .array(absent.map { ["name": JSON($0.name), "reason": JSON($0.reason)] }),
        ]
        try Data(json.bytes(.pretty) + [0x0A]).write(to: URL(filePath: path))
    }
}

/// The middle of several runs.
func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

/// Seconds that `body` takes.
func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return (ContinuousClock.now - start) / .seconds(1)
}
