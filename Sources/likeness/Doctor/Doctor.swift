import ArgumentParser
import Diagnostics

/// `likeness doctor`: what this machine has.
struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tells what this machine has for a report, what is missing, and what to do about it.",
        discussion: """
            'ok' is as it should be; 'note' works, and says what would be better; without what is 'missing' no report with \
            photographs can be made, and the exit status is 1.
            """)

    @Option(help: "The folder of datasets and weights.")
    var data = "data"

    @Flag(help: "Everything as one line of JSON.")
    var json = false

    func run() throws {
        let findings = Finding.machine + Finding.parts + Finding.data(in: data)
        if json {
            try Console.results.print(json: ["findings": findings])
        } else {
            let width = findings.map { DisplayText.columns(of: $0.topic) }.max() ?? 0
            for finding in findings {
                let state = DisplayText.padded(finding.state.rawValue, to: 7)
                let topic = DisplayText.padded(finding.topic, to: width)
                try Console.results.print("\(state)  \(topic)  \(finding.found)")
                if let advice = finding.advice {
                    try Console.results.print(String(repeating: " ", count: width + 11) + "→ " + advice)
                }
            }
        }
        if findings.contains(where: { $0.state == .missing }) { throw ExitCode(1) }
    }
}

/// One thing that was looked at.
struct Finding: Encodable {
    enum State: String, Encodable { case ok, note, missing }

    var topic: String
    var state: State
    var found: String
    /// What to do; nil where nothing is to be done.
    var advice: String?

    /// - Parameter advice: where something is to be done.
    init(_ topic: String, _ found: String, advice: String? = nil, isNeeded: Bool = false) {
        self.topic = topic
        state = advice == nil ? .ok : isNeeded ? .missing : .note
        (self.found, self.advice) = (found, advice)
    }
}
