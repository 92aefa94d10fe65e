import Core
import Foundation
import Secrets
import Testing

@testable import Audit

@Suite("Signed notes")
struct NoteTests {
    @Test("verify as published, and not once a letter is changed")
    func publishedNotes() throws {
        guard let vectors = try publishedVectors("tlog/notes.json") else { return }
        for vector in vectors["notes"]?.array ?? [] {
            let text = try #require(vector["note"]?.string)
            let key = try NoteKey(try #require(vector["vkey"]?.string))
            let note = try SignedNote(parsing: text)
            #expect(note.isSigned(by: key))
            #expect(note.description == text)
            #expect(key.description == vector["vkey"]?.string)
            let changed = try SignedNote(parsing: text.replacingOccurrences(of: "e", with: "i"))
            #expect(!changed.isSigned(by: key))
        }
        for bad in vectors["badkeys"]?.array ?? [] {
            #expect(throws: AuditError.self) { try NoteKey(try #require(bad.string)) }
        }
        let example = try SignedNote(parsing: try #require(vectors["checkpoint_syntax_example"]?.string))
        let checkpoint = try Checkpoint(text: example.text)
        #expect(checkpoint.origin == "example.com/behind-the-sofa")
        #expect(checkpoint.size == 20_852_163)
        #expect(checkpoint.text == example.text)
    }

    @Test("are refused when they are none")
    func malformed() throws {
        let signing = try SigningKey.random()
        let key = try #require(NoteKey(name: "example.com/log", key: try signing.verifyingKey))
        let note = try Checkpoint(origin: "example.com/log", size: 3, root: MerkleTree.emptyRoot)
            .signed(as: key, with: signing).description
        #expect(try SignedNote(parsing: note).isSigned(by: key))
        for text in [
            "", "\n", "\n\n", "text\n", "text\n\n", "text\n\nsignature\n", String(note.dropLast()),
            note.replacingOccurrences(of: "—", with: "-"), note + "\n", note.replacingOccurrences(of: "3", with: "\t"),
        ] {
            #expect(throws: AuditError.self, "\(text.debugDescription)") { try SignedNote(parsing: text) }
        }
        for text in [
            "a\n1\n", "a\n01\n\(Data(MerkleTree.emptyRoot).base64EncodedString())\n", "a\n1\nAAAA\n", "a\n-1\n\n",
        ] {
            #expect(throws: AuditError.self) { try Checkpoint(text: text) }
        }
        #expect(NoteKey(name: "a b", key: try signing.verifyingKey) == nil)
        #expect(NoteKey(name: "a+b", key: try signing.verifyingKey) == nil)
        #expect(NoteKey(name: "", key: try signing.verifyingKey) == nil)
    }

    @Test("with a false signature of a known key beside a true one, are refused")
    func falseBesideTrue() throws {
        let signing = try SigningKey.random()
        let key = try #require(NoteKey(name: "example.com/log", key: try signing.verifyingKey))
        let note = try SignedNote.sign("text\n", as: key, with: signing).description
        let other = try SignedNote.sign("other\n", as: key, with: signing).description
        let falseLine = try #require(other.split(separator: "\n").last)
        #expect(try !SignedNote(parsing: note + falseLine + "\n").isSigned(by: key))
        // A stranger's line is nobody's business.
        #expect(try SignedNote(parsing: note + "— witness.example AAAAAAAA\n").isSigned(by: key))
    }
}
