import Chapters
import Diagnostics
import Execution
import Files
import Foundation
import Pages
import Synchronization

/// Who looks at a report while it is written and computed. Called from one thread, but for progress.
package protocol LiveReader: Sendable {
    /// The pages as they are now: whole, or with places that wait for results.
    func show(_ site: Site)
    /// Everything that is wrong now, in place of what was wrong before.
    ///
    /// - Parameter sources: the text of every file, for excerpts.
    func tell(_ problems: [Diagnostic], sources: [String: String])
    /// Two or three times a second while steps run, from another thread: pages may take long to draw.
    func progress(_ progress: LiveProgress)
}

/// A report that follows what it is made of: when chapters, data or results change, the line of values that `Build` runs
/// is run again, with what is known of results at that moment. Steps are computed beside it; a changed sentence does not
/// disturb them, and a changed option ends them and begins with what is stale.
///
/// The whole report is published where a build publishes it. Chapters with mistakes leave the last pages as they are.
package final class LiveReport: @unchecked Sendable {
    private let project: Project
    private let listener: any BuildListener
    private let reader: any LiveReader

    /// Orders `agenda` and `isOver`, which any thread may touch.
    private let condition = NSCondition()
    private var agenda = Agenda()
    private var isOver = false

    // Of the thread that runs.
    private let cache: RenderCache
    private let published: PublishedReports
    private var watch: FolderWatch?
    private var checked: CheckedBook?
    private var work: PlannedWork?
    private var standing = Standing()
    private var computation: Computation?
    private var told: [Diagnostic]?
    /// Of the pages that were shown last; nil where they are not whole.
    private var whole: Rendering?
    private var publishing: [Diagnostic] = []
    /// Whether data were touched while steps read them.
    private var hasTouchedData = false
    /// What changed while chapters had mistakes.
    private var owed: Set<Agenda.Change> = []

    /// What is computed now, for who tells of its progress.
    private let seen = Mutex<Seen?>(nil)

    private struct Seen {
        var steps: [PlannedStep]
        var standing: Standing
        var computation: Computation
        /// Made when the first step runs.
        var outlook: Outlook?
    }

    /// Seconds between two tellings of progress.
    private static let tick = 0.4

    /// - Parameter listener: hears what a build tells.
    package init(_ project: Project, listener: any BuildListener, reader: any LiveReader) {
        (self.project, self.listener, self.reader) = (project, listener, reader)
        (cache, published) = (RenderCache(project), PublishedReports(project))
    }

    /// Shows, watches and computes until `stop`; what was computed until then is kept.
    package func run() {
        watch = try? FolderWatch { [weak self] in self?.touched($0) }
        if watch == nil {
            listener.remark("changed files cannot be noticed here; start the preview anew after a change")
        }
        defer { watch?.close() }
        // Before anything is read: what changes from now on is seen.
        watch?.watch([project.chapters, project.data, storedResults])
        note(.text)
        let ticker = WorkerThreads(1) { [self] in tellWhileComputing() }
        while let changes = next() {
            if !changes.isDisjoint(with: [.text, .data, .results]) { lookAnew(changes) }
            if changes.contains(.moment) {
                takeMoment()
                tellProgress()
            }
            if changes.contains(.publication) { publish() }
        }
        computation?.stop()
        computation?.join()
        ticker.join()
    }

    /// To be called from any thread; `run` ends as soon as steps have kept what they have.
    package func stop() {
        condition.withLock {
            isOver = true
            condition.broadcast()
        }
    }

    private func note(_ change: Agenda.Change) {
        condition.withLock {
            agenda.note(change, now: DispatchTime.now().uptimeNanoseconds)
            condition.broadcast()
        }
    }

    /// Waits for something to do.
    ///
    /// - Returns: nil at the end.
    private func next() -> Set<Agenda.Change>? {
        condition.lock()
        defer { condition.unlock() }
        while !isOver {
            let now = DispatchTime.now().uptimeNanoseconds
            let due = agenda.take(now: now)
            if !due.isEmpty { return due }
            guard let time = agenda.next else {
                condition.wait()
                continue
            }
            _ = condition.wait(until: Date(timeIntervalSinceNow: Double(max(time, now) - now) / 1e9))
        }
        return nil
    }

    /// Until the end.
    private func tellWhileComputing() {
        var wasOver = true
        while condition.withLock({
            let until = Date(timeIntervalSinceNow: Self.tick)
            while !isOver, condition.wait(until: until) {}
            return !isOver
        }) {
            let isComputing = seen.withLock { $0 }.map { $0.computation.outcome == nil } ?? false
            if isComputing || !wasOver { tellProgress() }
            wasOver = !isComputing
        }
    }

    private func tellProgress() {
        guard var now = seen.withLock({ $0 }) else { return }
        let isOver = now.computation.outcome != nil
        var moment = now.computation.watch.now.moment
        if !isOver, now.outlook == nil, !moment.running.isEmpty {
            now.outlook = Outlook(now.steps)
            seen.withLock { [now] in if $0?.computation === now.computation { $0 = now } }
        }
        moment.results = now.standing.results(with: moment.results)
        reader.progress(
            LiveProgress(now.steps, moment, now.outlook, awaited: now.computation.awaited, isOver: isOver))
    }
}

// MARK: - What changed

extension LiveReport {
    private var storedResults: String { project.store.manifests }

    private func touched(_ roots: Set<String>) {
        if roots.contains(project.chapters) { note(.text) }
        if roots.contains(storedResults) { note(.results) }
        if !roots.isSubset(of: [project.chapters, storedResults]) { note(.data) }
    }

    private func follow(_ plan: Plan) {
        let data = plan.steps.flatMap { $0.work.data.map(\.path) }
        let inside = project.data + "/"
        watch?.watch(
            Set([project.chapters, project.data, storedResults] + data.filter { !$0.hasPrefix(inside) }))
    }

