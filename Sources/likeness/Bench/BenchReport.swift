import ArgumentParser
import Chapters
import Directives
import Execution
import Files
import Foundation

/// `likeness bench report`: how long a large book takes to be read and planned.
struct BenchReport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Reads and plans a book of many chapters with ten directives each.")

    @ArgumentParser.Option(help: "Chapters of the book.")
    var chapters = 300

    @ArgumentParser.Option(help: "Measured runs, of which the median counts.")
    var runs = 5

    func validate() throws {
        guard (1...10_000).contains(chapters) else { throw ValidationError("--chapters takes 1 to 10000") }
        guard (1...1000).contains(runs) else { throw ValidationError("--runs takes 1 to 1000") }
    }

    func run() throws {
        let folder = NSTemporaryDirectory() + "likeness-bench-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        do {
            try LargeBook.write(chapters: chapters, to: folder)
            var count = 0
            let timing = try Timing(runs: runs, warm: 1) {
                let book = try Book(contentsOf: folder + "/chapters")
                count = try Plan(book, directives: allDirectives, data: folder + "/data").steps.count
            }
            let figure = Figure(planSeconds: timing.median, chapters: chapters, directives: count, runs: runs)
            try Console.results.print(json: figure, keys: .convertToSnakeCase)
        } catch {
            throw Console.fail(error)
        }
    }

    private struct Figure: Encodable {
        var planSeconds: Double
        var chapters: Int
        var directives: Int
        var runs: Int
    }
}

/// Chapters that resemble the report's: prose, references, and ten directives that use each other.
enum LargeBook {
    static func write(chapters: Int, to folder: String) throws {
        try Files.makeFolder(folder + "/data/faces")
        for number in 1...chapters {
            let path = String(format: "%@/chapters/%05d-chapter-%d.md", folder, number, number)
            try Files.write(Array(chapter(number).utf8), to: path, syncsFile: false, syncsFolder: false)
        }
    }

    private static func chapter(_ n: Int) -> String {
        let paragraph = """
            Faces that belong together lie close to each other, as @fig-grid-a\(n) shows; before fine-tuning, `=before\(n).map`
            of them did. A *triplet* is an anchor, a positive and a negative, and its loss $\\max(d_+ - d_- + 1, 0)$ is zero once
            the negative is far enough away.
            """
        let directives = [
            "preprocess\nid: faces\(n)\ndataset: faces\nseed: \(n)",
            "train\nid: tuned\(n)\ndata: faces\(n)\nmodel: mobilenet_v2\nepochs: 3",
            "train\nid: deep\(n)\ndata: faces\(n)\nmodel: resnet50\nepochs: 2",
            "evaluate\nid: before\(n)\ndata: faces\(n)\nmodel: mobilenet_v2\nk: [1, 5, 10]",
            "evaluate\nid: after\(n)\ndata: faces\(n)\ntrain: tuned\(n)\nagainst: before\(n)\nk: [1, 5, 10]",
            "evaluate\nid: deep-after\(n)\ndata: faces\(n)\ntrain: deep\(n)\nk: [1, 5, 10]",
            "query-grid\nid: grid-a\(n)\nevaluate: after\(n)\ncaption: After fine-tuning",
            "query-grid\nid: grid-b\(n)\nevaluate: before\(n)\ncaption: Before fine-tuning",
            "compare\nid: table\(n)\nof: [after\(n)]\nbefore: [before\(n)]",
            "claim\nid: better\(n)\nthat: after\(n).map > before\(n).map",
        ]
        let body = directives.enumerated().map {
            "## Section \($0.offset + 1)\n\n\(paragraph)\n\n```\($0.element)\n```\n"
        }
        return "# Chapter \(n)\n\n" + body.joined(separator: "\n")
    }
}
