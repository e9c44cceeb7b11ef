import ArgumentParser
import Diagnostics
import Directives
import Execution
import Foundation

/// What the command says: results on standard output, where every byte counts, and everything else on standard error,
/// which may be read or not. Nothing else in the sources writes to either.
enum Console {
    static let results = Output.standard

    /// Diagnostics with their excerpts.
    static func print(_ diagnostics: [Diagnostic], sources: [String: String]) {
        let formatter = DiagnosticFormatter(sources: sources, color: Terminal.standardError.allowsColor)
        write(formatter.format(diagnostics))
    }

    /// A remark of one line.
    static func say(_ line: String) { write(DisplayText.sanitized(line)) }

    /// A refusal of the world, told as every command tells it.
    ///
    /// - Returns: what is to be thrown in its place. Results that cannot be written are told where the process ends.
    static func fail(_ error: any Error) -> any Error {
        if error is ExitCode || error is OutputError { return error }
        // Its listener has told why.
        if error is BuildFailed { return ExitCode(1) }
        say("error: \(error)")
        return ExitCode(1)
    }

    /// A line on standard output that programs may read while a build goes on, and need not.
    static func publish(_ line: (Output) throws -> Void) {
        do {
            try line(results)
            try results.flush()
        } catch let error as OutputError where error.isClosedPipe {
            // The build and its report are wanted all the same.
            results.abandon()
        } catch {
            // Told when the build is over: its results are worth more than their log.
        }
    }

    /// Text of several lines.
    static func write(_ text: String) {
        // What was found before a remark stands before it, where both go to one place. A failure is told at the end.
        try? results.flush()
        Terminal.standardError.write(text + "\n")
    }
}

extension Output {
    /// Prints one line of JSON for programs: valid whatever the value holds, exact, and harmless on a terminal.
    func print(json value: some Encodable, keys: JSONEncoder.KeyEncodingStrategy = .useDefaultKeys) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = keys
        // JSON has no such numbers.
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        let line = String(decoding: try encoder.encode(value), as: UTF8.self)
        try self.print(exactly: DisplayText.escaped(json: line))
    }
}
