import Execution
import Faces
import Foundation
import Imaging
import Pages

/// A dataset on the page, part by part; parts that the dataset has nothing for are left out.
struct DatasetView {
    var summary: DatasetSummary
    var result: StepResult

    private var statistics: DatasetStatistics { summary.statistics }
    private var attributes: [DatasetStatistics.Attribute] { statistics.attributes }

    func parts(_ part: DescribeDataset.Part) throws -> [Exhibit.Part] {
        switch part {
        case .counts: [.table(counts)]
        case .sizes: [.plot(sizes)]
        case .samples: try gallery(.sample)
        case .frequencies:
            attributes.isEmpty
                ? [] : [.bars(frequencies)] + limit(Self.mostBars, "are shown: the most frequent and the rarest")
        case .correlations:
            attributes.count < 2
                ? [] : [.heatMap(correlations)] + limit(statistics.correlated.count, "are shown: those that vary most")
        case .attributes: try gallery(.attribute)
        case .people: try gallery(.person)
        }
    }

    /// Most attributes with a bar of their own; an even number.
    private static let mostBars = 64

    /// A sentence where a part shows only some of the attributes.
    private func limit(_ shown: Int, _ which: Phrase) -> [Exhibit.Part] {
        guard attributes.count > shown else { return [] }
        return [.note("\(Numeral.count(shown)) of \(Numeral.count(attributes.count)) attributes \(which).")]
    }

    /// What prose may quote.
    var values: [String: Quotable] {
        let sizes = statistics.sizes
        var values: [String: Quotable] = [
            "name": .text(summary.name.verbatim), "photographs": .count(statistics.photographs),
            "people": .count(statistics.people),
            "attributes": .count(attributes.count), "unannotated": .count(summary.unannotated),
            "least": .count(sizes.first?.photographs ?? 0), "most": .count(sizes.last?.photographs ?? 0),
            "mean": .number(mean), "single": .count(sizes.first { $0.photographs == 1 }?.people ?? 0),
            "pairs": .count(summary.pairs),
        ]
        for attribute in attributes { values["share.\(attribute.name)"] = .number(share(attribute)) }
        return values
    }

    /// Said where none of the wanted parts has anything to show.
    var absence: Phrase {
        attributes.isEmpty
            ? "The dataset \(summary.name) has no attributes."
            : "The dataset \(summary.name) has nothing of this kind to show."
    }

    private var mean: Double { Double(statistics.photographs) / Double(max(1, statistics.people)) }

    private func share(_ attribute: DatasetStatistics.Attribute) -> Double {
        Double(attribute.count) / Double(max(1, statistics.photographs))
    }

    private var counts: Table {
        let form: Phrase =
            switch summary.form {
            case .celebA: "CelebA"
            case .lfw: "Labeled Faces in the Wild"
            case .folderPerPerson: "a folder per person"
            }
        let place: Phrase = summary.archive.map { "read from \($0)" } ?? "files in \(summary.name)"
        let sizes = statistics.sizes
        var rows: [[Table.Cell]] = [
            [.text("photographs"), .count(statistics.photographs), .text("\(form), \(place)")],
            [
                .text("people"), .count(statistics.people),
                .text(
                    """
                    \(sizes.first?.photographs ?? 0) to \(sizes.last?.photographs ?? 0) photographs each, \
                    \(Numeral.fixed(mean, digits: 1)) on average
                    """),
            ],
        ]
        if let single = sizes.first, single.photographs == 1 {
            rows.append([.text("people with one photograph"), .count(single.people), .text("of no use for pairs")])
        }
        if summary.unannotated > 0 {
            rows.append([
                .text("photographs without a person"), .count(summary.unannotated), .text("counted, never used"),
            ])
        }
        if !attributes.isEmpty {
            rows.append([.text("attributes"), .count(attributes.count), .text("yes or no for every photograph")])
        }
        for list in summary.lists {
            let presence: Phrase =
                list.present == list.count ? "all there" : "\(list.count - list.present) of them not there"
            let remark = list.remark.isEmpty ? presence : "\(KeptPhrase(list.remark).phrase); \(presence)"
            rows.append([.text("described in \(list.path)"), .count(list.count), .text(remark)])
        }
        return Table(columns: [.init("what"), .init("number"), .init("remark")], rows: rows)
    }

