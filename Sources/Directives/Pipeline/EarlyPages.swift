import Execution
import Files
import Foundation
import Pages
import Synchronization

/// Pages for the person who waits: where no whole report stands yet, what is there is published while the rest is computed.
///
/// The first state is published as soon as a step begins that has to be computed, then one whenever steps begin or end, or
/// from time to time, with rests that leave the machine to the steps. What is drawn for one state is kept for the next, and
/// for the whole report.
final class EarlyPages: Sendable {
    let watch = BuildWatch()
    private let checked: CheckedBook
    private let project: Project
    private let listener: any BuildListener
    private let thread: Mutex<WorkerThreads?> = Mutex(nil)

    /// Seconds between two states at most, where no step begins or ends.
    private static let patience = 15.0

    /// How long a state stands at least. One that took long had much to draw, which the next one finds drawn.
    private static func rest(after seconds: Double) -> Double { min(max(1, 20 * seconds), 15) }

    init(_ checked: CheckedBook, _ project: Project, _ listener: any BuildListener) {
        (self.checked, self.project, self.listener) = (checked, project, listener)
    }

    func start() { thread.withLock { $0 = WorkerThreads(1) { [self] in publishStates() } } }

    /// Publishes no more; what is being written is finished.
    func stop() {
        watch.close()
        thread.withLock { $0.take() }?.join()
    }

    private func publishStates() {
        var (seen, rest) = (0, 0.0)
        var isFirst = true
        while let (changes, moment) = watch.next(after: seen, rest: rest, patience: Self.patience) {
            seen = changes
            // As long as results come from the store, the whole report is near.
            if isFirst, moment.running.isEmpty { continue }
            let start = DispatchTime.now().uptimeNanoseconds
            do {
                try publish(moment, hasStopped: false)
            } catch {
                listener.remark("pages are published when all results are there: \(error)")
                return
            }
            if isFirst {
                let missing = checked.plan.steps.count - moment.results.states.count
                listener.published(
                    project.output + "/index.html", missing: missing, of: checked.plan.steps.count)
            }
            isFirst = false
            let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
            rest = Self.rest(after: seconds)
        }
    }

    /// The build ends before its report is whole: pages that were published say that nobody goes on with them.
    func publishEnd(_ results: Results) throws {
        guard Site.isUnfinished(in: project.output) else { return }
        var moment = watch.now.moment
        moment.running = [:]
        for id in results.order { if let state = results.states[id] { moment.results.set(state, of: id) } }
        try publish(moment, hasStopped: true)
    }

    /// Puts the state of a moment in the place of the one before. A whole report is not replaced by it.
    private func publish(_ moment: BuildMoment, hasStopped: Bool) throws {
        guard !Site.isWhole(in: project.output) else { return }
        let now = Date()
        let clock = DateFormatter()
        clock.locale = Locale(identifier: "en_US_POSIX")
        clock.dateFormat = "HH:mm"
        let unfinished = Unfinished(
            done: moment.results.states.count, total: checked.plan.steps.count, time: clock.string(from: now),
            hasStopped: hasStopped, revision: "\(now.timeIntervalSince1970) \(moment.results.states.count)")
        let rendering = try Rendering(
            checked, moment.results, for: project, running: moment.running, unfinished: unfinished)
        try rendering.site.publish(to: project.output, book: project.place(of: checked.book))
    }
}
