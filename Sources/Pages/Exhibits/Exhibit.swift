import Chapters
import Foundation

/// What one directive shows: a numbered figure or table with caption, parts and provenance. A pure value.
package struct Exhibit: Sendable {
    package enum Numbering: String, Sendable { case figure, table, claim }

    /// The directive's id; `@fig-id` or `@tbl-id` points here.
    package var id: String
    package var numbering: Numbering
    /// nil when the author gave none.
    package var caption: Prose?
    /// Whether only the caption is seen until a reader opens it.
    package var isFolded = false
    package var parts: [Part]
    /// The parts as an earlier build wrote them; `parts` is empty then.
    package var markup: ExhibitMarkup?
    /// What a reader must know before believing the numbers: random weights, reduced profile.
    package var marks: [Mark]
    package var provenance: Provenance?
    /// The same for programs; nil where there is no current result.
    package var record: ResultRecord?
    /// Values that prose may quote: `top10.accuracy` → 0.82.
    package var values: [String: Quotable]
    /// Where the result is still to come: how far it is. What is shown then, if anything, comes from an earlier result.
    package var pending: Pending?
    /// Why the earlier result does not count any more.
    package var outdated: [String] = []

    package init(
        id: String, numbering: Numbering, caption: Prose?, parts: [Part], marks: [Mark] = [],
        provenance: Provenance? = nil, record: ResultRecord? = nil, values: [String: Quotable] = [:],
        pending: Pending? = nil
    ) {
        self.id = id
        self.numbering = numbering
        self.caption = caption
        self.parts = parts
        self.marks = marks
        self.provenance = provenance
        self.record = record
        self.values = values
        self.pending = pending
    }

    /// Whether the step has no current result; what stands below the failure is older.
    package var hasFailed: Bool {
        parts.contains { if case .failure = $0 { true } else { false } }
    }

    /// Whether an earlier result stands in the place of one that is still to come.
    var isOutdated: Bool { pending != nil && (markup != nil || !parts.isEmpty) }

    /// Whether a reader can ask it for faces: its page then needs the script that answers.
    var isAsked: Bool {
        if let markup { return markup.isAsked }
        return parts.contains { if case .faceExplorer = $0 { true } else { false } }
    }

    package enum Part: Sendable {
        case table(Table)
        /// A long table behind a line that opens it.
        case foldedTable(title: Phrase, Table)
        /// A table for programs alone, under a name of its own among the result's: the page does not show it.
        case data(name: String, Table)
        case plot(Plot)
        case bars(BarChart)
        case heatMap(HeatMap)
        case scatter(ScatterPlot)
        case retrieval(RetrievalGrid)
        case gallery(Gallery)
        case frames(Frames)
        case tree(TreeDiagram)
        case treeExplorer(TreeExplorer)
        case faceExplorer(FaceExplorer)
        case architecture(ArchitectureDiagram)
        case diagram(Diagram)
        /// What the text states, and whether the values bear it out.
        case claim(StatedClaim)
        /// One paragraph of plain text.
        case note(Phrase)
        /// The step failed, or never ran; what the reader should know.
        case failure(Phrase)
    }

    /// A visible badge with an explanation on hover and in print.
    package struct Mark: Sendable, Hashable {
        package var label: String
        package var explanation: String

        package init(label: Phrase, explanation: Phrase) {
            self.label = label.text
            self.explanation = explanation.text
        }

        /// What a result keeps in English, said sentence by sentence.
        package init(keptLabel label: String, explanation: String) {
            let sentences = explanation.components(separatedBy: ". ").map { sentence in
                Phrase(key: sentence.hasSuffix(".") ? sentence : sentence + ".")
            }
            self.init(label: Phrase(key: label), explanation: sentences.joined(separator: " "))
        }
    }
}

/// A value that prose quotes and claims compare.
package enum Quotable: Sendable, Hashable {
    case number(Double)
    case count(Int)
    case text(Phrase)
}
