import Foundation
import Testing
import TestSupport

@testable import Audit
@testable import Core

/// The published files beside the package; `nil`, said aloud, in a clone without them.
func publishedVectors(_ path: String) throws -> JSON? {
    let environment = ProcessInfo.processInfo.environment["PROFILEVAULT_SHARED"]
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    let shared = environment.map { URL(filePath: $0) } ?? package.deletingLastPathComponent().appending(path: "shared")
    guard let data = FileManager.default.contents(atPath: shared.appending(path: "vectors/\(path)").path()) else {
        print("vectors/\(path): not found, skipped")
        return nil
    }
    return try JSON(parsing: Array(data))
}

private func hash(_ json: JSON?) -> MerkleHash { Array(Data(base64Encoded: json?.string ?? "") ?? Data()) }

private func hashes(_ json: JSON?) -> [MerkleHash] { (json?.array ?? []).map { hash($0) } }

@Suite("The Merkle tree")
struct MerkleTests {
    @Test("verifies the published inclusion proofs and refuses the broken ones")
    func inclusionVectors() throws {
        guard let vectors = try publishedVectors("tlog/merkle_proofs.json")?["inclusion"]?.array else { return }
        #expect(vectors.count == 98)
        for vector in vectors {
            // Some indexes do not fit a signed number.
            let index = try #require(UInt64(vector["leafIdx"]?.number?.literal ?? ""))
            let holds = MerkleTree.verifiesInclusion(
                of: hash(vector["leafHash"]), at: index,
                in: try #require(UInt64(vector["treeSize"]?.number?.literal ?? "")), root: hash(vector["root"]),
                path: hashes(vector["proof"]))
            #expect(holds != vector["wantErr"]?.bool, "\(vector["file"]?.string ?? "")")
        }
    }

    @Test("verifies the published consistency proofs and refuses the broken ones")
    func consistencyVectors() throws {
        guard let vectors = try publishedVectors("tlog/merkle_proofs.json")?["consistency"]?.array else { return }
        #expect(vectors.count == 98)
        for vector in vectors {
            let holds = MerkleTree.verifiesConsistency(
                from: try #require(UInt64(vector["size1"]?.number?.literal ?? "")), root: hash(vector["root1"]),
                to: try #require(UInt64(vector["size2"]?.number?.literal ?? "")), root: hash(vector["root2"]),
                path: hashes(vector["proof"]))
            #expect(holds != vector["wantErr"]?.bool, "\(vector["file"]?.string ?? "")")
        }
    }

    @Test("has the published roots of the eight-leaf tree")
    func publishedRoots() throws {
        guard let vectors = try publishedVectors("rfc/rfc6962_merkle.json") else { return }
        let leaves = try (vectors["leaf_inputs_hex"]?.array ?? []).map {
            MerkleTree.leaf(try #require(bytes(hex: $0.string ?? "-")))
        }
        var edge = TreeEdge()
        for size in 0...8 {
            #expect(hex(edge.root) == vectors["roots"]?["\(size)"]?.string)
            #expect(MerkleTree.root(ofLeafHashes: Array(leaves.prefix(size))) == edge.root)
            if size < 8 { edge.append(leaves[size]) }
        }
        #expect(hex(MerkleTree.leaf(Array("L123456".utf8))) == vectors["single"]?["leaf L123456"]?.string)
        #expect(
            hex(MerkleTree.node(Array("N123".utf8), Array("N456".utf8))) == vectors["single"]?["node N123,N456"]?.string
        )
    }

    @Test("proves every leaf and every earlier size of small trees, and nothing else")
    func smallTrees() {
        let leaves = (0..<40).map { MerkleTree.leaf([UInt8($0)]) }
        for size in 1...leaves.count {
            let root = MerkleTree.root(ofLeafHashes: Array(leaves.prefix(size)))
            func node(_ height: Int, _ index: UInt64) -> MerkleHash {
                MerkleTree.root(ofLeafHashes: Array(leaves[(Int(index) << height)..<(Int(index + 1) << height)]))
            }
            for index in 0..<size {
                let path = MerkleTree.inclusionProof(of: UInt64(index), in: UInt64(size), node: node)
                func verifies(_ place: Int) -> Bool {
                    MerkleTree.verifiesInclusion(
                        of: leaves[index], at: UInt64(place), in: UInt64(size), root: root, path: path)
                }
                #expect((0..<size).filter(verifies) == [index])
            }
            for earlier in 1...size {
                let path = MerkleTree.consistencyProof(from: UInt64(earlier), to: UInt64(size), node: node)
                let earlierRoot = MerkleTree.root(ofLeafHashes: Array(leaves.prefix(earlier)))
                #expect(
                    MerkleTree.verifiesConsistency(
                        from: UInt64(earlier), root: earlierRoot, to: UInt64(size), root: root, path: path))
                #expect(
                    !MerkleTree.verifiesConsistency(
                        from: UInt64(earlier), root: leaves[0].reversed(), to: UInt64(size), root: root, path: path))
            }
        }
    }

    @Test("is refused where a tile has fewer hashes than the tree needs of it")
    func cutTile() throws {
        let hash = MerkleTree.leaf([1])
        var whole = TileReader { _ in hash + hash }
        #expect(try whole.node(height: 1, index: 0) == MerkleTree.node(hash, hash))
        var cut = TileReader { _ in hash }
        #expect(try cut.node(height: 0, index: 0) == hash)
        let error = #expect(throws: AuditError.self) { _ = try cut.node(height: 1, index: 0) }
        #expect(error?.code == AuditError.treeChanged)
    }

    @Test("grows in any steps to the naive tree's root, and goes on from its stored tiles")
    func randomAppends() throws {
        var random = SeededGenerator.announced("randomAppends")
        for _ in 0..<6 {
            var stored: [TileAddress: [UInt8]] = [:]
            var leaves: [MerkleHash] = []
            var edge = TreeEdge()
            let total = Int.random(in: 1...70_000, using: &random)
            while leaves.count < total {
                for _ in 0..<Int.random(in: 1...9000, using: &random) {
                    leaves.append(MerkleTree.leaf(withUnsafeBytes(of: leaves.count) { Array($0) }))
                    edge.append(leaves[leaves.count - 1])
                }
                for (address, hashes) in edge.takeChanges() { stored[address] = hashes }
                if Bool.random(using: &random) {
                    edge = TreeEdge(size: UInt64(leaves.count)) { stored[$0] ?? [] }
                }
                #expect(edge.size == UInt64(leaves.count))
            }
            let root = MerkleTree.root(ofLeafHashes: leaves)
            #expect(edge.root == root)
            var reader = TileReader { stored[$0] ?? [] }
            for _ in 0..<30 {
                let size = UInt64.random(in: 1...UInt64(leaves.count), using: &random)
                let naive = MerkleTree.root(ofLeafHashes: Array(leaves.prefix(Int(size))))
                #expect(try MerkleTree.root(of: 0..<size) { try reader.node(height: $0, index: $1) } == naive)
                let index = UInt64.random(in: 0..<size, using: &random)
                let path = try MerkleTree.inclusionProof(of: index, in: size) {
                    try reader.node(height: $0, index: $1)
                }
                #expect(
                    MerkleTree.verifiesInclusion(
                        of: leaves[Int(index)], at: index, in: size, root: naive, path: path))
                let proof = try MerkleTree.consistencyProof(from: size, to: UInt64(leaves.count)) {
                    try reader.node(height: $0, index: $1)
                }
                #expect(
                    MerkleTree.verifiesConsistency(
                        from: size, root: naive, to: UInt64(leaves.count), root: root, path: proof))
            }
        }
    }
}
