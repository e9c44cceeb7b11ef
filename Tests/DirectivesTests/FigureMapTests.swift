import Chapters
import Directives
import Execution
import Foundation
import TestSupport
import Testing

/// docs/figures.md: where each figure of the slides is.
@Suite struct FigureMapTests {
    @Test func everyFigureOfTheSlidesHasADirectiveOfTheChapters() throws {
        let page = try Repository.read("docs/figures.md")
        let book = try Book(contentsOf: Repository.root + "/chapters")
        // Datasets may be missing here; what is read of the chapters is not.
        let (plan, _) = Plan.load(book, directives: allDirectives, data: Repository.root + "/data")
        let places = Dictionary(
            plan.steps.map { ($0.id, ($0.range.path as NSString).lastPathComponent) },
            uniquingKeysWith: { first, _ in first })
        var figures: [Int] = []
        for row in page.split(separator: "\n") where row.hasPrefix("| ") {
            let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 4, let figure = Int(cells[0]) else { continue }
            figures.append(figure)
            let ids = cells[3].matches(of: /`([^`]+)`/).map { String($0.1) }
            #expect(!ids.isEmpty, "figure \(figure) names no directive")
            for id in ids {
                #expect("`\(places[id] ?? "nowhere")`" == cells[2], "figure \(figure) names '\(id)'")
            }
        }
        #expect(figures == Array(1...18))
        let tables = page.split(separator: "\n").suffix(2).joined().matches(of: /`([^`]+)`/).map { String($0.1) }
        let files = tables.filter { $0.hasSuffix(".md") }
        let ids = tables.filter { !$0.hasSuffix(".md") }
        #expect(ids.count == 5 && Set(ids.compactMap { places[$0] }) == Set(files), "\(tables)")
    }
}
