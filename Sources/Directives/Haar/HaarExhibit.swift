import Execution
import Faces
import Foundation
import Imaging
import Pages

/// The parts of a `haar` exhibit, from what its step kept.
struct HaarExhibit {
    let story: HaarWalkthrough
    let result: StepResult

    func parts(_ part: Haar.Part) throws -> [Exhibit.Part] {
        switch part {
        case .features: try features()
        case .pyramid: try pyramid()
        case .map: try map()
        case .stages: try stages()
        case .result: try found()
        case .dataset: dataset()
        }
    }

    private func item(
        _ file: Artifact<Image>, _ title: Phrase, _ alternative: Phrase, boxes: [Rectangle] = []
    ) throws -> Gallery.Item {
        Gallery.Item(picture: try result.picture(file, alternative), title: title, boxes: boxes)
    }

    private func features() throws -> [Exhibit.Part] {
        guard !story.stages.isEmpty else {
            return [.note("The photograph is smaller than the cascade's window: there is nothing to look at.")]
        }
        let window = Gallery.Group(
            title: "A window",
            items: [try item(.window, "what the cascade sees of a face", "The window in its own pixels")])
        let groups = try story.stages.map { stage in
            let verdict: Phrase = stage.sum >= stage.threshold ? "passed" : "rejected"
            return Gallery.Group(
                title: """
                    Stage \(stage.stage + 1): the votes of \(stage.trees) features sum to \(signed(stage.sum)), at least \
                    \(signed(stage.threshold)) is needed: \(verdict)
                    """,
                items: try stage.votes.enumerated().map { number, vote in
                    let relation = vote.feature < vote.threshold ? "<" : "≥"
                    let title: Phrase =
                        "\(signed(vote.feature, 3)) \(relation) \(signed(vote.threshold, 3)): votes \(signed(vote.value))"
                    return try item(
                        .feature(number, ofStage: stage.stage), title,
                        "Feature \(number + 1) of stage \(stage.stage + 1) over the window")
                })
        }
        return [.gallery(Gallery(groups: [window] + groups))]
    }

    private func pyramid() throws -> [Exhibit.Part] {
        let items = try story.layers.enumerated().map { number, layer in
            try item(
                .layer(number),
                "\(layer.width) × \(layer.height): a window covers \(layer.windowWidth) pixels of the photograph",
                "The photograph shrunk to \(layer.width) × \(layer.height) with one window", boxes: [layer.box])
        }
        return [
            .gallery(Gallery(groups: [.init(title: "\(items.count) of the \(story.layerCount) sizes", items: items)]))
        ]
    }

    private func map() throws -> [Exhibit.Part] {
        let last = story.image.rejected.count
        let all = try item(
            .map, "all sizes together: the furthest that a window around this point came",
            "Map of the stages that rejected the windows of all sizes")
        let single = try story.layers.enumerated().map { number, layer in
            try item(
                .map(ofLayer: number),
                "windows of \(layer.windowWidth) pixels: \(Numeral.count(layer.windows)), \(Numeral.count(layer.passed)) passed",
                "Map of the stages that rejected windows of \(layer.windowWidth) pixels")
        }
        let legend = try item(
            .legend, "rejected by stage 1 (dark) … by stage \(last) … passed all \(last) (yellow)",
            "Scale of colours from the first stage to windows that passed")
        return [.gallery(Gallery(groups: [.init(items: [legend]), .init(items: [all] + single)]))]
    }

    private func stages() throws -> [Exhibit.Part] {
        let left = [story.image.judged] + story.image.left
        let frames = try left.enumerated().map { stage, count in
            let share = Numeral.fixed(100 * Haar.share(count, of: story.image.judged), digits: 2)
            let windows: Phrase = "\(Numeral.count(count)) windows"
            let title: Phrase =
                stage == 0 ? "before stage 1: \(windows)" : "after stage \(stage): \(windows), \(share) %"
            return try item(.stage(stage), title, "Centres of the windows left \(title)")
        }
        return [.frames(Frames(items: frames))]
    }

    private func found() throws -> [Exhibit.Part] {
        let neighbors = story.faces.map { "\($0.neighbors)" }.joined(separator: ", ")
        let merged: Phrase =
            story.faces.isEmpty ? "merged: no group is large enough" : "merged: \(neighbors) windows in a box"
        return [
            .gallery(
                Gallery(groups: [
                    .init(items: [
                        try item(
                            .plain, "\(story.windowBoxes.count) windows passed every stage",
                            "The photograph with the windows that passed", boxes: story.windowBoxes),
                        try item(.plain, merged, "The photograph with the merged boxes", boxes: story.faceBoxes),
                    ])
                ]))
        ]
    }

    private func dataset() -> [Exhibit.Part] {
        let tally = story.dataset
        var reaching = tally.judged
        var rejected: [Plot.Point] = []
        var left: [Plot.Point] = []
        for (stage, count) in tally.rejected.enumerated() where reaching > 0 {
            rejected.append(.init(x: Double(stage + 1), y: 100 * Double(count) / Double(reaching)))
            reaching -= count
            if reaching > 0 {
                left.append(.init(x: Double(stage + 1), y: Double(reaching) / Double(tally.images)))
            }
        }
        let first = Numeral.fixed(rejected.first?.y ?? 0, digits: 0)
        return [
            .plot(
                Plot(
                    xLabel: "stage",
                    panels: [
                        .init(
                            title: "Windows rejected, % of those that reach the stage", yLabel: "%",
                            series: [.init(name: "", style: .bars, points: rejected)]),
                        .init(
                            title: "Windows left per image", yLabel: "windows", yAxis: .logarithmic,
                            series: [.init(name: "", style: .line, points: left)]),
                    ],
                    alternative: """
                        Stage 1 rejects \(first) % of the windows of \(tally.images) photographs; \(Numeral.count(tally.passed)) of \
                        \(Numeral.count(tally.judged)) pass all \(tally.rejected.count) stages.
                        """))
        ]
    }

    /// `+0.12`, `−3.40`.
    private func signed(_ value: Double, _ digits: Int = 2) -> String {
        Numeral.signed(value, digits: digits)
    }
}
