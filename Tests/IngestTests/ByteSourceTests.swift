import Foundation
import TestSupport
import Testing

@testable import Ingest

@Suite("Byte sources")
struct ByteSourceTests {
    private func text(_ source: ByteSource) throws -> String? {
        var bytes: [UInt8] = []
        while let block = try source.next() { bytes += block }
        return String(validating: bytes, as: UTF8.self)
    }

    @Test(
        "convert other encodings to UTF-8, wherever a block cuts",
        arguments: [
            ("Big5", [0xBB, 0x4F, 0xC6, 0x57], "臺灣"), ("Shift_JIS", [0x93, 0xFA, 0x96, 0x7B, 0x87, 0x40], "日本①"),
            ("windows-1252", [0x5A, 0x6F, 0xEB, 0x80], "Zoë€"), ("latin1", [0xE9], "é"), ("UTF-8", [0xC3, 0xA9], "é"),
            ("UTF-16", [0xFF, 0xFE, 0x41, 0x00, 0x3D, 0xD8, 0x00, 0xDE], "A😀"), ("gbk", [0xD6, 0xD0], "中"),
        ] as [(String, [UInt8], String)])
    func converts(_ name: String, _ bytes: [UInt8], _ expected: String) throws {
        for blockSize in [1, 2, 3, 1024] {
            let encoding = try #require(TextEncoding(name))
            #expect(try text(ByteSource(bytes, encoding: encoding, blockSize: blockSize)) == expected)
        }
    }

    @Test("know UTF-8 and UTF-16 by their byte order marks")
    func marks() throws {
        #expect(try text(ByteSource([0xEF, 0xBB, 0xBF, 0x41])) == "A")
        #expect(try text(ByteSource([0xFF, 0xFE, 0x41, 0x00])) == "A")
        #expect(try text(ByteSource([0xFE, 0xFF, 0x00, 0x41])) == "A")
        #expect(try text(ByteSource([])) == "")
    }

    @Test("say which byte fits no character of the encoding")
    func invalid() throws {
        let encoding = try #require(TextEncoding("Big5"))
        let error = #expect(throws: IngestError.self) {
            try text(ByteSource([0x41, 0x42, 0xBB, 0x4F, 0xFF, 0x41], encoding: encoding, blockSize: 2))
        }
        #expect(error?.code == .encodingInvalid)
        #expect(error?.message.contains("byte 4 ") == true)
        #expect(throws: IngestError.self) { try text(ByteSource([0x41, 0xBB], encoding: encoding)) }
        #expect(throws: IngestError.self) { try ByteSource([0x41], encoding: TextEncoding("no-such")) }
        #expect(TextEncoding("UTF-8//IGNORE") == nil)
    }

    @Test("refuse what is not text, and what cannot be read, by name")
    func refuses() throws {
        #expect(throws: IngestError.self) { try ByteSource(Array("PK\u{3}\u{4}....".utf8)) }
        let error = #expect(throws: IngestError.self) { try ByteSource(path: "/no/such/file.csv") }
        #expect(error?.message == "cannot read `/no/such/file.csv`: no such file or directory")
        let folder = try TemporaryDirectory()
        #expect(throws: IngestError.self) { try ByteSource(path: folder.path) }
    }

    #if Compression
        /// `printf 'a,b\n1,2\n' | gzip -n9`
        private static let gzip: [UInt8] = [
            0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x4B, 0xD4, 0x49, 0xE2, 0x32, 0xD4, 0x31, 0xE2,
            0x02,
            0x00, 0x7B, 0x07, 0x97, 0x0A, 0x08, 0x00, 0x00, 0x00,
        ]

        @Test("unpack gzip, member after member, and refuse cut or damaged files")
        func gunzips() throws {
            let file = Self.gzip
            for blockSize in [1, 3, 1024] {
                #expect(try text(ByteSource(file, blockSize: blockSize)) == "a,b\n1,2\n")
                #expect(try text(ByteSource(file + file + [0, 0], blockSize: blockSize)) == "a,b\n1,2\na,b\n1,2\n")
                for cut in 2..<file.count {
                    let error = #expect(throws: IngestError.self) {
                        try text(ByteSource(Array(file.prefix(cut)), blockSize: blockSize))
                    }
                    #expect(error?.code == .compressionCorrupt)
                }
                for place in [10, 12, 20, 26] {
                    var damaged = file
                    damaged[place] ^= 0x55
                    #expect(throws: IngestError.self) { try text(ByteSource(damaged, blockSize: blockSize)) }
                }
            }
        }
    #endif
}
