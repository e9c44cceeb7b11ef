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
    /// Made when the first step begins that has to be computed.
    private let outlook = Mutex<Outlook?>(nil)
    /// Whether a state of this build has been published.
    private let hasPublished = Mutex(false)

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
        var hasTold = false
        while let (changes, moment) = watch.next(after: seen, rest: rest, patience: Self.patience) {
            seen = changes
            // As long as results come from the store, the whole report is near.
            if !hasPublished.withLock({ $0 }), moment.running.isEmpty { continue }
            let start = DispatchTime.now().uptimeNanoseconds
            do {
                try publish(moment, hasStopped: false)
                let isFirst = hasPublished.withLock { has in
                    defer { has = true }
                    return !has
                }
                if isFirst {
                    let count = checked.plan.steps.count
                    listener.published(
                        project.output + "/index.html", missing: count - moment.results.states.count, of: count,
                        secondsLeft: secondsLeft(moment))
                }
            } catch {
                // What is short now may be there again for the next state.
                if !hasTold { listener.remark("no pages could be published yet: \(error)") }
                hasTold = true
            }
            rest = Self.rest(after: Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9)
        }
    }

    /// The build ends before its report is whole: pages say that nobody goes on with them.
    ///
    /// - Parameter results: what became of the steps; nil where the build was stopped among them. Then only pages of this
    ///   very build are replaced: what others published may know more, or somebody is still at it.
    func publishEnd(_ results: Results?) throws {
        guard Site.isUnfinished(in: project.output) else { return }
        var moment = watch.now.moment
        moment.running = [:]
        if let results {
            for id in results.order { if let state = results.states[id] { moment.results.set(state, of: id) } }
        } else if !hasPublished.withLock({ $0 }) {
            return
        }
        try publish(moment, hasStopped: true)
    }

    private func secondsLeft(_ moment: BuildMoment) -> Int {
        let outlook = outlook.withLock { known in
            let made = known ?? Outlook(checked.plan.steps)
            known = made
            return made
        }
        return Int(outlook.secondsLeft(moment).rounded())
    }

    /// Puts the state of a moment in the place of the one before. A whole report is not replaced by it.
    private func publish(_ moment: BuildMoment, hasStopped: Bool) throws {
        guard !Site.isWhole(in: project.output) else { return }
        let now = Date()
        let clock = DateFormatter()
        clock.locale = Locale(identifier: "en_US_POSIX")
        clock.dateFormat = "HH:mm"
        let unfinished = Unfinished(
            done: checked.plan.steps.count { moment.results[$0.id] != nil }, total: checked.plan.steps.count,
            secondsLeft: hasStopped ? nil : secondsLeft(moment), time: clock.string(from: now),
            hasStopped: hasStopped, revision: "\(now.timeIntervalSince1970) \(moment.results.states.count)")
        let rendering = try Rendering(
            checked, moment.results, for: project, running: moment.running, unfinished: unfinished)
        try rendering.site.publish(to: project.output, book: project.place(of: checked.book))
    }
}
