import Foundation
import Pages
import Retrieval

/// What a recipe came to without each of its choices.
struct AblationResult: Codable {
    var seeds: [Int]
    /// Whom the queries ask for, and who was trained on.
    var people: Int
    var queries: Int
    var gallery: Int
    var learning: Int
    var epochs: Int
    /// Triplets of an epoch.
    var triplets: Int
    /// The whole recipe first, then the networks that it starts from.
    var rows: [Row]

    struct Row: Codable {
        /// nil for the whole recipe, for what it starts from, and for none of its choices.
        var choice: RecipeChoice?
        /// Whether it is what the whole recipe starts from.
        var isUntrained: Bool
        /// `mining semi-hard → random`; empty for the whole recipe.
        var undone: [String]
        /// Of each seed.
        var map: [Double]
        var recall1: [Double]
        /// Since the whole recipe; none for itself.
        var changes: [Change]

        /// Under which prose quotes it: `recipe`, `start`, `without.mining`, `none`.
        var key: String {
            choice.map { "without.\($0.rawValue)" } ?? (isUntrained ? "start" : undone.isEmpty ? "recipe" : "none")
        }

        var title: Phrase {
            choice.map { "without: \($0.title)" }
                ?? (isUntrained
                    ? "its start, untrained" : undone.isEmpty ? "the whole recipe" : "none of its choices")
        }
    }
}

extension AblationResult {
    /// How many networks were trained: all but those that the recipe starts from.
    var trainings: Int { rows.count { !$0.isUntrained } * seeds.count }

    /// - Parameters:
    ///   - training: the id of the training whose recipe it is.
    ///   - seconds: what a training took, of each row that was trained.
    func table(of training: String, seconds: [Double]) -> Table {
        let titles: [Phrase] = ["%", "difference", "p"]
        let measures =
            titles.map { Table.Column($0, group: "mAP") }
            + titles.map { Table.Column($0, group: "Recall@1") }
        return Table(
            columns: [Table.Column("recipe"), Table.Column("what changes")] + measures,
            rows: (rows.filter(\.isUntrained) + rows.filter { !$0.isUntrained }).map { row in
                [.text(row.title), .text(row.undone.isEmpty ? "–" : row.undone.joined(separator: ", ").verbatim)]
                    + cells(row, row.map, "map") + cells(row, row.recall1, "recall1")
            },
            notes: [note(training, seconds)])
    }

    private func cells(_ row: Row, _ each: [Double], _ key: String) -> [Table.Cell] {
        let spread: Phrase = deviation(each).map { "\u{A0}±\u{A0}\(Numeral.fixed(100 * $0, digits: 1))" } ?? ""
        let mean = 100 * each.reduce(0, +) / Double(max(1, each.count))
        let value = Table.Cell.number(mean, digits: 1, suffix: spread)
        guard let change = row.changes.first(where: { $0.key == key }) else { return [value, .missing, .missing] }
        return [value, change.difference, .probability(change.corrected, suffix: change.isSignificant ? " *" : "")]
    }

    private func note(_ training: String, _ seconds: [Double]) -> Phrase {
        let tests = rows.reduce(0) { $0 + $1.changes.count }
        let spread: Phrase = seeds.count > 1 ? ", ± their standard deviation" : ""
        let epochs: Phrase = epochs == 1 ? "one epoch" : "\(Numeral.count(epochs)) epochs"
        let each: Phrase = seeds.count == 1 ? "one seed" : "\(seeds.count) seeds\(spread)"
        let times: Phrase =
            "\(Numeral.fixed(seconds.min() ?? 0, digits: 0)) to \(Numeral.fixed(seconds.max() ?? 0, digits: 0))"
        return """
            \(Numeral.count(trainings)) trainings by the recipe of '\(training)' and by what is left of it, each of \
            \(epochs) of \(Numeral.count(triplets)) triplets, with \
            \(each). They learn from \
            \(Numeral.count(learning)) of the training people; the other \(Numeral.count(people)) are asked for, by \
            \(Numeral.count(queries)) queries in a gallery of \(Numeral.count(gallery)) faces of theirs. No test person is among \
            them. Untrained is the network as each training of the whole recipe begins with it. Differences are those from the \
            whole recipe, with 95 % intervals over people behind them; p by flipping signs person by person, corrected for the \(Numeral.count(tests)) tests of this table by Holm's method; * marks what is below \
            \(Numeral.fixed(TestFamily.level, digits: 2)): where there is none, the row may differ by chance. A training took \
            \(times) s.
            """
    }
}
