import Faces
import Foundation
import Pages
import Retrieval

/// What is known of the labels of drawn faces: how many are wrong on purpose, and how many of these the list of likely
/// label errors holds.
struct LabelCheck: Codable {
    /// Faces that preprocessing kept, and those in the gallery, each with how many have a wrong label.
    private var kept: Count
    private var gallery: Count
    /// Among the queries, whom alone the list judges.
    private var errors: PlantedErrors

    private struct Count: Codable {
        var faces: Int
        var wrong: Int
    }

    /// - Parameters:
    ///   - truth: of each face whose label is wrong, whom it shows.
    ///   - suspects: the whole list, as places among the set's queries.
    init(_ faces: FaceSet, truth: [Int: String], suspects: [Int]) {
        kept = Count(faces: faces.faces.count, wrong: truth.count)
        gallery = Count(faces: faces.gallery.count, wrong: faces.gallery.count { truth[$0] != nil })
        let planted = faces.queries.indices.filter { truth[faces.queries[$0]] != nil }
        errors = PlantedErrors(Set(planted), among: faces.queries.count, suspects: suspects)
    }

    /// Of each face whose label is wrong, whom it shows.
    static func truth(_ identities: TrueIdentities, of faces: FaceSet) throws -> [Int: String] {
        var truth: [Int: String] = [:]
        for (index, face) in faces.faces.enumerated() {
            let person = try identities.identity(of: face.path)
            if person != face.identity { truth[index] = person }
        }
        return truth
    }

    /// Whether every label is true: then nothing that the list holds is an error.
    var isTrue: Bool { kept.wrong == 0 }

    /// The check, or why there is none.
    ///
    /// - Parameter shown: how many of the list stand on the page.
    func part(shown: Int) -> Exhibit.Part {
        if isTrue {
            return .note(
                """
                These faces are drawn and their labels true by construction: \(TrueIdentities.name) agrees with each \
                of the \(Numeral.count(kept.faces)). Pairs that are nearer than they should be are doubles, not \
                label errors.
                """)
        }
        guard errors.planted > 0 else {
            return .note(
                """
                \(Numeral.count(kept.wrong)) of the \(Numeral.count(kept.faces)) faces have a wrong label on \
                purpose, but none of the \(Numeral.count(errors.tested)) queries, which alone are judged: \
                there is nothing to find.
                """)
        }
        guard !errors.list.isEmpty else {
            return .note(
                """
                \(Numeral.count(errors.planted)) of the \(Numeral.count(errors.tested)) queries have a wrong label on \
                purpose. None of them was found: no query is nearer to another person than to its own label's.
                """)
        }
        return .table(table(lengths: [shown, errors.planted, errors.list.count]))
    }

    private func table(lengths: [Int]) -> Table {
        let rows = Set(lengths.map { min($0, errors.list.count) }).filter { $0 > 0 }.sorted().map { length in
            [Table.Cell.count(length), .count(errors.found(in: length))]
                + [
                    errors.recall(at: length), errors.recallByChance(at: length), errors.precision(at: length),
                    errors.precisionByChance,
                ].map { $0.map { .number(100 * $0, digits: 1) } ?? .missing } + [.probability(errors.p(at: length))]
        }
        return Table(
            columns: [
                .init("first of the list"), .init("planted"), .init("%", group: "recall"),
                .init("by chance", group: "recall"), .init("%", group: "precision"),
                .init("by chance", group: "precision"), .init("p"),
            ], rows: rows,
            notes: [
                """
                Likely label errors against planted ones: \(Numeral.count(errors.planted)) of the \
                \(Numeral.count(errors.tested)) queries have a wrong label on purpose, which \(TrueIdentities.name) \
                tells, and so have \(Numeral.count(gallery.wrong)) of the \(Numeral.count(gallery.faces)) gallery \
                faces. The list holds the \(Numeral.count(errors.list.count)) queries that are nearer to another \
                person than to their own label's, the most suspicious first.
                """,
                """
                By chance: what as many queries drawn at random hold on average. p: how often they hold at least as \
                many planted ones (hypergeometric).
                """,
            ])
    }

    static let names = [
        "planted", "planted.found", "planted.recall", "planted.recall.chance", "planted.precision", "planted.chance",
        "planted.first", "planted.p",
    ]

    /// Of the whole list; `planted.first` is the precision of as many of its first as are planted.
    var values: [String: Quotable] {
        let length = errors.list.count
        var values: [String: Quotable] = [
            "planted": .count(errors.planted), "planted.found": .count(errors.found(in: length)),
        ]
        guard errors.planted > 0 else { return values }
        values["planted.p"] = .number(errors.p(at: length))
        let shares = [
            "planted.recall": errors.recall(at: length), "planted.recall.chance": errors.recallByChance(at: length),
            "planted.precision": errors.precision(at: length), "planted.chance": errors.precisionByChance,
            "planted.first": errors.recall(at: errors.planted),
        ]
        for (name, share) in shares { values[name] = share.map { .number($0) } }
        return values
    }
}
