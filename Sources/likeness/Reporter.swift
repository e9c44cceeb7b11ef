import Diagnostics
import Directives
import Execution
import Foundation
import Synchronization

/// Progress of a build on standard error: `[3/12] train resnet50-tuned  epoch 2/3  61 % · 74 images/s · 0:42 left`.
final class Reporter: BuildListener {
    /// Between two lines of one part where lines cannot be redrawn, such as in a log.
    private static let pauseInLogs: UInt64 = 15_000_000_000

    private let line = ProgressLine()
    /// What goes to standard output, for programs.
    private let format: Format
    private var json: Bool { format == .json }
    /// Whether the report's first page is shown in a browser.
    private let opens: Bool
    private let redraws = Terminal.standardError.isTerminal
    private let state = Mutex(State())

    private struct State {
        var pace = Pace()
        var lastShown: UInt64 = 0
        var hasOpened = false
    }

    init(format: Format, opens: Bool) { (self.format, self.opens) = (format, opens) }

    func problems(_ diagnostics: [Diagnostic], sources: [String: String]) {
        format.publish(diagnostics)
        if !diagnostics.isEmpty { Console.print(diagnostics, sources: sources) }
    }

    func remark(_ text: String) { line.print(text) }

    func published(_ page: String, missing: Int, of count: Int, secondsLeft: Int) {
        if json { EventLines.printFirst(page: page, missing: missing, of: count, secondsLeft: secondsLeft) }
        let time = secondsLeft < 90 ? "\(max(secondsLeft, 1)) s" : "\((secondsLeft + 30) / 60) min"
        line.print(
            "\(page) can be opened now, and its pages fill by themselves: \(missing) of \(count) results are to come, which "
                + "takes about \(time)")
        if opens { open(page) }
    }

    /// Shows a page in the reader's browser, once.
    private func open(_ page: String) {
        let isFirst = state.withLock { state in
            defer { state.hasOpened = true }
            return !state.hasOpened
        }
        if isFirst, !Browser.open(page) { line.print("no browser could be started; open \(page) yourself") }
    }

    /// The build is over.
    func ended(hasFailed: Bool, page: String?) {
        if json { EventLines.printEnd(hasFailed: hasFailed, page: page) }
        if opens, let page { open(page) }
    }

    /// The build cannot go on.
    func stopped(by error: any Error) {
        // What was wrong with the book was told as a problem.
        if format == .github, !(error is BuildFailed) { Annotations.publish(error) }
        ended(hasFailed: true, page: nil)
    }

    func event(_ event: BuildEvent) {
        if json { return EventLines.print(event) }
        switch event {
        case .waiting(let position): line.show("\(head(position))  another build is at it; waiting for its result")
        case .hit(_, let result): tellWarnings(of: result)
        case .started(let position):
            state.withLock {
                $0.pace = Pace()
                $0.lastShown = DispatchTime.now().uptimeNanoseconds
            }
            line.show(head(position))
        case .progress(let position, let progress):
            let text = text(progress)
            if isWorthShowing(progress) { line.show(head(position) + "  " + text) }
        case .finished(let position, let result):
            line.clear()
            line.print("\(head(position))  done in \(duration(result.environment.seconds))")
            tellWarnings(of: result)
        case .failed(let position, _): line.print("\(head(position))  failed")
        case .damage(let position, let reason): line.print("warning: \(position.title): \(reason)")
        }
    }

    private func tellWarnings(of result: StepResult) {
        for warning in result.warnings {
            line.print("warning: \(result.id): \(warning)")
            if format == .github { Annotations.publish([.warning(result.id, warning)]) }
        }
    }

    /// A terminal shows every moment; a log the end of each part, and a line now and then.
    private func isWorthShowing(_ progress: StepProgress) -> Bool {
        guard !redraws else { return true }
        let now = DispatchTime.now().uptimeNanoseconds
        return state.withLock { state in
            guard progress.done == progress.total || now - state.lastShown >= Self.pauseInLogs else { return false }
            state.lastShown = now
            return true
        }
    }

    func stepsEnded() { line.clear() }

    private func head(_ position: BuildEvent.Position) -> String {
        "[\(position.number)/\(position.count)] \(position.title)"
    }

    /// `epoch 2/3  61 % · 74 images/s · 0:42 left`: the rate is that of the current part.
    private func text(_ progress: StepProgress) -> String {
        var parts: [String] = []
        if progress.total > 0 { parts.append("\(100 * progress.done / progress.total) %") }
        if let (rate, left) = state.withLock({ $0.pace.update(progress) }) {
            parts.append(String(format: rate < 10 ? "%.1f %@/s" : "%.0f %@/s", rate, progress.unit))
            parts.append(String(format: "%d:%02d left", left / 60, left % 60))
        }
        if !progress.remark.isEmpty { parts.append(progress.remark) }
        return [progress.part, parts.joined(separator: " · ")].filter { !$0.isEmpty }.joined(separator: "  ")
    }
}
