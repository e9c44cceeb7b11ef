/// What stands in the place of a result that is still to come.
package enum Pending: Sendable, Hashable {
    /// Its step is being computed: which part of it, how much of that, and how many seconds it will take, as far as that
    /// is known.
    case running(part: String, percent: Int?, secondsLeft: Int?)
    /// It needs results that are not there: their directives' ids.
    case waiting(for: [String])
    /// It could be computed, and something else is.
    case queued
}

/// What a report says of itself while its results are being computed.
package struct Unfinished: Sendable {
    /// How many results are there, and how many there will be.
    package var done: Int
    package var total: Int
    /// How long the rest will probably take; nil where nobody can tell.
    package var secondsLeft: Int?
    /// When this state was published, as a clock on the wall shows it.
    package var time: String
    /// Whether nobody goes on with it.
    package var hasStopped: Bool
    /// Tells this state from every other one.
    package var revision: String

    package init(
        done: Int, total: Int, secondsLeft: Int? = nil, time: String, hasStopped: Bool, revision: String
    ) {
        self.done = done
        self.total = total
        self.secondsLeft = secondsLeft
        self.time = time
        self.hasStopped = hasStopped
        self.revision = revision
    }
}
