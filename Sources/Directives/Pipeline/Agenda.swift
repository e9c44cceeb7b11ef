/// What is to be looked at anew, and when: changes come in bursts, as an editor or a copy of a folder makes them.
package struct Agenda {
    package enum Change: Hashable, CaseIterable {
        /// Chapters and settings.
        case text
        case data
        /// Results that another build keeps.
        case results
        /// A step began or ended.
        case moment
        /// Pages are whole, and may be put into their place.
        case publication
    }

    private var items: [Change: (first: UInt64, due: UInt64)] = [:]

    package init() {}

    /// - Parameter now: nanoseconds of a clock that only goes on.
    package mutating func note(_ change: Change, now: UInt64) {
        let first = items[change]?.first ?? now
        let (quiet, patience) = Self.waits(for: change)
        items[change] = (first, min(now + quiet * 1_000_000, first + patience * 1_000_000))
    }

    package mutating func drop(_ change: Change) { items[change] = nil }

    /// What is due.
    package mutating func take(now: UInt64) -> Set<Change> {
        let due = items.filter { $0.value.due <= now }.keys
        for change in due { items[change] = nil }
        return Set(due)
    }

    /// When something is due next.
    package var next: UInt64? { items.values.map(\.due).min() }

    /// Milliseconds without another change of the kind, and from the first one at most.
    private static func waits(for change: Change) -> (quiet: UInt64, patience: UInt64) {
        switch change {
        case .text: (15, 120)
        case .data: (500, 5000)
        case .results: (300, 2000)
        case .moment: (100, 500)
        case .publication: (1000, 10_000)
        }
    }
}
