import Glibc

/// Which start of the machine this is: between two starts, what was only buffered may be gone.
package enum BootIdentity {
    /// Empty where the system does not tell: then no restart is ever assumed, and nothing forgiven.
    ///
    /// A test that cuts the power says here that the machine has started anew.
    @TaskLocal package static var current: String = {
        let descriptor = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)).filter { $0 > 0x20 }, as: UTF8.self)
    }()
}
