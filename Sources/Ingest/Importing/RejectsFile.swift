package import Core
import Foundation
import Storage

/// Where the rows that were not taken are listed: line, column and code, no values. It never overwrites a file.
final class RejectsFile {
    private let wanted: String
    private var handle: FileHandle?
    /// The file's path once something was rejected.
    private(set) var path: String?

    /// `path` is where the list goes unless there is a file already.
    init(path: String) { wanted = path }

    func write(_ rejections: [Rejection]) throws {
        guard !rejections.isEmpty else { return }
        let handle = try handle ?? open()
        self.handle = handle
        var text: [UInt8] = []
        for rejection in rejections {
            var object = JSONObject()
            object["line"] = JSON(rejection.line)
            object["column"] = rejection.column.map { JSON($0) } ?? .null
            object["code"] = JSON(rejection.code.name)
            JSON.object(object).write(into: &text)
            text.append(0x0A)
        }
        do {
            try handle.write(contentsOf: Data(text))
        } catch {
            throw failure(path ?? wanted)
        }
    }

    func close() throws { try handle?.close() }

    private func open() throws -> FileHandle {
        let suffix = ".jsonl"
        let stem = wanted.hasSuffix(suffix) ? String(wanted.dropLast(suffix.count)) : wanted
        for number in 1...1000 {
            let candidate = number == 1 ? wanted : "\(stem).\(number)\(suffix)"
            let descriptor = unsafe candidate.withCString {
                unsafe Foundation.open($0, O_WRONLY | O_CREAT | O_EXCL, 0o600)
            }
            if descriptor >= 0 {
                path = candidate
                return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            }
            guard errno == EEXIST else { break }
        }
        throw failure(wanted)
    }

    private func failure(_ path: String) -> IngestError {
        IngestError(
            .rejectsNotWritten, "the list of rejected rows could not be written to `\(path)`",
            remedy: "make its folder writable, or name another file with --rejects")
    }
}

extension ErrorCode {
    /// The list of rejected rows could not be written.
    package static let rejectsNotWritten = ErrorCode("ingest.rejects_not_written")
}
