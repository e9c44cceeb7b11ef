import Dispatch
import Foundation

/// A build as it stands while it runs.
package struct BuildMoment: Sendable {
    /// A step that is being computed.
    package struct Running: Sendable {
        package var progress: StepProgress?
        var pace = Pace()
        /// What is counted, a second; nil while nobody can tell.
        package var rate: Double?
        /// The seconds that what is counted now will still take; nil while nobody can tell.
        package var secondsLeft: Int?
        /// What it measured so far.
        package var curve = Curve()
        private let start = DispatchTime.now().uptimeNanoseconds

        /// Seconds since it began.
        var elapsed: Double { Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9 }
    }

    package var results = Results()
    /// By directive id.
    package var running: [String: Running] = [:]

    package init() {}
}

/// Shows a build to somebody who looks at it from another thread.
package final class BuildWatch: @unchecked Sendable {
    // `condition` guards everything that changes.
    private let condition = NSCondition()
    private var moment = BuildMoment()
    private var changes = 0
    private var isClosed = false
    private let changed: @Sendable () -> Void

    /// - Parameter changed: called whenever a step begins or ends, from its thread.
    package init(changed: @escaping @Sendable () -> Void = {}) { self.changed = changed }

    func began(_ id: String) { change { $0.running[id] = BuildMoment.Running() } }

    func ended(_ id: String, _ state: Results.State) {
        change {
            $0.running[id] = nil
            $0.results.set(state, of: id)
        }
    }

    /// Progress alone wakes nobody.
    func progressed(_ id: String, _ progress: StepProgress) {
        condition.withLock {
            guard var running = moment.running[id] else { return }
            // Where a new part has just begun, what was known of the one before says more than nothing.
            if let (rate, secondsLeft) = running.pace.update(progress) {
                (running.rate, running.secondsLeft) = (rate, secondsLeft)
            }
            if let measured = progress.measured { running.curve.append(measured) }
            running.progress = progress
            moment.running[id] = running
        }
    }

    private func change(_ change: (inout BuildMoment) -> Void) {
        condition.withLock {
            change(&moment)
            changes += 1
            condition.broadcast()
        }
        changed()
    }

    /// Whoever waits is told that there is no more to see.
    package func close() {
        condition.withLock {
            isClosed = true
            condition.broadcast()
        }
    }

    /// How often a step began or ended, and how the build stands now.
    package var now: (changes: Int, moment: BuildMoment) { condition.withLock { (changes, moment) } }

    /// Waits until a step begins or ends after so many changes, or `patience` seconds are over, but `rest` seconds at least.
    ///
    /// - Returns: nil once the watch is closed.
    package func next(
        after seen: Int, rest: Double, patience: Double
    ) -> (changes: Int, moment: BuildMoment)? {
        condition.lock()
        defer { condition.unlock() }
        let start = Date()
        while !isClosed, condition.wait(until: start.addingTimeInterval(rest)) {}
        while !isClosed, changes == seen, condition.wait(until: start.addingTimeInterval(max(rest, patience))) {}
        return isClosed ? nil : (changes, moment)
    }
}
