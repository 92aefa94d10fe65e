import Core
import Foundation
import Synchronization

/// One line that says how far long work is, how fast it goes and how long it will take.
final class ProgressLine: Sendable {
    private static let interval = 0.1

    private let output: Output
    private let what: String
    private let unit: String
    private let started = Date()
    private let shown = Mutex(Date.distantPast)

    init(_ output: Output, _ what: String, unit: String) {
        self.output = output
        self.what = what
        self.unit = unit
    }

    /// Seconds since the work began.
    var seconds: Double { Date().timeIntervalSince(started) }

    /// `fraction` is how much of the work is done, where that is known.
    func show(_ count: Int, of fraction: Double?) {
        guard output.terminal.errorIsTerminal, isDue() else { return }
        let seconds = max(seconds, 0.001)
        var text = "\(what): \(grouped(count)) \(unit), \(grouped(Int(Double(count) / seconds)))/s"
        if let fraction, fraction > 0 {
            let left = seconds / min(fraction, 1) - seconds
            text += ", \(Int(min(fraction, 1) * 100)) %, \(Self.duration(left)) left"
        }
        output.progress(text)
    }

    /// Takes the line away.
    func finish() { output.progress(nil) }

    private func isDue() -> Bool {
        shown.withLock { last in
            let now = Date()
            guard now.timeIntervalSince(last) >= Self.interval else { return false }
            last = now
            return true
        }
    }

    static func duration(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded(.up))
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole / 60 % 60) min"
    }
}

/// A number with its digits in groups of three: `1,234,567`.
func grouped(_ number: Int) -> String {
    var result = ""
    let digits = String(number.magnitude)
    for (place, digit) in digits.enumerated() {
        if place > 0, (digits.count - place) % 3 == 0 { result.append(",") }
        result.append(digit)
    }
    return number < 0 ? "-" + result : result
}
