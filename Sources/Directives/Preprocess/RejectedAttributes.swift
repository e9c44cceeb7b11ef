import Execution
import Faces
import Foundation
import Pages
import Retrieval

/// Which attributes go with photographs in which not exactly one face was found.
struct RejectedAttributes: Codable {
    private var names: [String]
    /// Photographs with no face, and with several.
    private var none: Int
    private var several: Int
    private var excess: AttributeExcess

    private static let artifact = Artifact<RejectedAttributes>.json("rejected-attributes.json")

    /// How many attributes the table shows, at most.
    private static let mostRows = 6

    /// Keeps the comparison, where the dataset has attributes and photographs were rejected for their faces.
    static func keep(_ report: FaceSet.PreprocessingReport, _ dataset: Dataset, in outcome: inout Outcome) throws {
        guard !dataset.attributeNames.isEmpty,
            let rejected = RejectedAttributes(report, dataset)
        else { return }
        try outcome.keep(rejected, as: artifact)
    }

    /// nil where nothing was rejected for its faces.
    private init?(_ report: FaceSet.PreprocessingReport, _ dataset: Dataset) {
        let (none, several) = (report[.noFace].map(\.path), report[.severalFaces].map(\.path))
        let rejected = Set(none + several)
        // What was not judged by its faces, or judged as another photograph already, does not count.
        let judged: [FaceSet.PreprocessingReport.Reason] = [.noFace, .severalFaces, .onlyPhotograph, .onlyFace]
        let unjudged = Set(report.dropped.filter { !judged.contains($0.reason) }.flatMap { $0.inputs.map(\.path) })
        let counted = dataset.photographs.filter { $0.attributes != nil && !unjudged.contains($0.path) }
        let isChosen = counted.map { rejected.contains($0.path) }
        guard isChosen.contains(true) else { return nil }
        names = dataset.attributeNames
        (self.none, self.several) = (none.count, several.count)
        excess = AttributeExcess(
            isChosen: isChosen, people: counted.map(\.identity), attributes: counted.compactMap(\.attributes))
    }

    /// The table, or that there is nothing to tell; empty where nothing was compared.
    static func parts(of result: StepResult) throws -> [Exhibit.Part] {
        try result[ifPresent: artifact].map { [$0.part] } ?? []
    }

    private var part: Exhibit.Part {
        let telling = excess.telling
        guard !telling.isEmpty else {
            return .note(
                """
                None of the \(Numeral.count(names.count)) attributes is significantly more or less frequent among the \
                \(Numeral.count(excess.chosen)) photographs without exactly one face than among all \
                \(Numeral.count(excess.all)) that were judged.
                """)
        }
        let rows = telling.prefix(Self.mostRows).map { index in
            let attribute = excess.attributes[index]
            let difference = attribute.difference
            return [Table.Cell.text(readable(index).verbatim)]
                + [share(attribute.chosen, excess.chosen), share(attribute.all, excess.all)].map {
                    .number(100 * $0, digits: 1)
                }
                + [difference?.mean, difference?.low, difference?.high].map {
                    $0.map { .number(100 * $0, digits: 1) } ?? .missing
                } + [.probability(attribute.corrected)]
        }
        return .table(
            Table(
                columns: [
                    .init("attribute"), .init("% of the rejected"), .init("% of all"), .init("points more"),
                    .init("95 % from"), .init("to"), .init("p (Holm)"),
                ], rows: rows, notes: notes(telling.count)))
    }

    private func notes(_ telling: Int) -> [Phrase] {
        let hidden = telling - Self.mostRows
        let people = excess.telling.first.flatMap { excess.attributes[$0].difference?.people } ?? 0
        let more: Phrase = hidden > 0 ? "; \(Numeral.count(hidden)) more are not shown" : ""
        return [
            """
            Attributes of the \(Numeral.count(excess.chosen)) photographs without exactly one face \
            (\(Numeral.count(none)) with none, \(Numeral.count(several)) with several), beside those of all \
            \(Numeral.count(excess.all)) that were judged. An attribute that goes with rejection need not be its cause.
            """,
            """
            p: Fisher's exact test, corrected for the \(Numeral.count(names.count)) attributes. Intervals: 95 %, over \
            \(Numeral.count(people)) people, who are resampled with all of their photographs; where all \
            of the rejected agree, exact for as many people as they show. Shown are attributes for which both speak \
            against chance, the least likely first\(more).
            """,
        ]
    }

    static let names = ["rejected", "rejected.*.share", "rejected.*.base", "rejected.*.holm"]
    static let texts = ["rejected.telling"]

    /// Shares of every attribute among the rejected and among all, and the names of those that tell.
    static func values(of result: StepResult, _ report: FaceSet.PreprocessingReport) throws -> [String: Quotable] {
        var values: [String: Quotable] = [
            "rejected": .count(report[.noFace].count + report[.severalFaces].count), "rejected.telling": .text("none"),
        ]
        guard let rejected = try result[ifPresent: artifact] else { return values }
        let excess = rejected.excess
        for (name, attribute) in zip(rejected.names, excess.attributes) {
            values["rejected.\(name).share"] = .number(rejected.share(attribute.chosen, excess.chosen))
            values["rejected.\(name).base"] = .number(rejected.share(attribute.all, excess.all))
            values["rejected.\(name).holm"] = .number(attribute.corrected)
        }
        let telling = excess.telling.prefix(mostRows).map(rejected.readable)
        if !telling.isEmpty { values["rejected.telling"] = .text(telling.joined(separator: ", ").verbatim) }
        return values
    }

    private func share(_ part: Int, _ whole: Int) -> Double { Double(part) / Double(max(1, whole)) }

    /// `Gray_Hair` → `Gray Hair`.
    private func readable(_ index: Int) -> String { names[index].replacingOccurrences(of: "_", with: " ") }
}
