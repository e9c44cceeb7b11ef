import Diagnostics
import Glibc
import Synchronization
import Testing

/// A stream that takes a few bytes at a time, and fails as told.
private final class Stream: Sendable {
    private struct State {
        var text: [UInt8] = []
        /// What the next calls return instead of taking bytes: an `errno`.
        var failures: [Int32]
        var waits = 0
        var writes = 0
    }

    private let state: Mutex<State>
    private let part: Int

    init(failing failures: [Int32] = [], takingAtMost part: Int = .max) {
        state = Mutex(State(failures: failures))
        self.part = part
    }

    var text: String { state.withLock { String(decoding: $0.text, as: UTF8.self) } }
    var waits: Int { state.withLock { $0.waits } }
    var writes: Int { state.withLock { $0.writes } }

    var calls: WriteCalls {
        WriteCalls(
            write: { bytes in
                self.state.withLock { state in
                    state.writes += 1
                    guard state.failures.isEmpty else {
                        errno = state.failures.removeFirst()
                        return -1
                    }
                    let taken = min(bytes.count, self.part)
                    state.text += bytes[..<taken]
                    return taken
                }
            }, wait: { self.state.withLock { $0.waits += 1 } })
    }
}

@Suite struct OutputTests {
    @Test func collectsLinesUntilTheyAreFlushed() throws {
        let stream = Stream()
        let output = Output(stream.calls)
        try output.print("one")
        try output.print("two")
        #expect(stream.writes == 0)
        try output.flush()
        #expect(stream.text == "one\ntwo\n")
        #expect(stream.writes == 1)
        try output.flush()
        #expect(stream.writes == 1)
    }

    @Test func writesLineByLineToSomebodyWhoWatches() throws {
        let stream = Stream()
        try Output(stream.calls, flushesLines: true).print("one")
        #expect(stream.text == "one\n")
    }

    @Test func doesNotCollectForEver() throws {
        let stream = Stream()
        let output = Output(stream.calls)
        for _ in 0..<3 { try output.print(String(repeating: "x", count: 40_000)) }
        #expect(stream.writes == 1)
    }

    @Test func goesOnAfterInterruptionsPartsAndFullPipes() throws {
        let stream = Stream(failing: [EINTR, EAGAIN, EINTR, EAGAIN], takingAtMost: 3)
        let output = Output(stream.calls)
        try output.print("0123456789")
        try output.flush()
        #expect(stream.text == "0123456789\n")
        #expect(stream.waits == 2)
    }

    @Test(arguments: [
        (ENOSPC, "standard output cannot be written: No space left on device; "),
        (EFBIG, "standard output cannot be written: File too large; "),
        (EIO, "standard output cannot be written: Input/output error; "), (EBADF, "standard output is closed, "),
    ])
    func tellsAFailureAndGoesOnTellingIt(code: Int32, message: String) {
        let stream = Stream(failing: [code])
        let output = Output(stream.calls)
        #expect(throws: OutputError(code: code)) {
            try output.print("a")
            try output.flush()
        }
        // Whoever overlooked it hears of it again, and nothing is written behind the gap.
        #expect(throws: OutputError(code: code)) { try output.print("b") }
        #expect(throws: OutputError(code: code)) { try output.flush() }
        #expect(stream.text == "")
        #expect("\(OutputError(code: code))".hasPrefix(message))
        #expect(!OutputError(code: code).isClosedPipe)
    }

    @Test func dropsWhatIsPrintedForAReaderThatIsGone() throws {
        let stream = Stream(failing: [EPIPE])
        let output = Output(stream.calls, flushesLines: true)
        #expect(throws: OutputError(code: EPIPE)) { try output.print("a") }
        #expect(OutputError(code: EPIPE).isClosedPipe)
        output.abandon()
        try output.print("b")
        try output.flush()
        #expect(stream.writes == 1)
    }

    @Test func aLineStaysALineThatNoTerminalObeys() throws {
        let stream = Stream()
        let output = Output(stream.calls)
        try output.print("\u{1B}[2Ja\nb\u{202E}c\u{9B}\u{7F}")
        try output.print(exactly: "\tas it is\n")
        try output.print(fields: ["a\tb", "c\nd", ""])
        try output.flush()
        #expect(stream.text == "␛[2Ja␊b\u{FFFD}c\u{FFFD}␡\n\tas it is\n\na␉b\tc␊d\t\n")
    }
}

@Suite struct DisplayTextTests {
    @Test func jsonIsSpelledOutAndKeepsItsValue() {
        let text = "{\"a\":\"面\u{7F}\u{9B}\u{202E}\u{2028}\u{E0041}\"}"
        #expect(DisplayText.escaped(json: text) == #"{"a":"面\u007f\u009b\u202e\u2028\udb40\udc41"}"#)
        #expect(DisplayText.escaped(json: "{}") == "{}")
    }

    @Test(arguments: [
        ("abc", 3), ("面", 2), ("e\u{301}", 1), ("\u{301}", 0), ("👩‍👩‍👧", 2), ("🇻🇳", 2), ("❤\u{FE0F}", 2), ("กำ", 2), ("한", 2),
        ("\u{1112}\u{1161}\u{11AB}", 2), ("नी", 2), ("\u{200B}", 0), ("", 0),
    ])
    func countsColumnsAsTerminalsDo(text: String, columns: Int) {
        #expect(DisplayText.columns(of: text) == columns)
    }

    @Test func padsByColumns() {
        #expect(DisplayText.padded("面e\u{301}", to: 5) + "|" == "面e\u{301}  |")
        #expect(DisplayText.padded("abcdef", to: 3) == "abcdef")
    }
}
