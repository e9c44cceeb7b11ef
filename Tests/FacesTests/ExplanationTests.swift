import Faces
import Imaging
import Testing

@Suite struct Explanation {
    @Test(arguments: ["frontalface_default", "frontalface_alt2", "smile"])
    func endsWhereDetectionEnds(_ name: String) throws {
        let detector = FaceDetector(cascade: try Fixtures.cascade(name))
        for image in ["portrait", "crowd", "clouds", "tiny"].map(DrawnFaces.image) {
            let explanation = detector.explain(image)
            #expect(explanation.windows == detector.windows(in: image))
            #expect(explanation.faces == detector.detections(in: image))
        }
    }

    @Test func countsEveryWindowOnce() throws {
        let detector = FaceDetector(cascade: try Fixtures.cascade("frontalface_default"))
        var sum = StageTally(stageCount: 25)
        for name in ["portrait", "crowd"] {
            let explanation = detector.explain(DrawnFaces.image(name))
            let tally = StageTally(explanation)
            #expect(tally.windows == explanation.layers.reduce(0) { $0 + $1.columns * $1.rows })
            #expect(tally.passed == explanation.windows.count && tally.passed > 0)
            #expect(tally.left.last == tally.passed)
            #expect(tally.skipped <= tally.rejected[0])
            sum.add(tally)
        }
        #expect(sum.images == 2)
        let mean = try #require(sum.meanTrees(detector.cascade))
        #expect(mean > Double(detector.cascade.treeCount(ofStage: 0)) && mean < Double(detector.cascade.treeCount))
    }

    /// The plain evaluation, pixel by pixel, and the fast one agree on what a stage says; `smile` has tilted features.
    @Test(arguments: ["frontalface_default", "frontalface_alt2", "smile"])
    func votesSayWhatTheScanSaid(_ name: String) throws {
        let detector = FaceDetector(cascade: try Fixtures.cascade(name), scaleFactor: 1.3)
        let scan = detector.explain(DrawnFaces.image("portrait"))
        var compared = 0
        for layer in scan.layers {
            for (index, verdict) in layer.verdicts.enumerated() where index % 7 == 0 {
                let (expected, stage): (Bool, Int)
                switch verdict {
                case .skipped, .flat: continue
                case .rejected(let failed): (expected, stage) = (false, failed)
                case .passed: (expected, stage) = (true, scan.stageCount - 1)
                }
                let window = layer.image.cropped(
                    to: Rectangle(
                        x: index % layer.columns * layer.step, y: index / layer.columns * layer.step,
                        width: layer.window.width, height: layer.window.height))
                let explained = detector.cascade.explain(stage: stage, window: window)
                // Single precision may decide what double precision leaves open.
                guard explained.votes.allSatisfy({ abs($0.feature - $0.threshold) > 1e-6 }),
                    abs(explained.sum - explained.threshold) > 1e-4
                else { continue }
                #expect((explained.sum >= explained.threshold) == expected, "stage \(stage) of window \(index)")
                compared += 1
            }
        }
        #expect(compared > 100)
    }
}

@Suite struct Neighbours {
    @Test func areTheWindowsThatWereMerged() throws {
        let image = DrawnFaces.image("crowd")
        let cascade = try Fixtures.cascade("frontalface_default")
        let faces = FaceDetector(cascade: cascade).detections(in: image)
        let windows = FaceDetector(cascade: cascade).windows(in: image)
        #expect(!faces.isEmpty)
        #expect(faces.allSatisfy { $0.neighbors > 3 })
        #expect(faces.reduce(0) { $0 + $1.neighbors } <= windows.count)
        let raw = FaceDetector(cascade: cascade, minNeighbors: 0).detections(in: image)
        #expect(raw.count == windows.count && raw.allSatisfy { $0.neighbors == 1 })
    }
}
