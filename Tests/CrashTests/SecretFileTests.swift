import CFaults
import Foundation
import Secrets
import TestSupport
import Testing

@Suite("A file of a secret")
struct SecretFileTests {
    private static let old = Array("the old one".utf8)
    private static let new = Array("the new one, which is longer".utf8)

    /// Does `work` once for each of its changes of files, which then is refused; says what the folder has each time and
    /// whether that was called a failure.
    private func refusing(
        _ work: (String) throws -> Void, beginningWith image: DiskImage
    ) throws -> [(failed: Bool, files: [String: [UInt8]])] {
        var remains: [(failed: Bool, files: [String: [UInt8]])] = []
        for number in 1... {
            let directory = try TemporaryDirectory()
            let root = URL(filePath: directory.path).resolvingSymlinksInPath().path(percentEncoded: false)
            try image.restore(to: root)
            let disk = WatchedDisk(root, holding: image, seed: 7)
            defer { disk.end() }
            disk.arm(.refused, at: number)
            let result = Result { try work(root + "/secret") }
            guard disk.hasFired else {
                try result.get()
                break
            }
            if case .failure(let error) = result {
                #expect((error as? SecretsError)?.code == SecretsError.fileNotWritten, "\(disk.victim)")
                remains.append((true, try DiskImage(of: root).files))
            } else {
                remains.append((false, try DiskImage(of: root).files))
            }
        }
        #expect(remains.filter(\.failed).count >= 5)
        return remains
    }

    @Test("is whole or not there, whichever change is refused in its making")
    func making() throws {
        for (failed, files) in try refusing({ try OwnerOnlyFile.create($0, Self.new) }, beginningWith: DiskImage()) {
            #expect(files["secret"] == (failed ? nil : Self.new))
        }
    }

    @Test("is the old one or the new one, whichever change is refused in its replacement")
    func replacing() throws {
        var image = DiskImage()
        image.files["secret"] = Self.old
        for (failed, files) in try refusing({ try OwnerOnlyFile.put($0, Self.new) }, beginningWith: image) {
            #expect(files["secret"] == Self.new || failed && files["secret"] == Self.old)
            #expect(files["secret.new"] == nil)
        }
    }
}
