import Diagnostics
import Testing

private func range(_ line: Int, _ columns: Range<Int>, to end: Int? = nil, path: String = "a.md") -> SourceRange {
    SourceRange(
        path: path, start: Position(line: line, column: columns.lowerBound),
        end: Position(line: end ?? line, column: columns.upperBound))
}

@Suite struct DiagnosticFormatterTests {
    @Test func printsThePlaceTheLineAndAMark() {
        let source = String(repeating: "\n", count: 40) + "epoch: 10\n"
        let formatter = DiagnosticFormatter(sources: ["chapters/03-models.md": source], color: false)
        let message = "train 'resnet50-tuned' has no option 'epoch'; did you mean 'epochs'?"
        let place = range(41, 1..<6, path: "chapters/03-models.md")
        #expect(
            formatter.format(.error("unknown-option", message, at: place)) == """
                chapters/03-models.md:41:1: error: train 'resnet50-tuned' has no option 'epoch'; did you mean 'epochs'? [unknown-option]
                41 | epoch: 10
                   | ^~~~~

                """)
    }

    @Test func marksOneCharacterForAnEmptyRange() {
        let formatter = DiagnosticFormatter(sources: ["a.md": "abc"], color: false)
        #expect(
            formatter.format(.warning("x", "m", at: range(1, 2..<2))) == "a.md:1:2: warning: m [x]\n1 | abc\n  |  ^\n")
    }

    @Test func marksTheEndOfALineForAPlaceBehindIt() {
        let formatter = DiagnosticFormatter(sources: ["a.md": "abc"], color: false)
        #expect(formatter.format(.error("x", "m", at: range(1, 9..<12))).hasSuffix("1 | abc\n  |    ^\n"))
    }

    @Test func alignsTabsWideAndCombinedCharacters() {
        let formatter = DiagnosticFormatter(sources: ["a.md": "\tkhuôn 面 e\u{301}x: y"], color: false)
        // Tab 1, "khuôn" 6 bytes, blank, 面 3 bytes, blank, e and accent 3 bytes: x is byte 16, counted from 1.
        let text = formatter.format(.error("x", "m", at: range(1, 16..<17)))
        #expect(text.hasSuffix("1 |     khuôn 面 e\u{301}x: y\n  |" + String(repeating: " ", count: 15) + "^\n"))
        let wide = formatter.format(.error("x", "m", at: range(1, 9..<12)))
        #expect(wide.hasSuffix("\n  |" + String(repeating: " ", count: 11) + "^~\n"))
    }

    @Test func marksToTheEndOfTheLineWhenTheRangeGoesOn() {
        let formatter = DiagnosticFormatter(sources: ["a.md": "ab cd  \nef"], color: false)
        #expect(formatter.format(.error("x", "m", at: range(1, 4..<9, to: 2))).hasSuffix("1 | ab cd\n  |    ^~\n"))
    }

    @Test func shortensLongLinesAroundTheMark() throws {
        let line = String(repeating: "a", count: 5000) + "MARK" + String(repeating: "b", count: 5000)
        let formatter = DiagnosticFormatter(sources: ["a.md": line], color: false)
        let lines = formatter.format(.error("x", "m", at: range(1, 5001..<5005))).split(separator: "\n")
        try #require(lines.count == 3)
        #expect(lines[1].count < 130)
        #expect(lines[1].contains("MARK"))
        let mark = try #require(lines[2].firstIndex(of: "^"))
        let start = lines[1].index(
            lines[1].startIndex, offsetBy: lines[2].distance(from: lines[2].startIndex, to: mark))
        #expect(lines[1][start...].hasPrefix("MARK"))
        #expect(lines[2].hasSuffix("^~~~"))
    }

    @Test func printsNotesBeneath() {
        let formatter = DiagnosticFormatter(sources: ["a.md": "id: x\nid: x"], color: false)
        let note = Diagnostic.Note("it is first given here", at: range(1, 1..<3))
        #expect(
            formatter.format(.error("duplicate-key", "'id' is given twice", at: range(2, 1..<3), notes: [note])) == """
                a.md:2:1: error: 'id' is given twice [duplicate-key]
                2 | id: x
                  | ^~
                a.md:1:1: note: it is first given here
                1 | id: x
                  | ^~

                """)
    }

    @Test func sortsByPathAndPlaceAndCounts() {
        let formatter = DiagnosticFormatter(sources: [:], color: false)
        let text = formatter.format([
            .error("b", "third", at: range(2, 1..<2, path: "b.md")), .warning("a", "second", at: range(9, 1..<2)),
            .error("c", "fourth", at: range(10, 1..<2, path: "b.md")), .error("d", "first"),
        ])
        #expect(
            text == """
                error: first [d]
                a.md:9:1: warning: second [a]
                b.md:2:1: error: third [b]
                b.md:10:1: error: fourth [c]
                3 errors, 1 warning

                """)
        #expect(formatter.format([]) == "")
        #expect(DiagnosticFormatter.summary(of: [.error("a", "m")]) == "1 error")
    }

    @Test func coloursOnlyWhenAsked() {
        let plain = DiagnosticFormatter(sources: ["a.md": "abc"], color: false)
        let painted = DiagnosticFormatter(sources: ["a.md": "abc"], color: true)
        let problem = Diagnostic.error("x", "m", at: range(1, 1..<2))
        #expect(!plain.format(problem).contains("\u{1B}"))
        #expect(painted.format(problem).contains("\u{1B}[1;31merror:\u{1B}[0m"))
    }

    @Test func letsNoTextSteerTheTerminal() {
        let formatter = DiagnosticFormatter(sources: ["a.md": "\u{1B}[2Jabc"], color: false)
        let text = formatter.format(.error("x", "no '\u{1B}[2J'", at: range(1, 5..<8)))
        #expect(!text.contains("\u{1B}"))
        #expect(text.hasSuffix("1 | ␛[2Jabc\n  |     ^~~\n"))
    }

    /// Marks that turn the direction of writing take no column, the pictures in their place one each.
    @Test func alignsBehindWhatIsShownInPlaceOfInvisibleMarks() {
        let formatter = DiagnosticFormatter(sources: ["a.md": "a\u{202E}\u{200F}\u{9B}: x"], color: false)
        // a 1 byte, two marks of three, one of two: the colon is byte 10, counted from 1.
        let text = formatter.format(.error("x", "m", at: range(1, 10..<11)))
        #expect(text.hasSuffix("1 | a\u{FFFD}\u{FFFD}\u{FFFD}: x\n  |     ^\n"))
    }

    @Test func aPathWithALineBreakStaysOnItsLine() {
        let formatter = DiagnosticFormatter(sources: [:], color: false)
        let text = formatter.format(.error("x", "b\nerror: forged", at: range(1, 1..<2, path: "a\n.md")))
        #expect(text == "a␊.md:1:1: error: b␊error: forged [x]\n")
    }

    /// A megabyte of anything on one line, marked anywhere, is answered by a line that a person can read.
    @Test(arguments: ["\t", "面", "e\u{301}\u{302}\u{303}", "\u{202E}", "👩‍👩‍👧"])
    func excerptsOfLongLinesStayShortAndAligned(unit: String) throws {
        let count = 20_000
        let line = String(repeating: unit, count: count) + "|" + String(repeating: unit, count: count)
        let formatter = DiagnosticFormatter(sources: ["a.md": line], color: false)
        let start = unit.utf8.count * count + 1
        let lines = formatter.format(.error("x", "m", at: range(1, start..<start + 1))).split(separator: "\n")
        try #require(lines.count == 3)
        #expect(DisplayText.columns(of: String(lines[1])) < 125)
        let before = try #require(lines[1].lastIndex(of: "|"))
        #expect(DisplayText.columns(of: String(lines[1][..<before])) == lines[2].count - 1)
        #expect(lines[2].hasSuffix(" ^"))
    }
}

