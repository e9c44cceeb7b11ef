import Foundation

/// What differs between the numbers of two reports, with the inputs that differ.
package struct Changes: Sendable, Hashable {
    package struct Value: Sendable, Hashable {
        package var name: String
        /// nil: there was no such value.
        package var old: DataTable.Cell?
        /// nil: there is no such value any more.
        package var new: DataTable.Cell?
        /// The 95 % interval of the new one, where the result has one.
        package var low: Double?
        package var high: Double?
        package var unit: String?

        /// How far a number moved, as a share of its size; infinite where a value is new, gone or text.
        var size: Double {
            guard case .number(let old)? = old, case .number(let new)? = new else { return .infinity }
            let scale = max(abs(old), abs(new))
            return scale > 0 ? abs(new - old) / scale : 0
        }
    }

    /// A place in a query grid that shows another face.
    package struct Move: Sendable, Hashable {
        package var query: Int
        package var rank: Int
        package var old: String?
        package var new: String?
    }

    package struct Result: Sendable, Hashable {
        package enum Kind: String, Sendable { case new, gone, changed }

        package var id: String
        package var directive: String
        package var kind: Kind
        /// Which inputs differ: `epochs: 2 → 3`, `uses faces, whose result changed`.
        package var reasons: [Phrase]
        /// The largest changes first.
        package var values: [Value]
        package var moves: [Move]
        /// Of a claim, where its verdict changed: whether it held, and whether it holds.
        package var verdict: (old: Bool, new: Bool)? { verdicts.count == 2 ? (verdicts[0], verdicts[1]) : nil }
        fileprivate var verdicts: [Bool] = []
    }

    /// When the old report was published, or where it is from.
    package var since: String
    /// In the order of the new report, then what is gone.
    package var results: [Result]

    package var isEmpty: Bool { results.isEmpty }
    package var valueCount: Int { results.reduce(0) { $0 + ($1.kind == .changed ? $1.values.count : 0) } }
    package var claimCount: Int { results.count { $0.verdict != nil } }
    package var gridCount: Int { results.count { !$0.moves.isEmpty } }

    /// Times of a run are no results: they differ whenever something runs, and are left out.
    package init(from old: [ResultNumbers], to new: [ResultNumbers], since: String) {
        self.since = since
        let before = Dictionary(old.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let now = Set(new.map(\.id))
        let found = new.compactMap { numbers -> Result? in
            guard let former = before[numbers.id] else {
                return Result(
                    id: numbers.id, directive: numbers.kind, kind: .new, reasons: [], values: [], moves: [])
            }
            return Result(from: former, to: numbers)
        }
        let gone = old.filter { !now.contains($0.id) }.map {
            Result(id: $0.id, directive: $0.kind, kind: .gone, reasons: [], values: [], moves: [])
        }
        // A result whose own inputs differ is a cause to be told, as long as there is anything that it caused.
        results = (found + gone).contains(where: \.isSeen) ? found + gone : []
    }
}

extension Changes.Result {
    /// Whether a reader sees anything of it.
    fileprivate var isSeen: Bool { kind != .changed || !values.isEmpty || !moves.isEmpty || !verdicts.isEmpty }

    /// nil where nothing that a reader sees differs, and no input of its own.
    fileprivate init?(from old: ResultNumbers, to new: ResultNumbers) {
        let names = Set(old.values.keys).union(new.values.keys)
        values = names.compactMap { name -> Changes.Value? in
            let (was, value) = (old.values[name], new.values[name])
            guard was?.value != value?.value, (value ?? was)?.unit != "s", !Self.isBound(name, in: names) else {
                return nil
            }
            let interval = new.interval(of: name)
            return Changes.Value(
                name: name, old: was?.value, new: value?.value, low: interval?.low, high: interval?.high,
                unit: (value ?? was)?.unit)
        }.sorted { ($1.size, $0.name) < ($0.size, $1.name) }
        moves = Self.moves(from: old.hits, to: new.hits)
        verdicts = if let was = old.holds, let holds = new.holds, was != holds { [was, holds] } else { [] }
        (id, directive, kind) = (new.id, new.kind, .changed)
        reasons = Self.reasons(from: old, to: new)
        let hasOwnCause = old.output != new.output && (old.options != new.options || old.data != new.data)
        guard hasOwnCause || !values.isEmpty || !moves.isEmpty || !verdicts.isEmpty else { return nil }
    }

    /// An interval's ends are shown beside its value.
    private static func isBound(_ name: String, in names: Set<String>) -> Bool {
        guard let dot = name.lastIndex(of: "."), ["low", "high"].contains(name[name.index(after: dot)...]) else {
            return false
        }
        let stem = String(name[..<dot])
        return names.contains(stem) || names.contains(stem + ".delta")
    }

    private static func moves(from old: [ResultNumbers.Hit], to new: [ResultNumbers.Hit]) -> [Changes.Move] {
        struct Place: Hashable, Comparable {
            let query, rank: Int
            static func < (a: Self, b: Self) -> Bool { (a.query, a.rank) < (b.query, b.rank) }
        }
        func places(_ hits: [ResultNumbers.Hit]) -> [Place: ResultNumbers.Hit] {
            Dictionary(
                hits.map { (Place(query: $0.query, rank: $0.rank), $0) }, uniquingKeysWith: { first, _ in first })
        }
        let (before, now) = (places(old), places(new))
        return Set(before.keys).union(now.keys).sorted().compactMap { place in
            let (was, hit) = (before[place]?.found, now[place]?.found)
            return was == hit ? nil : Changes.Move(query: place.query, rank: place.rank, old: was, new: hit)
        }
    }

    private static func reasons(from old: ResultNumbers, to new: ResultNumbers) -> [Phrase] {
        var reasons: [Phrase] = []
        if old.engine != new.engine { reasons.append("computed by another version: \(old.engine) → \(new.engine)") }
        for name in Set(old.options.keys).union(new.options.keys).sorted() where old.options[name] != new.options[name]
        {
            reasons.append("\(name): \(old.options[name] ?? "–") → \(new.options[name] ?? "–")".verbatim)
        }
        for id in Set(old.uses.keys).union(new.uses.keys).sorted() where old.uses[id] != new.uses[id] {
            reasons.append(
                old.uses[id] == nil
                    ? "uses '\(id)' now"
                    : new.uses[id] == nil ? "no longer uses '\(id)'" : "uses '\(id)', which changed")
        }
        for name in Set(old.data.keys).union(new.data.keys).sorted() where old.data[name] != new.data[name] {
            reasons.append(
                old.data[name] == nil
                    ? "reads \(name) now" : new.data[name] == nil ? "no longer reads \(name)" : "other data in \(name)")
        }
        return reasons
    }
}
