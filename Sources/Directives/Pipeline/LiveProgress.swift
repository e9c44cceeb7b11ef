import Execution

/// How a report's computation stands, for who looks at it.
package struct LiveProgress: Sendable {
    /// A step that is being computed.
    package struct Step: Sendable {
        package var id: String
        /// `train mobilenet-tuned`
        package var title: String
        /// `epoch 2/4`; empty where there is just one part.
        package var part: String
        package var percent: Int?
        /// What is counted, a second.
        package var rate: Double?
        package var unit: String
        package var secondsLeft: Int?
        package var remark: String
        /// What it measured so far: the loss of a training, batch after batch.
        package var curve: Curve
    }

    package var running: [Step]
    /// Steps that are over, and all of them.
    package var done: Int
    package var total: Int
    package var secondsLeft: Int?
    /// A step that another build computes, whose result is waited for.
    package var awaited: String?
    /// Whether all that was to be computed is, or the computation has stopped.
    package var isOver: Bool
}

extension LiveProgress {
    init(_ steps: [PlannedStep], _ moment: BuildMoment, _ outlook: Outlook?, awaited: String?, isOver: Bool) {
        running = steps.compactMap { step in
            guard let running = moment.running[step.id] else { return nil }
            let progress = running.progress
            return Step(
                id: step.id, title: step.title, part: progress?.part ?? "",
                percent: progress.flatMap { $0.total > 0 ? min(100, 100 * $0.done / $0.total) : nil },
                rate: running.rate, unit: progress?.unit ?? "", secondsLeft: running.secondsLeft,
                remark: progress?.remark ?? "", curve: running.curve)
        }
        done = steps.count { moment.results.states[$0.id] != nil }
        total = steps.count
        secondsLeft = isOver ? nil : outlook.map { Int($0.secondsLeft(moment).rounded()) }
        (self.awaited, self.isOver) = (awaited, isOver)
    }
}
