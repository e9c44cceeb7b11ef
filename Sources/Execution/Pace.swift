import Foundation

/// How fast a step goes on, and how long it will still take.
package struct Pace: Sendable {
    private var part: String?
    private var start: UInt64 = 0
    private var startDone = 0

    package init() {}

    /// - Parameter now: nanoseconds of a clock that only goes on.
    /// - Returns: nil as long as too little has been seen. The rate is that of the current part, a second; what is left is
    ///   the whole step where its progress tells of it, else the part.
    package mutating func update(
        _ progress: StepProgress, now: UInt64 = DispatchTime.now().uptimeNanoseconds
    ) -> (rate: Double, secondsLeft: Int)? {
        if part != progress.part || progress.done < startDone {
            (part, start, startDone) = (progress.part, now, progress.done)
        }
        let seconds = Double(now - start) / 1e9
        let count = progress.done - startDone
        guard seconds > 0.2, count > 0 else { return nil }
        let rate = Double(count) / seconds
        let left = progress.total - progress.done + progress.later
        return (rate, Int((Double(left) / rate).rounded()))
    }
}
