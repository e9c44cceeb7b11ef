import ArgumentParser
import Dispatch
import Foundation

/// `likeness bench`: one figure as JSON, to be set beside what peers do with the same work.
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures one part and prints the figure as JSON.",
        subcommands: [
            BenchNetwork.self, BenchTrain.self, BenchDetect.self, BenchSearch.self, BenchQuery.self,
            BenchReport.self,
        ])
}

/// Seconds of repeated work.
struct Timing {
    /// Of each run, sorted.
    let seconds: [Double]

    init(seconds: [Double]) { self.seconds = seconds.sorted() }

    /// Runs `work` a few times unmeasured, then measured.
    init(runs: Int, warm: Int = 2, _ work: () throws -> Void) rethrows {
        for _ in 0..<warm { try work() }
        var seconds: [Double] = []
        for _ in 0..<runs {
            let start = DispatchTime.now().uptimeNanoseconds
            try work()
            seconds.append(Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9)
        }
        self.init(seconds: seconds)
    }

    var median: Double {
        let middle = seconds.count / 2
        return seconds.count % 2 == 1 ? seconds[middle] : (seconds[middle - 1] + seconds[middle]) / 2
    }
}

/// One line of JSON: rate first, then the setting.
struct NetworkFigure: Encodable {
    var imagesPerSecond: Double
    var model: String
    var precision: String
    var batch: Int
    var size: Int
    var runs: Int
    /// Resident memory at its largest.
    var peakMegabytes: Int

    init(_ timing: Timing, images: Int, model: String, precision: String, size: Int) {
        imagesPerSecond = (Double(images) / timing.median * 10).rounded() / 10
        self.model = model
        self.precision = precision
        batch = images
        self.size = size
        runs = timing.seconds.count
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        peakMegabytes = usage.ru_maxrss / 1024
    }

    func print() throws { try Console.results.print(json: self, keys: .convertToSnakeCase) }
}
