import CFaults
import Foundation
import Glibc
import TestSupport

/// What is on a watched disk, what of it lasts, and which change is to fail.
struct DiskState {
    /// A file or folder, whatever its names are.
    final class Node {
        let isFolder: Bool
        let path: String
        var lasting: [UInt8]
        var pending: [Edit] = []

        init(isFolder: Bool, path: String, lasting: [UInt8] = []) {
            self.isFolder = isFolder
            self.path = path
            self.lasting = lasting
        }
    }

    enum Edit {
        case write([UInt8], at: Int)
        case truncate(Int)

        func apply(to bytes: inout [UInt8]) {
            switch self {
            case .truncate(let length):
                if length < bytes.count {
                    bytes.removeLast(bytes.count - length)
                } else {
                    bytes += repeatElement(0, count: length - bytes.count)
                }
            case .write(let written, let offset):
                if bytes.count < offset + written.count {
                    bytes += repeatElement(0, count: offset + written.count - bytes.count)
                }
                bytes.replaceSubrange(offset..<(offset + written.count), with: written)
            }
        }
    }

    /// A change of a folder: names and what they stand for afterwards.
    private typealias Renaming = [(path: String, node: Node?)]

    private let root: String
    private var names: [String: Node] = [:]
    private var lastingNames: [String: Node] = [:]
    /// By the folder's path.
    private var pendingNames: [String: [Renaming]] = [:]
    private var descriptors: [Int32: Node] = [:]
    private var generator: SeededGenerator

    var count = 0
    var fault: Fault?
    var target = 0
    private(set) var hasFired = false
    private(set) var victim = ""

    init(_ root: String, holding image: DiskImage, generator: SeededGenerator) {
        self.root = root
        self.generator = generator
        names[root] = Node(isFolder: true, path: root)
        for folder in image.folders {
            names[root + "/" + folder] = Node(isFolder: true, path: root + "/" + folder)
        }
        for (file, bytes) in image.files {
            names[root + "/" + file] = Node(isFolder: false, path: root + "/" + file, lasting: bytes)
        }
        lastingNames = names
    }

    mutating func answer(_ call: pv_call) -> pv_answer {
        let done = pv_answer(error: 0, written: 0)
        let path = call.path.map { String(cString: $0) } ?? descriptors[call.descriptor]?.path ?? ""
        switch call.step {
        case PV_OPEN:
            let makes = call.flags & O_CREAT != 0 && names[path] == nil
            return makes ? refusal(of: "create", path, takesRoom: true) ?? done : done
        case PV_OPENED:
            opened(call, path)
            return done
        case PV_CLOSED:
            descriptors[call.descriptor] = nil
            return done
        case PV_WRITE:
            return write(call, path)
        default:
            if let refusal = refusal(of: Self.word(call.step), path, takesRoom: call.step == PV_MAKE_FOLDER) {
                return refusal
            }
            note(call, path)
            return done
        }
    }

    /// Counts a change and says how it fails, if it does.
    private mutating func refusal(of what: String, _ path: String, takesRoom: Bool) -> pv_answer? {
        count += 1
        guard let fault else { return nil }
        if count == target, !hasFired {
            guard fault != .full || takesRoom else {
                target += 1
                return nil
            }
            hasFired = true
            victim = "\(what) \(path.dropFirst(root.count + 1))"
            return pv_answer(error: fault.error, written: 0)
        }
        guard hasFired, fault.endsProcess || fault == .full && takesRoom else { return nil }
        return pv_answer(error: fault.error, written: -1)
    }

    private mutating func write(_ call: pv_call, _ path: String) -> pv_answer {
        var length = Int(call.count)
        var answer = pv_answer(error: 0, written: 0)
        if let refusal = refusal(of: "write", path, takesRoom: true) {
            answer = refusal
            // Only the write that meets the fault is torn; those that come after it do not happen.
            length = refusal.written < 0 ? 0 : tear(length, at: Int(call.offset))
            answer.written = Int64(length)
        }
        guard length > 0, let node = descriptors[call.descriptor] else { return answer }
        let bytes = [UInt8](UnsafeRawBufferPointer(start: call.bytes, count: length))
        node.pending.append(.write(bytes, at: Int(call.offset)))
        return answer
    }

