import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Results on their way to standard output: collected, and written with every failure told.
///
/// The first failure stays: whatever is printed later throws it again, so that a command stops where its results get lost,
/// and one that overlooked it learns of it at its end.
///
/// Safe to use from any thread; lines stay whole.
package final class Output: Sendable {
    package static let standard = Output(
        WriteCalls(descriptor: STDOUT_FILENO), flushesLines: Terminal.standardOutput.isTerminal)

    /// Collected bytes that are worth a system call.
    private static let enough = 1 << 16

    private let calls: WriteCalls
    private let flushesLines: Bool
    private let state = Mutex(State())

    private struct State {
        var collected: [UInt8] = []
        var failure: OutputError?
        var isAbandoned = false
    }

    package init(_ calls: WriteCalls, flushesLines: Bool = false) {
        self.calls = calls
        self.flushesLines = flushesLines
    }

    /// Prints one line for people; what a terminal would obey is shown instead.
    package func print(_ line: String) throws(OutputError) { try self.print(exactly: DisplayText.sanitized(line)) }

    /// Prints text of several lines, the last of which ends.
    ///
    /// - Parameter harmless: makes a line that no terminal obeys.
    package func print(
        lines: String, harmless: (String) -> String = DisplayText.sanitized
    ) throws(OutputError) {
        for line in lines.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            try print(exactly: harmless(String(line)))
        }
    }

    /// Prints one line of fields with tabs between them.
    package func print(fields: [String]) throws(OutputError) {
        try self.print(exactly: fields.map(DisplayText.sanitized).joined(separator: "\t"))
    }

    /// Prints text that is ours, or a program's to read, and a line break.
    package func print(exactly text: String) throws(OutputError) {
        let failure = state.withLock { state in
            if state.failure == nil, !state.isAbandoned {
                state.collected += text.utf8
                state.collected.append(0x0A)
                if flushesLines || state.collected.count >= Self.enough { write(&state) }
            }
            return state.failure
        }
        if let failure { throw failure }
    }

    /// Writes what is collected.
    package func flush() throws(OutputError) {
        let failure = state.withLock { state in
            write(&state)
            return state.failure
        }
        if let failure { throw failure }
    }

    /// Nobody reads any longer, which is nobody's mistake: what is printed from now on is dropped.
    package func abandon() {
        state.withLock { $0 = State(isAbandoned: true) }
    }

    private func write(_ state: inout State) {
        guard state.failure == nil, !state.collected.isEmpty else { return }
        do throws(OutputError) {
            try calls.write(all: state.collected)
        } catch {
            state.failure = error
        }
        state.collected.removeAll(keepingCapacity: true)
    }
}

/// Why results did not reach standard output.
package struct OutputError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The system's `errno`.
    package let code: Int32

    package init(code: Int32) { self.code = code }

    /// The reader went away, as `head` does once it has seen enough: no reason to complain.
    package var isClosedPipe: Bool { code == EPIPE }

    package var description: String {
        switch code {
        case EBADF: "standard output is closed, so results cannot be written; leave it open, or redirect it into a file"
        case ENOSPC, EDQUOT, EFBIG:
            "standard output cannot be written: \(reason); what was printed is cut short: make room, and run it again"
        default: "standard output cannot be written: \(reason); what was printed is cut short"
        }
    }

    private var reason: String { String(cString: strerror(code)) }
}
