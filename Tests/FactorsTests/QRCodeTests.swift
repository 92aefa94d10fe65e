import Testing

@testable import Factors

#if OneTimeCodes
    @Suite("QR codes")
    struct QRCodeTests {
        static let texts = [
            "a", "HELLO", "0123456789", "otpauth://totp/Shop:ann", "Zoë 你好 🔐", String(repeating: "x", count: 62),
            String(repeating: "ab/", count: 28), String(repeating: "q", count: 106),
            "otpauth://totp/Shop:ann%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Shop&algorithm=SHA1&digits=6",
            String(repeating: "z9", count: 76),
        ]

        private func read(_ code: QRCode) throws -> String {
            try QRReader.text(size: code.size) { code[$0, $1] }
        }

        @Test("hold their text: a reader that knows only the standard reads it back", arguments: texts)
        func text(_ text: String) throws { #expect(try read(QRCode(text)) == text) }

        @Test("are read by a reader that tells one text from another, and a damaged one from a whole one")
        func reader() throws {
            let code = try QRCode("one")
            #expect(try read(code) != "two")
            #expect(throws: QRReader.Unreadable.self) {
                try QRReader.text(size: code.size) { code[$0, $1] != ($0 == 3 && $1 == 3) }
            }
            let changed = try QRReader.text(size: code.size) {
                code[$0, $1] != ($0 >= code.size - 2 && $1 == code.size - 5)
            }
            #expect(changed != "one")
        }

        @Test("hold up to 2,331 bytes, and say so of more")
        func capacity() throws {
            #expect(try QRCode(String(repeating: "a", count: 2331)).size == 177)
            for count in [2332, 100_000] {
                let error = #expect(throws: FactorsError.self) { try QRCode(String(repeating: "a", count: count)) }
                #expect(error?.code == FactorsError.textTooLong)
                #expect(error?.message == "the text has \(count) bytes; a QR code holds 2331")
            }
            let error = #expect(throws: FactorsError.self) { try QRCode("") }
            #expect(error?.code == FactorsError.emptyText)
        }

        @Test("are not shown when they are printed")
        func printing() throws { #expect("\(try QRCode("secret"))" == "(secret)") }

        /// Modules of a drawing of `side` modules with a quiet zone of four, which is checked, to be read as a code.
        private func read(side: Int, isDark: (Int, Int) -> Bool) throws -> [[Bool]] {
            for column in 0..<side {
                for row in 0..<side where min(column, row) < 4 || max(column, row) >= side - 4 {
                    #expect(!isDark(column, row), "the quiet zone at \(column), \(row)")
                }
            }
            return (4..<(side - 4)).map { row in (4..<(side - 4)).map { isDark($0, row) } }
        }

        private func modules(of code: QRCode) -> [[Bool]] {
            (0..<code.size).map { row in (0..<code.size).map { code[$0, row] } }
        }

        @Test("are drawn for a terminal as they are, in colours and without", arguments: [true, false])
        func terminal(colours: Bool) throws {
            let code = try QRCode(Self.texts[8])
            var lines = code.terminalText(colours: colours).split(separator: "\n").map(String.init)
            let side = code.size + 8
            #expect(lines.count == (side + 1) / 2)
            if colours {
                for line in lines { #expect(line.hasPrefix("\u{1B}[38;5;16;48;5;231m") && line.hasSuffix("\u{1B}[0m")) }
                lines = lines.map { String($0.dropFirst(19).dropLast(4)) }
            }
            // What is drawn is dark in colours, light without.
            let drawn = lines.flatMap { line in
                [line.map { "█▀".contains($0) }, line.map { "█▄".contains($0) }]
            }
            #expect(drawn.allSatisfy { $0.count == side })
            let found = try read(side: side) { drawn[$1][$0] == colours }
            #expect(found == modules(of: code))
            #expect(drawn.dropFirst(side).allSatisfy { $0.allSatisfy { !$0 } })
        }

        @Test("are drawn as SVG as they are")
        func svg() throws {
            let code = try QRCode(Self.texts[8])
            let side = code.size + 8
            let svg = code.svg()
            #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(side) \(side)\""))
            let paper = try #require(svg.firstRange(of: "<path fill=\"#fff\" d=\"M0 0h\(side)v\(side)H0z\"/>"))
            var dark = Set<[Int]>()
            for match in svg[paper.upperBound...].matches(of: #/M(\d+) (\d+)h(\d+)v1H(\d+)z/#) {
                let (column, row) = (try #require(Int(match.1)), try #require(Int(match.2)))
                #expect(match.1 == match.4)
                for step in 0..<(try #require(Int(match.3))) { dark.insert([column + step, row]) }
            }
            #expect(try read(side: side) { dark.contains([$0, $1]) } == modules(of: code))
            let rest = svg[paper.upperBound...]
            #expect(rest.wholeMatch(of: #/<path d="(?:M\d+ \d+h\d+v1H\d+z)+"\/><\/svg>/#) != nil)
        }

        #if Compression
            @Test("are drawn as PNG as they are", arguments: [1, 3, 8])
            func png(scale: Int) throws {
                let code = try QRCode(Self.texts[8])
                let image = try PNGImage(code.png(scale: scale))
                let side = code.size + 8
                #expect(image.side == side * scale)
                let found = try read(side: side) { column, row in
                    let pixels = (0..<(scale * scale)).map {
                        image.isWhite(column * scale + $0 % scale, row * scale + $0 / scale)
                    }
                    #expect(pixels.allSatisfy { $0 == pixels[0] })
                    return !pixels[0]
                }
                #expect(found == modules(of: code))
                #expect(try QRReader.text(size: code.size) { found[$1][$0] } == Self.texts[8])
            }
        #else
            @Test("are not drawn as PNG by a build without zlib, which says so")
            func noPNG() throws {
                let error = #expect(throws: FactorsError.self) { try QRCode("a").png() }
                #expect(!QRCode.canDrawPNG && error?.code == FactorsError.unavailable)
            }
        #endif
    }
#else
    @Suite("QR codes of a build without them")
    struct NoQRCodeTests {
        @Test("are refused by name")
        func unavailable() throws {
            #expect(!QRCode.isAvailable)
            let error = #expect(throws: FactorsError.self) { try QRCode("a") }
            #expect(error?.code == FactorsError.unavailable)
        }
    }
#endif
