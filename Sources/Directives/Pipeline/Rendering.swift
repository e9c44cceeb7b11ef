import Execution
import Pages

/// A state of the results made into pages: Report → Site, whether the state is the last one or an early one.
struct Rendering {
    let report: Report
    let site: Site

    /// - Parameters:
    ///   - running: while the build goes on, the steps that are being computed.
    ///   - unfinished: what the pages say of themselves as long as results are to come.
    init(
        _ checked: CheckedBook, _ results: Results, for project: Project,
        running: [String: BuildMoment.Running]? = nil, unfinished: Unfinished? = nil
    ) throws {
        let cache = RenderCache(folder: project.state + "/rendered", output: project.output)
        var report = try Report(
            checked.book, checked.plan, results, attachments: checked.attachments, store: project.store, cache: cache,
            running: running)
        report.unfinished = unfinished
        site = try Site(report)
        self.report = report
        cache.keep(site.markups, isWhole: unfinished == nil)
    }
}
