import Glibc
import Testing

/// What happens to a change of a file.
enum Fault: String, CaseIterable, Sendable, CustomTestStringConvertible {
    /// The call fails with an error of the device, a write perhaps after a part; later calls succeed.
    case refused
    /// From here on there is no room: no file is made or written any more, a write perhaps in part.
    case full
    /// The process ends, perhaps in the midst of a write. What was written before is there.
    case killed
    /// The machine stops: of what was not forced to the disk any part may be there or not.
    case powerCut

    var testDescription: String { rawValue }

    var error: Int32 { self == .full ? ENOSPC : EIO }

    /// Whether nothing more happens afterwards.
    var endsProcess: Bool { self == .killed || self == .powerCut }
}
