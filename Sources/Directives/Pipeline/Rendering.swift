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
    /// What is kept of the report when it is published; nil where a result is missing, and for what is not to be published.
    private let numbers: [ResultNumbers]?

    /// - Parameters:
    ///   - cache: what earlier renderings made; nil looks at what builds left.
    ///   - running: while the build goes on, the steps that are being computed.
    ///   - former: what is shown meanwhile in the place of results that are still to come.
    ///   - unfinished: what the pages say of themselves as long as results are to come.
    ///   - published: what the report is held against where all its results are there; nil for pages that are not to stay.
    init(
        _ checked: CheckedBook, _ results: Results, for project: Project, cache: RenderCache? = nil,
        running: [String: BuildMoment.Running]? = nil, former: [String: FormerResult] = [:],
        unfinished: Unfinished? = nil, against published: PublishedReports? = nil
    ) throws {
        let cache = cache ?? RenderCache(project)
        let editions =
            [.init(book: checked.book, plan: checked.plan, attachments: checked.attachments)]
            + checked.translations
        let languages = editions.map(\.book.settings.language)
        // What the report is held against is read meanwhile.
        let reading = published.map { published in WorkerThreads(1) { published.readNewest() } }
        var reports = try Language.speakingEach(languages) { position in
            let edition = editions[position]
            return try Report(
                edition.book, edition.plan, results, attachments: edition.attachments, store: project.store,
                cache: cache, running: running, former: former)
        }
        reading?.join()
        let numbers = published.flatMap { _ in Self.numbers(of: reports[0], checked.plan) }
        if let published, let numbers, let earlier = EarlierReport(before: numbers, among: published) {
            let changes = try Language.speakingEach(languages) { _ in
                Changes(from: earlier.numbers, to: numbers, since: earlier.name)
            }
            for (position, changes) in changes.enumerated() { reports[position].changes = changes }
        }
        for position in reports.indices { reports[position].unfinished = unfinished }
        (report, self.numbers) = (reports[0], numbers)
        site = try Site(report, translations: Array(reports.dropFirst()))
        cache.keep(site.markups, isWhole: running == nil)
    }

    /// Of all results; nil where one is missing, since what that one says would count as gone.
    private static func numbers(of report: Report, _ plan: Plan) -> [ResultNumbers]? {
        let files = report.resultFiles(plan.steps.map(\.id))
        return files.count == plan.steps.count ? files.map { ResultNumbers($0) } : nil
    }

    /// Puts the whole report into its place, and its numbers beside those of earlier ones.
    ///
    /// - Parameters:
    ///   - published: the numbers of earlier reports.
    ///   - origin: what the report was made from; nil where remarks were made, which every build is to make.
    ///   - listener: hears why numbers could not be kept: later reports are then held against an earlier one.
    /// - Returns: what differs from the report before, unless that had the same numbers.
    func publish(
        _ checked: CheckedBook, in project: Project, beside published: PublishedReports, origin: Digest?,
        isSingleFile: Bool = false, listener: any BuildListener
    ) throws -> Changes? {
        var hasNews = false
        // Before the pages stand: a build that is killed between the two does both again.
        if let numbers {
            do {
                hasNews = try published.add(numbers, commit: Repository(folder: project.chapters).head)
            } catch {
                listener.remark(
                    "the numbers of this report could not be kept for later ones to be held against: \(error)")
            }
        }
        try (isSingleFile ? site.inOneFile() : site).publish(
            to: project.output, origin: origin, book: project.place(of: checked.book))
        return hasNews ? report.changes : nil
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
