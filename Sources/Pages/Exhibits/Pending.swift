import Markup

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
    /// When this state was published, as a clock on the wall shows it.
    package var time: String
    /// Whether nobody goes on with it.
    package var hasStopped: Bool
    /// Tells this state from every other one.
    package var revision: String

    package init(done: Int, total: Int, time: String, hasStopped: Bool, revision: String) {
        self.done = done
        self.total = total
        self.time = time
        self.hasStopped = hasStopped
        self.revision = revision
    }
}

extension FigureWriter {
    func pending(_ pending: Pending) -> HTML {
        var facts: [String] = []
        let head: String
        switch pending {
        case .running(let part, let percent, let secondsLeft):
            head = words.beingComputed
            if !part.isEmpty { facts.append(part) }
            if let percent { facts.append("\(percent) %") }
            if let secondsLeft { facts.append(words.about(seconds: secondsLeft)) }
        case .waiting(let ids): head = "\(words.waitsFor) \(ids.joined(separator: ", "))"
        case .queued: head = words.queued
        }
        let isRunning = if case .running = pending { true } else { false }
        return .line(
            "p", ["class": isRunning ? "pending running" : "pending", "role": "note"], .element("strong", .text(head)),
            facts.isEmpty ? .empty : .text(" " + facts.joined(separator: " · ")))
    }
}

extension PageFrame {
    /// The line above a page whose results are still to come.
    static func notice(_ unfinished: Unfinished, _ words: Words) -> HTML {
        let text = unfinished.hasStopped ? words.hasStopped : words.isBeingComputed
        return .line(
            "p", ["class": "unfinished", "role": "status"],
            .element("progress", ["max": unfinished.total, "value": unfinished.done, "aria-label": text]), " ",
            .text("\(text): \(unfinished.done)/\(unfinished.total) · \(unfinished.time)"))
    }
}
