import Pages

/// One of the evaluations that stand side by side, and what it is called there.
struct ComparedColumn {
    let id: String
    /// `MobileNet-V2`, or `MobileNet-V2 (tuned)` where another one is a MobileNet-V2 too.
    let label: Phrase
    let shown: TimedEvaluation

    /// Beyond all rates where there is none.
    var equalErrorRate: Double { shown.quality.verification?.equalErrorRate.estimate.mean ?? 2 }

    /// Each evaluation once, however often it is named; no two have the same label.
    ///
    /// - Parameter names: what they are called, where an author says it; as many as there are evaluations.
    static func columns(
        _ evaluations: [TimedEvaluation], _ ids: [String], names: [String]? = nil
    ) -> [ComparedColumn] {
        var seen: Set<String> = []
        let given = names?.count == ids.count ? names : nil
        let called = zip(
            zip(ids, evaluations), (given ?? evaluations.map(\.evaluation.describer)).map { Phrase(key: $0) }
        )
        .filter { seen.insert($0.0.0).inserted }
        let each = called.map(\.0)
        let labels = distinct(called.map(\.1), or: each.map(\.0.verbatim))
        return zip(each, labels).map { ComparedColumn(id: $0.0, label: $1, shown: $0.1) }
    }

    /// Names, with a detail behind those that are equal.
    static func distinct(_ names: [Phrase], or details: [Phrase]) -> [Phrase] {
        let counts = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
        return zip(names, details).map { counts[$0, default: 0] > 1 ? "\($0) (\($1))" : $0 }
    }
}

extension [ComparedColumn] {
    /// Changes and what they are called, each once: by the evaluation after them, and where that is compared with several by
    /// the one before.
    func named<Change>(_ changes: [Change], of ids: [String], since before: [String]) -> [(
        name: Phrase, change: Change
    )] {
        var seen: Set<[String]> = []
        let each = zip(zip(ids, before), changes).filter { seen.insert([$0.0.0, $0.0.1]).inserted }
        let labels = Dictionary(map { ($0.id, $0.label) }) { first, _ in first }
        let names = ComparedColumn.distinct(
            each.map { labels[$0.0.0] ?? $0.0.0.verbatim }, or: each.map { "since \($0.0.1)" })
        return zip(names, each).map { (name: $0, change: $1.1) }
    }
}
