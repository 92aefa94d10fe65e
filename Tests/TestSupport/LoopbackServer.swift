import Foundation
import Glibc
import Synchronization

/// A server on this machine that keeps what it is asked and answers what a test says: no HTTP of its own.
public final class LoopbackServer: Sendable {
    public struct Request: Sendable {
        /// Request line and headers, with line feeds between them.
        public let head: String
        public let body: [UInt8]

        /// The value of a header, by its exact name.
        public func header(_ name: String) -> String? {
            head.split(separator: "\n").first { $0.hasPrefix("\(name): ") }.map { String($0.dropFirst(name.count + 2)) }
        }
    }

    public enum Answer: Sendable {
        case bytes([UInt8])
        /// Keeps the connection and says nothing.
        case silence

        /// An answer of HTTP/1.1 with its length.
        public static func http(_ status: Int, _ body: String = "", headers: [String] = []) -> Answer {
            let length = "Content-Length: \(body.utf8.count)"
            let head = (["HTTP/1.1 \(status) Said"] + headers + [length, "Connection: close"]).joined(separator: "\r\n")
            return .bytes(Array("\(head)\r\n\r\n\(body)".utf8))
        }
    }

    private final class Log: Sendable {
        let requests = Mutex<[Request]>([])
    }

    public let port: Int
    private let listener: Int32
    private let log = Log()

    public init(_ answer: @escaping @Sendable (Request) -> Answer) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(listener, pointer, length) == 0 && listen(listener, 16) == 0
                    && getsockname(listener, pointer, &length) == 0
            }
        }
        guard isListening else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        self.listener = listener
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [log] in Self.serve(listener, log, answer) }
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    /// What has been asked so far.
    public var requests: [Request] { log.requests.withLock { $0 } }

    /// One connection after the other, until the listener is shut down.
    private static func serve(_ listener: Int32, _ log: Log, _ answer: (Request) -> Answer) {
        var held: [Int32] = []
        while case let connection = accept(listener, nil, nil), connection >= 0 {
            if let request = read(connection) {
                log.requests.withLock { $0.append(request) }
                switch answer(request) {
                case .silence:
                    held.append(connection)
                    continue
                case .bytes(let bytes): send(bytes, to: connection)
                }
            }
            close(connection)
        }
        for connection in held { close(connection) }
        close(listener)
    }

    private static func read(_ connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            if let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
                let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).replacing("\r\n", with: "\n")
                let body = Array(bytes[end.upperBound...])
                let length = Request(head: head, body: []).header("Content-Length").flatMap { Int($0) } ?? 0
                if body.count >= length { return Request(head: head, body: body) }
            }
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
        }
    }

    private static func send(_ bytes: [UInt8], to connection: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
        // What is closed while something is unread is reset, and the answer with it.
        shutdown(connection, Int32(SHUT_WR))
    }
}
