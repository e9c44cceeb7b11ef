import Execution
import Faces
import Foundation
import Imaging

/// A scan of one photograph as pictures, and the numbers that go with them.
struct HaarExplanation {
    var story: HaarWalkthrough
    private(set) var pictures: [(file: Artifact<Image>, image: Image)] = []

    /// At most so many layers of the pyramid are drawn.
    private static let layerCount = 5

    /// - Parameter stages: whose features are drawn, counted from 0.
    init(_ photograph: Image, path: String, _ detector: FaceDetector, stages: [Int], features: Int) {
        let scan = detector.explain(photograph)
        let drawing = HaarPictures(photograph, scan)
        let own = StageTally(scan)
        story = HaarWalkthrough(
            path: path, image: own, dataset: own, layerCount: scan.layers.count, faces: scan.faces,
            faceBoxes: scan.faces.map { drawing.placed($0.box) }, windowBoxes: scan.windows.map(drawing.placed))
        add(drawing.plain, as: .plain)
        add(drawing.legend(), as: .legend)

        for (number, layer) in spread(scan.layers, Self.layerCount).enumerated() {
            let window = layer.place(column: 0, row: 0)
            story.layers.append(
                HaarWalkthrough.Layer(
                    width: layer.image.width, height: layer.image.height, windowWidth: window.width,
                    windows: layer.verdicts.count, passed: layer.verdicts.count { $0 == .passed },
                    box: drawing.placed(scan.bestPlace(in: layer))))
            add(drawing.shrunken(layer), as: .layer(number))
            add(drawing.map([layer]), as: .map(ofLayer: number))
        }
        add(drawing.map(scan.layers), as: .map)
        for stage in 0...scan.stageCount { add(drawing.survivors(of: stage), as: .stage(stage)) }

        guard let window = scan.bestWindow else { return }
        add(Painting(pixelated: window, factor: 8).image, as: .window)
        for stage in stages {
            var explained = detector.cascade.explain(stage: stage, window: window)
            for (number, vote) in explained.votes.prefix(features).enumerated() {
                add(HaarPictures.feature(vote, over: window), as: .feature(number, ofStage: stage))
            }
            let votes = explained.votes
            explained.votes = Array(votes.prefix(features))
            story.stages.append(
                HaarWalkthrough.Stage(
                    stage: stage, trees: votes.count, sum: votes.reduce(0) { $0 + $1.value },
                    threshold: explained.threshold, votes: explained.votes))
        }
    }

    private mutating func add(_ image: Image, as file: Artifact<Image>) { pictures.append((file, image)) }
}

/// The pictures of a `haar` result.
extension Artifact<Image> {
    static var plain: Artifact { png("plain.png") }
    static var legend: Artifact { png("legend.png") }
    static var window: Artifact { png("window.png") }
    /// Of all layers together.
    static var map: Artifact { png("map.png") }

    static func map(ofLayer number: Int) -> Artifact { png("map-\(number).png") }
    static func layer(_ number: Int) -> Artifact { png("layer-\(number).png") }
    static func stage(_ stage: Int) -> Artifact { png("stage-\(stage).png") }
    static func feature(_ number: Int, ofStage stage: Int) -> Artifact { png("feature-\(stage)-\(number).png") }
}

/// What the page tells beside the pictures.
struct HaarWalkthrough: Codable {
    var path: String
    var image: StageTally
    var dataset: StageTally
    /// Trees that a window of the dataset meets on average.
    var meanTrees: Double?
    var layerCount: Int
    var layers: [Layer] = []
    var stages: [Stage] = []
    var faces: [Detection]
    /// In pixels of the pictures.
    var faceBoxes: [Rectangle]
    var windowBoxes: [Rectangle]

    init(
        path: String, image: StageTally, dataset: StageTally, layerCount: Int, faces: [Detection],
        faceBoxes: [Rectangle], windowBoxes: [Rectangle]
    ) {
        self.path = path
        self.image = image
        self.dataset = dataset
        self.layerCount = layerCount
        self.faces = faces
        self.faceBoxes = faceBoxes
        self.windowBoxes = windowBoxes
    }

    struct Layer: Codable {
        var width: Int
        var height: Int
        /// The window's width in pixels of the photograph.
        var windowWidth: Int
        var windows: Int
        var passed: Int
        /// The window of this layer that came furthest.
        var box: Rectangle
    }

    struct Stage: Codable {
        var stage: Int
        var trees: Int
        var sum: Double
        var threshold: Double
        /// The first of them.
        var votes: [StageExplanation.Vote]
    }
}

extension ScanExplanation {
    /// The window of a layer that passed most stages, the one in the middle of several; in pixels of the photograph.
    func bestPlace(in layer: Layer) -> Rectangle {
        guard let index = bestIndex(in: layer), layer.columns > 0 else { return layer.place(column: 0, row: 0) }
        return layer.place(column: index % layer.columns, row: index / layer.columns)
    }

    /// The pixels of the window that came furthest of all, as its layer has them; nil where there is no window.
    var bestWindow: Image? {
        let best = layers.compactMap { layer in
            bestIndex(in: layer).map { (layer, $0, layer.verdicts[$0].stagesPassed(of: stageCount) ?? -1) }
        }
        let furthest = best.map(\.2).max()
        let candidates = best.filter { $0.2 == furthest }
        guard !candidates.isEmpty else { return nil }
        let (layer, index, _) = candidates[candidates.count / 2]
        return layer.image.cropped(
            to: Rectangle(
                x: index % layer.columns * layer.step, y: index / layer.columns * layer.step,
                width: layer.window.width, height: layer.window.height))
    }

    private func bestIndex(in layer: Layer) -> Int? {
        let passed = layer.verdicts.map { $0.stagesPassed(of: stageCount) ?? -1 }
        guard let most = passed.max() else { return nil }
        let best = passed.indices.filter { passed[$0] == most }
        return best[best.count / 2]
    }
}