    private var sizes: Plot {
        let sizes = statistics.sizes
        let commonest = sizes.max { $0.people < $1.people }
        let text: Phrase = """
            \(statistics.people) people have \(sizes.first?.photographs ?? 0) to \(sizes.last?.photographs ?? 0) photographs each, \
            \(Numeral.fixed(mean, digits: 1)) on average; most often \(commonest?.photographs ?? 0), which \
            \(commonest?.people ?? 0) people have
            """
        let points = sizes.map { Plot.Point(x: Double($0.photographs), y: Double($0.people)) }
        return Plot(
            xLabel: "photographs of one person",
            panels: [
                .init(
                    title: "Photographs per person", yLabel: "people",
                    series: [.init(name: "people", style: .bars, points: points)])
            ],
            alternative: text)
    }

    private var frequencies: BarChart {
        let sorted = attributes.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
        let shown =
            sorted.count <= Self.mostBars
            ? sorted : sorted.prefix(Self.mostBars / 2) + sorted.suffix(Self.mostBars / 2)
        let bars = shown.map { BarChart.Bar(readable($0.name).verbatim, 100 * share($0)) }
        let text = bars.first.flatMap { first in
            bars.last.map { last -> Phrase in
                """
                Of \(sorted.count) attributes, \(first.name) is the most frequent (\(Numeral.fixed(first.value, digits: 1)) %) and \
                \(last.name) the rarest (\(Numeral.fixed(last.value, digits: 1)) %)
                """
            }
        }
        return BarChart(
            title: "How frequent attributes are", valueLabel: "photographs that have it, %", bars: bars, digits: 1,
            alternative: text ?? "")
    }

    private var correlations: HeatMap {
        let names = statistics.correlated.map { readable(attributes[$0].name) }
        var text: Phrase = "Correlation of \(names.count) attributes"
        if let (together, apart) = statistics.extremes {
            func pair(_ pair: (Int, Int)) -> Phrase {
                let value = Numeral.fixed(statistics.correlations[pair.0][pair.1], digits: 2)
                return "\(names[pair.0]) and \(names[pair.1]) (\(value))"
            }
            text = "\(text): strongest together are \(pair(together)), strongest apart \(pair(apart))"
        }
        return HeatMap(
            title: "Which attributes go together: Pearson's correlation", rows: names.map(\.verbatim),
            columns: names.map(\.verbatim),
            values: statistics.correlations, limit: 1, digits: 2, alternative: text)
    }

    private func gallery(_ role: DatasetSummary.Picture.Role) throws -> [Exhibit.Part] {
        var groups: [Gallery.Group] = []
        for picture in summary.pictures where picture.role == role {
            let name = readable(picture.group)
            let (title, alternative): (Phrase, Phrase) =
                switch role {
                case .sample: ("", "Photograph \(picture.title)")
                case .person: ("", "Photograph \(picture.title) of \(picture.group)")
                case .attribute: (Phrase(key: picture.title), "Photograph \(Phrase(key: picture.title)) \(name)")
                }
            let item = Gallery.Item(picture: try result.picture(picture.file, alternative), title: title)
            let heading: String? = role == .sample ? nil : role == .attribute ? name : picture.group
            if let last = groups.indices.last, groups[last].title == heading {
                groups[last].items.append(item)
            } else {
                groups.append(.init(title: heading?.verbatim, items: [item]))
            }
        }
        return groups.isEmpty ? [] : [.gallery(Gallery(groups: groups))]
    }

    /// `Gray_Hair` → `Gray Hair`.
    private func readable(_ name: String) -> String { name.replacingOccurrences(of: "_", with: " ") }
}
