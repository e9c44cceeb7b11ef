import Execution
import Foundation
import Pages

/// What of the report depends on what: the plan's graph, with one node a kind, and counts from what the steps found.
///
/// Kinds that nothing depends on stand in groups, a group a layer. Arrows to them, and from what is read from the disk,
/// are left out where the same is reached by way of another kind.
struct ArchitectureFigure {
    private let graph: LayeredGraph
    private let steps: Int
    private let kinds: Int
    private var title: Phrase { "The architecture of this report" }

    var diagram: Diagram {
        let named = graph.nodes.filter { $0.style == .step }.map(\.title).joined(separator: ", ")
        let words = graph.edges.map { $0.words.joined(separator: " + ") }.filter { !$0.isEmpty }
        return graph.diagram(
            width: Diagram.textWidth, title: title,
            alternative: """
                \(steps) directives of \(kinds) kinds, from photographs at the top to what is only shown at the bottom. \
                Others depend on \(named); along the arrows go \(words.joined(separator: ", ")).
                """)
    }

    init(_ plan: Plan, _ exhibits: [String: Exhibit]) {
        var draft = Draft(plan: plan, exhibits: exhibits)
        draft.build()
        graph = LayeredGraph(nodes: draft.nodes, edges: draft.edges)
        steps = plan.steps.count
        kinds = Set(plan.steps.map { $0.directive.kind }).count
    }
}

/// The graph while it is made.
private struct Draft {
    let plan: Plan
    let exhibits: [String: Exhibit]
    var nodes: [LayeredGraph.Node] = []
    var edges: [LayeredGraph.Edge] = []

    /// In the order of the text.
    private let kinds: [String]
    private let members: [String: [PlannedStep]]
    /// Kinds that a kind's steps name, itself left out; with the ids that are named.
    private let uses: [String: [String: Set<String>]]

    init(plan: Plan, exhibits: [String: Exhibit]) {
        self.plan = plan
        self.exhibits = exhibits
        var kinds: [String] = []
        for step in plan.steps where !kinds.contains(step.directive.kind) { kinds.append(step.directive.kind) }
        self.kinds = kinds
        members = Dictionary(grouping: plan.steps) { $0.directive.kind }
        let kindOf = Dictionary(plan.steps.map { ($0.id, $0.directive.kind) }, uniquingKeysWith: { first, _ in first })
        var uses: [String: [String: Set<String>]] = [:]
        for step in plan.steps {
            // What is used by way of another is that one's matter.
            for use in step.uses where !use.name.contains(".") {
                guard let kind = kindOf[use.id], kind != step.directive.kind else { continue }
                uses[step.directive.kind, default: [:]][kind, default: []].insert(use.id)
            }
        }
        self.uses = uses
    }

    mutating func build() {
        let used = Set(uses.values.flatMap(\.keys))
        var places: [String: Int] = [:]
        for kind in kinds where used.contains(kind) {
            places[kind] = nodes.count
            nodes.append(.init(title: titled(kind), lines: [ids(of: kind)], style: .step))
        }
        for kind in kinds {
            guard let place = places[kind] else { continue }
            for (other, ids) in (uses[kind] ?? [:]).sorted(by: { $0.key < $1.key }) {
                guard let from = places[other] else { continue }
                edges.append(.init(from: from, to: place, words: words(from: other, ids, to: kind)))
            }
        }
        let sources = addSources(places)
        addGroups(kinds.filter { !used.contains($0) }, places, sources)
    }

    private func titled(_ kind: String) -> Phrase {
        let count = members[kind]?.count ?? 0
        return (count == 1 ? kind : "\(kind) × \(count)").verbatim
    }

    /// `faces, real-faces`, `pixels, eigenfaces and 11 more`.
    private func ids(of kind: String) -> Phrase {
        let ids = members[kind]?.map(\.id) ?? []
        let text: Phrase = ids.count <= 2 ? ids.joined(separator: ", ").verbatim : "\(ids[0]) and \(ids.count - 1) more"
        return Diagram.fitted(text, width: 205, size: 12.5)
    }

    // MARK: What is read from the disk

