import Synchronization

/// What is going on now: one line, redrawn on a terminal, a new line per change elsewhere.
///
/// Safe to use from any thread; its mutex orders the writes.
package final class ProgressLine: Sendable {
    private let redraws: Bool
    private let width: @Sendable () -> Int
    private let write: @Sendable (String) -> Void
    /// The text shown last; nil when the line is clear.
    private let shown = Mutex<String?>(nil)

    package convenience init(on terminal: Terminal = .standardError) {
        self.init(redraws: terminal.isTerminal, width: { terminal.width }, write: { terminal.write($0) })
    }

    package init(
        redraws: Bool, width: @escaping @Sendable () -> Int = { 80 }, write: @escaping @Sendable (String) -> Void
    ) {
        self.redraws = redraws
        self.width = width
        self.write = write
    }

    /// Shows `text` in place of what was shown before; the same text again writes nothing.
    package func show(_ text: String) {
        let text = DisplayText.sanitized(text)
        shown.withLock { shown in
            guard text != shown else { return }
            shown = text
            write(redraws ? "\r\u{1B}[2K" + clipped(text) : text + "\n")
        }
    }

    /// Prints a line that stays, above the progress line.
    package func print(_ line: String) {
        let line = DisplayText.sanitized(line)
        shown.withLock { shown in
            guard redraws else { return write(line + "\n") }
            write("\r\u{1B}[2K" + line + "\n" + (shown.map { clipped($0) } ?? ""))
        }
    }

    /// Removes the line from a terminal; what was printed elsewhere stays.
    package func clear() {
        shown.withLock { shown in
            if redraws, shown != nil { write("\r\u{1B}[2K") }
            shown = nil
        }
    }

    /// Cut so that the terminal does not wrap: a wrapped line cannot be redrawn.
    private func clipped(_ text: String) -> String {
        let limit = max(10, width() - 1)
        var column = 0
        var result = ""
        for character in text {
            let next = DisplayText.width(of: character)
            if column + next > limit { return String(result.dropLast()) + "…" }
            result.append(character)
            column += next
        }
        return result
    }
}
