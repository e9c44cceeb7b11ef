import Diagnostics
import Directives
import Dispatch
import Execution
import Foundation

/// How long a build would take, as `build --dry-run` tells it.
struct ProjectionText {
    private let projection: Projection
    private let cores: Int
    /// Seconds of trying what never ran here.
    private let probing: Double

    /// Seconds after which nothing more is tried.
    private static let probingLimit = 1.2
    /// Shorter steps have one line together.
    private static let shortest = 1.0

    init(_ store: Store, _ statuses: [StepStatus], _ plan: Plan) throws {
        cores = ProcessInfo.processInfo.activeProcessorCount
        (projection, probing) = try store.projection(
            of: statuses, among: plan, cores: cores, probing: Self.probingLimit,
            now: { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 })
    }

    func tell() throws {
        let long = projection.steps.filter { $0.seconds >= Self.shortest }
        let short = projection.steps.filter { $0.seconds < Self.shortest }
        var rows = [["projected", "step", "from"]]
        rows += long.map { step in
            [(step.isEstimated ? "about " : "") + duration(step.seconds), step.title, words(step.ground)]
        }
        if !short.isEmpty {
            rows.append([
                duration(short.reduce(0) { $0 + $1.seconds }), "\(short.count) that take less than a second each", "",
            ])
        }
        let counts = Set([cores, 2, 16, 64]).sorted()
        try table(rows)
        try table([
            ["cores"] + counts.map { $0 == cores ? "\($0), this machine" : "\($0)" },
            ["whole"] + counts.map { "about \(duration(projection.seconds(on: $0)))" },
        ])
        try Console.results.print("")
        for sentence in remarks { try Console.results.print(sentence) }
    }

    private func table(_ rows: [[String]]) throws {
        let widths = rows[0].indices.map { column in rows.map { DisplayText.columns(of: $0[column]) }.max() ?? 0 }
        try Console.results.print("")
        for row in rows {
            let line = zip(row, widths).map { DisplayText.padded($0, to: $1) }.joined(separator: "  ")
            try Console.results.print(String(line.reversed().drop { $0 == " " }.reversed()))
        }
    }

    private func words(_ ground: Rates.Ground) -> String {
        switch ground {
        case .runs(let last): "runs here, last on \(Self.day(last))"
        case .probe: "trying it here"
        case .usual: "usual figures"
        }
    }

    private static func day(_ seconds: Double) -> String {
        Date(timeIntervalSince1970: seconds).formatted(.iso8601.year().month().day())
    }

    private var remarks: [String] {
        var remarks: [String] = []
        if projection.steps.contains(where: \.isEstimated) {
            remarks.append("about: how many faces will be found is estimated from the number of photographs")
        }
        if probing > 0 {
            remarks.append(
                "what never ran here was tried for \(duration(probing)); usual figures are another machine's, those of networks and detection corrected by what was tried"
            )
        }
        remarks.append("other numbers of cores than this machine's are a model, not measured")
        return remarks
    }
}
