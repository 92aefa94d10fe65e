import Core
import Foundation
import Testing

/// The folder of published vectors beside the project; `nil`, said out loud, where it is absent.
enum PublishedVectors {
    static func read<Content: Decodable>(_ name: String, as: Content.Type) throws -> Content? {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let shared =
            ProcessInfo.processInfo.environment["PROFILEVAULT_SHARED"].map { URL(filePath: $0) }
            ?? package.deletingLastPathComponent().appending(path: "shared")
        let file = shared.appending(path: "vectors/\(name)")
        guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else {
            print("vectors/\(name): not found, skipped")
            return nil
        }
        return try JSONDecoder().decode(Content.self, from: Data(contentsOf: file))
    }
}

/// Bytes written in hexadecimal.
struct Hex: Decodable, Equatable {
    let bytes: [UInt8]

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let bytes = Core.bytes(hex: text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: text))
        }
        self.bytes = bytes
    }
}

/// A file of Project Wycheproof: groups of tests that share what `Group` holds.
struct Wycheproof<Group: Decodable>: Decodable {
    let testGroups: [Group]
}

enum Expectation: String, Decodable {
    case valid, invalid, acceptable
}

/// How many vectors said yes, said no, and did not apply.
struct VectorCount {
    var valid = 0
    var invalid = 0
    var outOfScope: [String: Int] = [:]

    mutating func passed(_ result: Expectation) {
        if result == .valid { valid += 1 } else { invalid += 1 }
    }

    func report(_ name: String) {
        let left = outOfScope.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
        print("\(name): \(valid) valid, \(invalid) invalid, out of scope: \(left.isEmpty ? "none" : left)")
    }
}