@Suite struct NearestTests {
    @Test(arguments: [
        ("epoch", "epochs"), ("epcohs", "epochs"), ("Epochs", "epochs"), ("trian", "train"), ("modl", "model"),
        ("precesion", "precision"),
    ])
    func findsWhatWasMeant(written: String, meant: String) {
        #expect(nearest(to: written, among: ["model", "train", "epochs", "precision"]) == meant)
    }

    @Test(arguments: ["", "k", "xy", "banana", "zzzzzz"])
    func suggestsNothingFarAway(written: String) {
        #expect(nearest(to: written, among: ["id", "model", "epochs"]) == nil)
    }

    @Test func wordsASuggestion() {
        #expect(suggestion(for: "epoch", among: ["epochs"]) == "; did you mean 'epochs'?")
        #expect(suggestion(for: "q", among: ["epochs"]) == "")
    }
}

@Suite struct LineTableTests {
    @Test func breaksLinesAsMarkdownDoes() {
        let table = LineTable("ab\r\nc\rd\n")
        #expect(table.count == 4)
        #expect((1...5).map { String(decoding: table.line($0), as: UTF8.self) } == ["ab", "c", "d", "", ""])
        #expect(table.position(of: 4) == Position(line: 2, column: 1))
        #expect(table.position(of: 99) == Position(line: 4, column: 1))
    }
}
