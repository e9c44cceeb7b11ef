import Diagnostics
import Synchronization
import Testing

private final class Written: Sendable {
    let text = Mutex("")
    func write(_ more: String) { text.withLock { $0 += more } }
    var value: String { text.withLock { $0 } }
}

@Suite struct ProgressLineTests {
    @Test func redrawsOneLineOnATerminal() {
        let output = Written()
        let line = ProgressLine(redraws: true) { output.write($0) }
        line.show("1/2")
        line.show("1/2")
        line.show("2/2")
        line.clear()
        #expect(output.value == "\r\u{1B}[2K1/2\r\u{1B}[2K2/2\r\u{1B}[2K")
    }

    @Test func printsALinePerChangeElsewhere() {
        let output = Written()
        let line = ProgressLine(redraws: false) { output.write($0) }
        line.show("1/2")
        line.show("1/2")
        line.print("warning")
        line.show("2/2")
        line.clear()
        #expect(output.value == "1/2\nwarning\n2/2\n")
    }

    @Test func keepsWhatIsPrintedAboveTheLine() {
        let output = Written()
        let line = ProgressLine(redraws: true) { output.write($0) }
        line.show("1/2")
        line.print("done")
        #expect(output.value == "\r\u{1B}[2K1/2\r\u{1B}[2Kdone\n1/2")
    }

    @Test(arguments: [true, false])
    func namesFromFilesSteerNothing(redraws: Bool) {
        let output = Written()
        let line = ProgressLine(redraws: redraws) { output.write($0) }
        line.print("a\u{1B}[2J\nb\u{202E}")
        line.show("c\rd\u{7}")
        let (start, end) = redraws ? ("\r\u{1B}[2K", "") : ("", "\n")
        #expect(output.value == "\(start)a␛[2J␊b\u{FFFD}\n\(start)c␍d␇\(end)")
    }

    @Test func staysWithinTheWindow() {
        let output = Written()
        let line = ProgressLine(redraws: true, width: { 12 }, write: { output.write($0) })
        line.show("0123456789abcdef")
        #expect(output.value == "\r\u{1B}[2K0123456789…")
    }
}

@Suite struct TerminalTests {
    @Test func colorsOnlyATerminalWhoseUserWantsIt() {
        func colors(_ terminal: Bool, _ variables: [String: String]) -> Bool {
            Terminal(descriptor: 2, isTerminal: terminal) { variables[$0] }.allowsColor
        }
        #expect(colors(true, [:]))
        #expect(colors(true, ["NO_COLOR": ""]))
        #expect(!colors(true, ["NO_COLOR": "1"]))
        #expect(!colors(true, ["TERM": "dumb"]))
        #expect(!colors(false, [:]))
    }
}
