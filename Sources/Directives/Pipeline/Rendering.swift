import Chapters
import Diagnostics
import Execution
import Files
import Pages

/// A state of the results made into pages: Report → Site, whether the state is the last one or an early one.
struct Rendering {
    let report: Report
    /// In all languages.
    let site: Site
    /// What `report` shows, for programs and for later reports.
    let numbers: [ResultNumbers]

    /// - Parameters:
    ///   - cache: what earlier renderings made; nil looks at what builds left.
    ///   - running: while the build goes on, the steps that are being computed.
    ///   - former: what is shown meanwhile in the place of results that are still to come.
    ///   - unfinished: what the pages say of themselves as long as results are to come.
    init(
        _ checked: CheckedBook, _ results: Results, for project: Project, cache: RenderCache? = nil,
        running: [String: BuildMoment.Running]? = nil, former: [String: FormerResult] = [:],
        unfinished: Unfinished? = nil
    ) throws {
        let cache = cache ?? RenderCache(project)
        func made(_ book: Book, _ plan: Plan, _ attachments: Attachments) throws -> Report {
            var report = try Language.of(book.settings.language).speaking {
                try Report(
                    book, plan, results, attachments: attachments, store: project.store, cache: cache, running: running,
                    former: former)
            }
            report.unfinished = unfinished
            return report
        }
        var report = try made(checked.book, checked.plan, checked.attachments)
        var translations = try checked.translations.map { try made($0.book, $0.plan, $0.attachments) }
        let numbers = checked.plan.steps.compactMap { step in
            report.exhibits[step.id].flatMap { ResultFile($0, tables: $0.markup?.tables) }.map { ResultNumbers($0) }
        }
        // Only where every result is there is what lacks a change.
        if numbers.count == checked.plan.steps.count, let earlier = EarlierReport(before: numbers, in: project) {
            func changes(_ book: Book) -> Changes {
                Language.of(book.settings.language).speaking {
                    Changes(from: earlier.numbers, to: numbers, since: earlier.name)
                }
            }
            report.changes = changes(report.book)
            for place in translations.indices { translations[place].changes = changes(translations[place].book) }
        }
        (self.report, self.numbers) = (report, numbers)
        site = try Site(report, translations: translations)
        cache.keep(site.markups, isWhole: running == nil)
    }

    /// What is wrong with the pages and their claims, beside what needed no result to be known.
    func problems(_ checked: CheckedBook, strict: Bool) -> [Diagnostic] {
        let earlier = Set(checked.diagnostics)
        return claimDiagnostics(of: checked.plan, report.exhibits, strict: strict)
            + site.diagnostics.filter { !earlier.contains($0) }
    }
}

extension RenderCache {
    package convenience init(_ project: Project) {
        self.init(folder: project.state + "/rendered", output: project.output)
    }
}