    private mutating func opened(_ call: pv_call, _ path: String) {
        if names[path] == nil {
            let node = Node(isFolder: false, path: path)
            rename([(path, node)])
        }
        if call.flags & O_TRUNC != 0 { names[path]?.pending.append(.truncate(0)) }
        descriptors[call.descriptor] = names[path]
    }

    private mutating func note(_ call: pv_call, _ path: String) {
        let other = call.other.map { String(cString: $0) } ?? ""
        switch call.step {
        case PV_TRUNCATE:
            descriptors[call.descriptor]?.pending.append(.truncate(Int(call.offset)))
        case PV_SYNCHRONISE:
            guard let node = descriptors[call.descriptor] else { return }
            for edit in node.pending { edit.apply(to: &node.lasting) }
            node.pending.removeAll()
            guard node.isFolder else { return }
            for renaming in pendingNames.removeValue(forKey: node.path) ?? [] {
                for (path, node) in renaming { lastingNames[path] = node }
            }
        case PV_RENAME where names[path] != nil:
            rename([(path, nil), (other, names[path])])
        case PV_LINK where names[path] != nil && names[other] == nil:
            rename([(other, names[path])])
        case PV_REMOVE where names[path] != nil && !holdsSomething(path):
            rename([(path, nil)])
        case PV_MAKE_FOLDER where names[path] == nil:
            rename([(path, Node(isFolder: true, path: path))])
        default:
            break
        }
    }

    private func holdsSomething(_ path: String) -> Bool { names.keys.contains { $0.hasPrefix(path + "/") } }

    private mutating func rename(_ renaming: Renaming) {
        for (path, node) in renaming { names[path] = node }
        // Within one folder it is one step, from one to another two.
        for (folder, part) in Dictionary(grouping: renaming, by: { Self.folder(of: $0.path) }) {
            pendingNames[folder, default: []].append(part)
        }
    }

    private static func folder(of path: String) -> String {
        String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }

    /// Any part of what is not lasting, beside what is.
    mutating func cut() -> DiskImage {
        var found = lastingNames
        for (_, renamings) in pendingNames.sorted(by: { $0.key < $1.key }) {
            let survives = chance()
            for renaming in renamings where survives(&generator) {
                for (path, node) in renaming { found[path] = node }
            }
        }
        var image = DiskImage()
        for (path, node) in found.sorted(by: { $0.key < $1.key }) where path != root {
            // A name in a folder that is not there is nowhere, and shared memory is none of the disk's.
            guard !path.hasSuffix("-shm"), Self.folders(above: path, from: root).allSatisfy({ found[$0] != nil }) else {
                continue
            }
            let name = String(path.dropFirst(root.count + 1))
            if node.isFolder { image.folders.insert(name) } else { image.files[name] = remains(of: node) }
        }
        return image
    }

    private mutating func remains(of node: Node) -> [UInt8] {
        var bytes = node.lasting
        let survives = chance()
        for edit in node.pending where survives(&generator) {
            if case .write(let written, let offset) = edit, Int.random(in: 0..<6, using: &generator) == 0 {
                Edit.write(Array(written.prefix(tear(written.count, at: offset))), at: offset).apply(to: &bytes)
            } else {
                edit.apply(to: &bytes)
            }
        }
        return bytes
    }

    /// How much of a write of `length` bytes is done: it is torn where one sector ends and another begins, if at all.
    private mutating func tear(_ length: Int, at offset: Int) -> Int {
        let end = Int.random(in: 0...length, using: &generator)
        return end == length ? length : max((offset + end) / 512 * 512 - offset, 0)
    }

    /// All, nothing, the first ones or any of them.
    private mutating func chance() -> (inout SeededGenerator) -> Bool {
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: return { _ in true }
        case 1: return { _ in false }
        case 2:
            var left = Int.random(in: 0..<20, using: &generator)
            return { _ in
                left -= 1
                return left >= 0
            }
        default: return { Bool.random(using: &$0) }
        }
    }

    private static func folders(above path: String, from root: String) -> [String] {
        var folders: [String] = []
        var folder = folder(of: path)
        while folder.count > root.count {
            folders.append(folder)
            folder = Self.folder(of: folder)
        }
        return folders
    }

    private static func word(_ step: pv_step) -> String {
        switch step {
        case PV_TRUNCATE: "truncate"
        case PV_SYNCHRONISE: "fsync"
        case PV_RENAME: "rename"
        case PV_LINK: "link"
        case PV_REMOVE: "remove"
        default: "mkdir"
        }
    }
}
