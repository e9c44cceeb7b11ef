#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One of the process's output streams, and whether a person is looking at it.
package struct Terminal: Sendable {
    package let descriptor: Int32
    /// A terminal rather than a file or pipe: lines may be redrawn.
    package let isTerminal: Bool
    /// A terminal whose user has not asked for plain text with `NO_COLOR` or `TERM=dumb`.
    package let allowsColor: Bool

    package static let standardOutput = Terminal(descriptor: STDOUT_FILENO)
    package static let standardError = Terminal(descriptor: STDERR_FILENO)

    package init(descriptor: Int32) {
        self.init(descriptor: descriptor, isTerminal: isatty(descriptor) == 1) { name in
            getenv(name).map { String(cString: $0) }
        }
    }

    /// - Parameter environment: looks a variable up; a parameter so that the rules can be tested.
    package init(descriptor: Int32, isTerminal: Bool, environment: (String) -> String?) {
        let dumb = environment("TERM") == "dumb"
        self.descriptor = descriptor
        self.isTerminal = isTerminal && !dumb
        allowsColor = isTerminal && !dumb && (environment("NO_COLOR") ?? "").isEmpty
    }

    /// The columns of the window now, 80 where nobody can tell.
    package var width: Int {
        var size = winsize()
        guard isTerminal, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes all of the text, for people: what nobody can read, because the reader, the terminal or the room for it is
    /// gone, is dropped.
    package func write(_ text: String) { try? WriteCalls(descriptor: descriptor).write(all: Array(text.utf8)) }
}
