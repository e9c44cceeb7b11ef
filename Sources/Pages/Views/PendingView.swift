import Markup

extension FigureWriter {
    /// - Parameters:
    ///   - reasons: why an earlier result does not count any more.
    ///   - isShown: whether that one stands below.
    func pending(_ pending: Pending, reasons: [String] = [], isShown: Bool = false) -> HTML {
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
            facts.isEmpty ? .empty : .element("span", ["class": "facts"], .text(" " + facts.joined(separator: " · "))),
            reasons.isEmpty
                ? .empty
                : .element(
                    "span", ["class": "reasons"],
                    .text("\(isShown ? words.outOfDate : words.earlierOutOfDate): \(reasons.joined(separator: "; "))")))
    }
}

extension PageFrame {
    /// The line above a page whose results are still to come.
    static func notice(_ unfinished: Unfinished, _ words: Words) -> HTML {
        let text = unfinished.hasStopped ? words.hasStopped : words.isBeingComputed
        return .line(
            "p", ["class": "unfinished", "role": "status"],
            .element("progress", ["max": unfinished.total, "value": unfinished.done, "aria-label": text]), " ",
            .text(
                (["\(text): \(unfinished.done)/\(unfinished.total)"]
                    + [unfinished.secondsLeft.map { words.about(seconds: $0) }].compactMap(\.self) + [unfinished.time])
                    .joined(separator: " · ")))
    }
}