    private func lookAnew(_ new: Set<Agenda.Change>) {
        let changes = owed.union(new)
        let book = CheckedBook(project)
        follow(book.plan)
        guard !book.hasErrors else {
            // The pages, and what is computed for them, stay.
            owed = changes
            tell(book.diagnostics, book)
            return
        }
        if checked == nil, let remark = book.trustRemark { listener.remark(remark) }
        owed = []
        let isSame = checked.map {
            $0.sources == book.sources && $0.attachments.fingerprint == book.attachments.fingerprint
                && $0.translations.map(\.attachments.fingerprint) == book.translations.map(\.attachments.fingerprint)
        }
        checked = book
        if changes.contains(.data) { hasTouchedData = true }
        let work = PlannedWork(book.plan)
        // While steps run, results are their own, or others' for which they look themselves.
        let hasResults = changes.contains(.results) && computation?.outcome != nil
        if work != self.work || changes.contains(.data) || hasResults {
            let standing = (try? Standing(of: book.plan.steps, in: project.store)) ?? Standing()
            if work != self.work || isNews(standing) {
                begin(book, work, standing)
                return show()
            }
        }
        if isSame != true || told?.contains(where: { $0.severity == .error }) == true { show() }
    }

    /// Whether there is more to know than what is shown.
    private func isNews(_ now: Standing) -> Bool {
        if computation?.outcome == nil {
            // What depends on results that were to come has found its key meanwhile; that is no news.
            return zip(standing.keys, now.keys).contains { $0 != nil && $1 != nil && $0 != $1 }
        }
        guard case .success(let shown)? = computation?.outcome else { return computation?.outcome != nil }
        return checked?.plan.steps.contains { step in
            guard let stored = now.results[step.id] else { return shown[step.id] != nil }
            guard let here = shown[step.id] else { return true }
            return stored.key != here.key || stored.output != here.output
                || stored.environment.finished != here.environment.finished
        } ?? false
    }

    private func begin(_ book: CheckedBook, _ work: PlannedWork, _ standing: Standing) {
        (self.work, self.standing, hasTouchedData) = (work, standing, false)
        computation = Computation(
            book.plan.steps, store: project.store, after: computation, listener: listener
        ) { [weak self] in self?.note(.moment) }
        if let computation {
            seen.withLock { $0 = Seen(steps: book.plan.steps, standing: standing, computation: computation) }
        }
        tellProgress()
    }
}

// MARK: - What is seen

extension LiveReport {
    /// Steps began or ended.
    private func takeMoment() {
        guard let checked, let work else { return }
        if case .success(let results)? = computation?.outcome, results.hasFailure, hasTouchedData,
            let standing = try? Standing(of: checked.plan.steps, in: project.store)
        {
            begin(checked, work, standing)
        }
        // As long as results come from the store, they are what is shown already.
        if let computation, computation.outcome == nil, computation.watch.now.moment.running.isEmpty { return }
        show()
    }

    private func show() {
        guard let checked else { return }
        whole = nil
        condition.withLock { agenda.drop(.publication) }
        let moment = computation?.watch.now.moment ?? BuildMoment()
        var problems = checked.diagnostics
        do {
            let rendering: Rendering
            switch computation?.outcome {
            case .success(let results)?:
                rendering = try Rendering(checked, results, for: project, cache: cache, against: published)
                problems += results.failures + rendering.problems(checked, strict: false)
                if !problems.contains(where: { $0.severity == .error }) {
                    whole = rendering
                    note(.publication)
                }
            case .failure(let error)?:
                problems.append(.error("build-stopped", "\(error)", at: nil))
                fallthrough
            case nil:
                let known = standing.results(with: moment.results)
                rendering = try Rendering(
                    checked, known, for: project, cache: cache, running: moment.running, former: standing.former)
                problems += known.failures + rendering.site.diagnostics
            }
            reader.show(rendering.site)
        } catch {
            problems.append(.error("unrendered", "the pages cannot be made: \(error)", at: nil))
        }
        if let count = watch?.unwatched, count > 0 {
            problems.append(
                .warning(
                    "unwatched",
                    "\(count) folders of the data are not watched, since there are too many; start the preview anew after a "
                        + "change in them", at: nil))
        }
        tell(problems + publishing, checked)
    }

    /// Tells what is wrong, where that is not what was told last.
    private func tell(_ problems: [Diagnostic], _ book: CheckedBook) {
        var seen: Set<Diagnostic> = []
        let problems = problems.filter { seen.insert($0).inserted }
        guard problems != told else { return }
        let isFirst = told == nil
        told = problems
        if !problems.isEmpty {
            listener.problems(problems, sources: book.sources)
        } else if !isFirst {
            listener.remark("nothing is wrong any more")
        }
        reader.tell(problems, sources: book.sources)
    }

    /// Puts the whole report into its place, unless it stands there already.
    private func publish() {
        guard let whole, let checked, case .success(let results)? = computation?.outcome else { return }
        var problems: [Diagnostic] = []
        do {
            try project.tryOutput(of: checked.book, beside: checked.plan.steps)
            let origin = checked.origin(results: { results[$0] }, isSingleFile: false)
            if origin.map({ Site.isPublished(from: $0, in: project.output) }) != true {
                _ = try whole.publish(
                    checked, in: project, beside: published, origin: told?.isEmpty == true ? origin : nil,
                    listener: listener)
            }
        } catch {
            problems = [.warning("unpublished", "the pages are shown here and not written: \(error)", at: nil)]
        }
        guard problems != publishing else { return }
        tell((told ?? []).filter { !publishing.contains($0) } + problems, checked)
        publishing = problems
    }
}