    /// - Returns: nodes of what steps read, by its name in their keys, and the kinds that read it.
    private mutating func addSources(_ places: [String: Int]) -> [(node: Int, kinds: Set<String>)] {
        var paths: [String: [String]] = [:]
        var readers: [String: Set<String>] = [:]
        var names: [String] = []
        for step in plan.steps {
            for (name, path) in step.work.data {
                if !names.contains(name) { names.append(name) }
                if paths[name]?.contains(path) != true { paths[name, default: []].append(path) }
                readers[name, default: []].insert(step.directive.kind)
            }
        }
        return names.map { name in
            let last = (paths[name] ?? []).map {
                (($0 as NSString).lastPathComponent as NSString).deletingPathExtension
            }
            let node = nodes.count
            nodes.append(
                .init(
                    title: name == "dataset" ? "photographs" : Phrase(key: name),
                    lines: [Diagram.fitted(last.joined(separator: ", ").verbatim, width: 224, size: 12.5)],
                    style: .source))
            let kinds = readers[name] ?? []
            let all = Set(kinds.compactMap { places[$0] })
            for kind in self.kinds where kinds.contains(kind) {
                guard let to = places[kind], !all.contains(where: { $0 != to && reaches($0, to) }) else { continue }
                edges.append(.init(from: node, to: to, words: name == "dataset" ? found(by: kind) : []))
            }
            return (node, kinds)
        }
    }

    /// Photographs of all the datasets that a kind looks through.
    private func found(by kind: String) -> [Phrase] {
        var seen: [String: Int] = [:]
        for step in members[kind] ?? [] {
            guard let path = step.work.data.first(where: { $0.name == "dataset" })?.path,
                let count = count(step.id, "found")
            else { continue }
            seen[path] = count
        }
        return seen.isEmpty ? [] : ["\(Numeral.count(seen.values.reduce(0, +))) photographs"]
    }

    // MARK: What nothing depends on

    /// One group for all kinds that come to stand in one layer.
    private mutating func addGroups(
        _ leaves: [String], _ places: [String: Int], _ sources: [(node: Int, kinds: Set<String>)]
    ) {
        let layers = LayeredGraph(nodes: nodes, edges: edges).layers
        func above(_ kind: String) -> [Int] {
            (uses[kind] ?? [:]).keys.compactMap { places[$0] }
                + sources.filter { $0.kinds.contains(kind) }.map(\.node)
        }
        var groups: [Int: [String]] = [:]
        for kind in leaves { groups[above(kind).map { layers[$0] + 1 }.max() ?? -1, default: []].append(kind) }
        for (_, kinds) in groups.sorted(by: { $0.key < $1.key }) {
            let group = nodes.count
            nodes.append(.init(title: "", lines: kinds.map(titled), style: .group))
            let all = Set(kinds.flatMap(above))
            for node in all.sorted() where !all.contains(where: { $0 != node && reaches(node, $0) }) {
                edges.append(.init(from: node, to: group, words: groupWords(from: node, kinds, places)))
            }
        }
    }

    private func reaches(_ from: Int, _ to: Int) -> Bool {
        var (open, seen) = ([from], Set([from]))
        while let node = open.popLast() {
            for edge in edges where edge.from == node && seen.insert(edge.to).inserted { open.append(edge.to) }
        }
        return seen.contains(to)
    }

    private func groupWords(from node: Int, _ kinds: [String], _ places: [String: Int]) -> [Phrase] {
        guard let kind = places.first(where: { $0.value == node })?.key else { return [] }
        let ids = kinds.reduce(into: Set<String>()) { $0.formUnion(uses[$1]?[kind] ?? []) }
        return words(from: kind, ids, to: "")
    }

    // MARK: Counts

    private static func counted(_ count: Int, _ kind: String) -> Phrase? {
        switch kind {
        case Train.kind: count == 1 ? "1 network" : "\(count) networks"
        case Evaluate.kind: count == 1 ? "1 evaluation" : "\(count) evaluations"
        case Compare.kind: count == 1 ? "1 comparison" : "\(count) comparisons"
        case Index.kind: count == 1 ? "1 tree" : "\(count) trees"
        default: nil
        }
    }

    /// What goes from steps of one kind to those of another: what they found where that is known, or how many they are.
    private func words(from kind: String, _ ids: Set<String>, to reader: String) -> [Phrase] {
        func sum(_ name: String, _ noun: (String) -> Phrase) -> [Phrase] {
            let counts = ids.sorted().compactMap { count($0, name) }
            return counts.isEmpty ? [] : [noun(Numeral.count(counts.reduce(0, +)))]
        }
        if kind == Preprocess.kind {
            switch reader {
            case Train.kind: return sum("triplets") { "\($0) triplets" }
            case Evaluate.kind: return sum("queries") { "\($0) queries" } + sum("gallery") { "\($0) gallery faces" }
            default: return sum("kept") { "\($0) faces" }
            }
        }
        return Self.counted(ids.count, kind).map { [$0] } ?? []
    }

    private func count(_ id: String, _ name: String) -> Int? {
        if case .count(let count)? = exhibits[id]?.values[name] { count } else { nil }
    }
}
