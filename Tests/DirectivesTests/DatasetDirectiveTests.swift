import Execution
import Files
import Foundation
import Imaging
import Pages
import TestSupport
import Testing

/// The directives that show data, on a small CelebA made of real photographs.
@Suite(.enabled(if: Files.exists(Repository.orl), "data/orl is missing; `make setup` fetches it"))
struct DatasetDirectiveTests {
    @Test func showCountsAttributesAndSamplesOfACelebA() throws {
        let exhibits = try build(
            """
            ```dataset
            id: all
            dataset: celeba
            samples: 5
            attributes: [Eyeglasses, Smiling]
            ```

            ```dataset
            id: counts
            dataset: celeba
            samples: 5
            attributes: [Eyeglasses, Smiling]
            show: [counts]
            ```
            """)
        let all = try #require(exhibits["all"])
        #expect(all.numbering == .figure)
        #expect(exhibits["counts"]?.numbering == .table)
        #expect(all.values["photographs"] == .count(20))
        #expect(all.values["people"] == .count(4))
        #expect(all.values["share.Eyeglasses"] == .number(0.5))
        var kinds: [String] = []
        var pictures: [Int] = []
        for part in all.parts {
            switch part {
            case .table(let table):
                kinds.append("table")
                #expect(table.rows.first == [.text("photographs"), .count(20), .text("CelebA, files in celeba")])
                #expect(
                    table.rows.last == [
                        .text("described in list_attr_celeba.txt"), .count(20), .text("3 attributes; all there"),
                    ])
            case .plot(let plot):
                kinds.append("plot")
                #expect(plot.alternative.hasPrefix("4 people have 5 to 5 photographs each, 5.0 on average"))
            case .bars(let chart):
                kinds.append("bars")
                #expect(chart.bars.map(\.name) == ["Smiling", "Eyeglasses", "Male"])
                #expect(chart.bars.map(\.value) == [75, 50, 50])
            case .heatMap(let map):
                kinds.append("heat map")
                #expect(map.values[0][1] == 1)
                #expect(map.alternative.contains("strongest together are Eyeglasses and Male (1.00)"))
            case .gallery(let gallery):
                kinds.append("gallery")
                pictures.append(gallery.groups.reduce(0) { $0 + $1.items.count })
            default: Issue.record("an unexpected part")
            }
        }
        #expect(kinds == ["table", "plot", "gallery", "bars", "heat map", "gallery", "gallery"])
        #expect(pictures == [5, 4, 20])
    }

    @Test func aThousandAttributesMakeNoThousandBars() throws {
        let exhibits = try build(
            """
            ```dataset
            id: all
            dataset: celeba
            show: [frequencies, correlations, counts]
            ```
            """, attributes: 1000)
        let parts = try #require(exhibits["all"]?.parts)
        guard case .bars(let chart) = parts[0], case .note(let bars) = parts[1], case .heatMap(let map) = parts[2],
            case .note(let squares) = parts[3]
        else {
            Issue.record("expected bars and a heat map, each with a note")
            return
        }
        #expect(chart.bars.count == 64 && map.values.count == 64 && map.rows.count == 64)
        #expect(bars == "64 of 1,000 attributes are shown: the most frequent and the rarest.")
        #expect(squares == "64 of 1,000 attributes are shown: those that vary most.")
        #expect(exhibits["all"]?.values["attributes"] == .count(1000))
        #expect(exhibits["all"]?.values["share.A999"] != nil)
    }

    @Test func anUnknownAttributeIsAMistakeAtItsOption() throws {
        let results = try run(
            """
            ```dataset
            id: all
            dataset: celeba
            attributes: [Smilling]
            ```
            """
        ).results
        let failure = try #require(results.failures.first)
        #expect(failure.code == "unknown-attribute")
        #expect(failure.message.contains("did you mean 'Smiling'?"))
    }

    @Test func tripletsAndAugmentationsShowWhatTrainingSees() throws {
        let exhibits = try build(
            """
            ```preprocess
            id: faces
            dataset: celeba
            test: 0.5
            ```

            ```triplets
            id: triplets
            data: faces
            count: 2
            ```

            ```augmentations
            id: augmentations
            data: faces
            count: 1
            epochs: 2
            ```
            """)
        guard case .gallery(let triplets)? = exhibits["triplets"]?.parts.first else {
            Issue.record("triplets show no pictures")
            return
        }
        #expect(triplets.groups.count == 2)
        for group in triplets.groups {
            let people = group.items.map { $0.title.split(separator: " ").last.map(String.init) ?? "" }
            #expect(group.items.map { $0.title.prefix { $0 != ":" } } == ["*anchor*", "*positive*", "*negative*"])
            #expect(people[0] == people[1] && people[1] != people[2])
            #expect(group.items[0].picture.image != group.items[1].picture.image)
        }
        guard case .gallery(let changes)? = exhibits["augmentations"]?.parts.first else {
            Issue.record("augmentations show no pictures")
            return
        }
        #expect(
            changes.groups.map { $0.items.map(\.title) } == [
                ["cropped", "resized", "normalised", "erased", "regions dropped"],
                ["training, epoch 1", "training, epoch 2", "test"],
            ])
        let steps = changes.groups[0].items.map(\.picture.image)
        #expect(steps[1].width == 218 && steps[1].height == 218)
        #expect(Set(steps).count == 5)
        #expect(changes.groups[1].items[2].picture.image == steps[1])
    }

    @Test func aReducedProfileMarksWhatItChangesAndWhatUsesThatAlone() throws {
        let exhibits = try run(
            """
            ```dataset
            id: whole
            dataset: celeba
            attributes: [Smiling]
            ```

            ```dataset
            id: fewer
            dataset: celeba
            samples: ${samples}
            attributes: [Smiling]
            ```

            ```preprocess
            id: faces
            dataset: celeba
            min_neighbors: ${neighbors}
            ```

            ```triplets
            id: drawn
            data: faces
            ```
            """,
            settings: """
                title: T
                parameters: {samples: 3, neighbors: 4}
                profile: quick
                profiles:
                  quick: {reduced: true, parameters: {neighbors: 3}}
                """
        ).exhibits
        #expect(
            exhibits.mapValues { $0.marks.map(\.label) } == [
                "whole": [], "fewer": [], "faces": ["quick profile"], "drawn": ["quick profile"],
            ])
    }

    // MARK: A project with four people of ORL as a CelebA

    private func run(
        _ chapter: String, settings: String = "title: T\n", attributes count: Int? = nil
    ) throws -> (results: Results, exhibits: [String: Exhibit]) {
        let project = try SmallProject(chapter: "# A\n\n" + chapter, settings: settings, hasPortraits: false)
        var identities = ""
        var attributes = "20\nEyeglasses Male Smiling\n"
        for index in 0..<20 {
            let name = String(format: "%06d.jpg", index + 1)
            let image = try Image(contentsOf: "\(Repository.orl)/s\(index / 5 + 1)/\(index % 5 + 1).pgm")
            try project.place.put(try image.jpeg(quality: 95), "data/celeba/img_align_celeba/\(name)")
            identities += "\(name) \(100 + index / 5)\n"
            attributes += "\(name) \(index < 10 ? 1 : -1) \(index < 10 ? 1 : -1) \(index < 15 ? 1 : -1)\n"
        }
        if let count {
            attributes = "20\n" + (0..<count).map { "A\($0)" }.joined(separator: " ") + "\n"
            for index in 0..<20 {
                let row = (0..<count).map { (index + $0) % 7 < 3 ? "1" : "-1" }.joined(separator: " ")
                attributes += String(format: "%06d.jpg ", index + 1) + row + "\n"
            }
        }
        try project.place.put(identities, "data/celeba/identity_CelebA.txt")
        try project.place.put(attributes, "data/celeba/list_attr_celeba.txt")
        let built = try project.attempt().built
        return (built.results, built.exhibits)
    }

    private func build(_ chapter: String, attributes: Int? = nil) throws -> [String: Exhibit] {
        let (results, exhibits) = try run(chapter, attributes: attributes)
        #expect(results.failures.isEmpty, "\(results.failures)")
        return exhibits
    }
}
