extension QRCode {
    /// Two colours that no terminal's theme changes, of the fixed part of its 256: black on white.
    private static let blackOnWhite = "\u{1B}[38;5;16;48;5;231m"
    private static let reset = "\u{1B}[0m"

    /// The code for a terminal, two rows of modules a line, with its quiet zone.
    ///
    /// With colours it is black on white on any background. Without them light modules are drawn as blocks: right
    /// on a dark background, and on a light one an inverted code with a quiet zone, which readers take as well.
    public func terminalText(colours: Bool) -> String {
        let range = -Self.quietZone..<(size + Self.quietZone)
        var text = ""
        for row in stride(from: range.lowerBound, to: range.upperBound, by: 2) {
            if colours { text += Self.blackOnWhite }
            for column in range {
                // Beyond the last row there is nothing to draw: in colours it is light, as paper is.
                let lower = row + 1 < range.upperBound ? self[column, row + 1] : !colours
                text.append(Self.block(upper: self[column, row] == colours, lower: lower == colours))
            }
            text += colours ? Self.reset + "\n" : "\n"
        }
        return text
    }

    /// The character whose halves are drawn.
    private static func block(upper: Bool, lower: Bool) -> Character {
        switch (upper, lower) {
        case (true, true): "█"
        case (true, false): "▀"
        case (false, true): "▄"
        case (false, false): " "
        }
    }
}
