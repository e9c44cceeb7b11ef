import Diagnostics
import Execution

/// A build's events for programs: one JSON object a line on standard output.
///
///     {"count":14,"event":"progress","done":96,"number":2,"part":"epoch 1/5","step":"train mobilenet-tuned","total":795}
enum EventLines {
    static func print(_ event: BuildEvent) { write(Line(event)) }

    /// What is wrong with chapters, results or pages.
    static func print(_ problem: Diagnostic) { write(Line(problem)) }

    /// Pages can be opened while results are still to come.
    static func printFirst(page: String, missing: Int, of count: Int, secondsLeft: Int) {
        var line = Line(event: "published", page: page)
        (line.missing, line.count, line.secondsLeft) = (missing, count, secondsLeft)
        write(line)
    }

    /// The last line: `done`, or `stopped` where something failed; with the page that was rendered.
    static func printEnd(hasFailed: Bool, page: String?) {
        write(Line(event: hasFailed ? "stopped" : "done", page: page))
    }

    private static func write(_ line: Line) { Console.publish { try $0.print(json: line) } }

    private struct Line: Encodable {
        var event: String
        var step: String?
        var number: Int?
        var count: Int?
        var part: String?
        var done: Int?
        var total: Int?
        var unit: String?
        var remark: String?
        var seconds: Double?
        var key: String?
        var message: String?
        var warnings: [String]?
        var severity: String?
        var code: String?
        var file: String?
        var line: Int?
        var column: Int?
        var page: String?
        var missing: Int?
        var secondsLeft: Int?

        init(event: String, page: String?) {
            self.event = event
            self.page = page
        }

        init(_ problem: Diagnostic) {
            self.init(event: "problem", page: nil)
            place(problem)
        }

        private mutating func place(_ problem: Diagnostic) {
            message = problem.message
            severity = "\(problem.severity)"
            code = problem.code
            file = problem.range?.path
            line = problem.range?.start.line
            column = problem.range?.start.column
        }

        init(_ event: BuildEvent) {
            switch event {
            case .waiting(let position): self.init("waiting", position)
            case .hit(let position, let result):
                self.init("fresh", position, result)
            case .started(let position): self.init("started", position)
            case .progress(let position, let progress):
                self.init("progress", position)
                part = progress.part.isEmpty ? nil : progress.part
                done = progress.done
                total = progress.total
                unit = progress.unit
                remark = progress.remark.isEmpty ? nil : progress.remark
            case .finished(let position, let result): self.init("finished", position, result)
            case .failed(let position, let diagnostic):
                self.init("failed", position)
                place(diagnostic)
            case .damage(let position, let reason):
                self.init("damage", position)
                message = reason
            }
        }

        private init(_ event: String, _ position: BuildEvent.Position?, _ result: StepResult? = nil) {
            self.event = event
            step = position?.title
            number = position?.number
            count = position?.count
            guard let result else { return }
            key = result.key.hex
            seconds = result.environment.seconds
            warnings = result.warnings.isEmpty ? nil : result.warnings
        }
    }
}
