import Dispatch
import Faces
import Imaging
import Testing

/// Detection takes memory by what is asked for, not by what the image's header could ask for.
@Suite struct ScanMemoryTests {
    @Test(arguments: ["frontalface_default", "smile"]) func stripsFindWhatTheWholeLayerShows(_ name: String) throws {
        let whole = FaceDetector(cascade: try Fixtures.cascade(name), minNeighbors: 0)
        var strips = whole
        strips.stripPixels = 4000
        for image in DrawnFaces.names.map(DrawnFaces.image) {
            #expect(strips.windows(in: image) == whole.windows(in: image))
            #expect(strips.tally(image) == StageTally(whole.explain(image)))
            let explained = strips.explain(image)
            #expect(explained.windows == whole.windows(in: image))
            #expect(
                zip(explained.layers, whole.explain(image).layers).allSatisfy {
                    $0.image == $1.image && $0.verdicts == $1.verdicts
                })
        }
    }

    @Test func tiltedFeaturesAreSummedInStripsToo() throws {
        let whole = FaceDetector(
            cascade: try Cascade(contentsOf: "\(Fixtures.cascades)/haarcascade_fullbody.xml"), minNeighbors: 0)
        var strips = whole
        strips.stripPixels = 4000
        for image in ["crowd", "tall", "clouds"].map(DrawnFaces.image) {
            #expect(strips.tally(image) == StageTally(whole.explain(image)))
        }
    }

    @Test func aScanOf40MegapixelsTakes40MegabytesBesideTheImage() throws {
        let image = Image(width: 8000, height: 5000, channels: 1, pixels: [UInt8](repeating: 0, count: 40_000_000))
        #expect(FaceDetector(cascade: try Fixtures.cascade("frontalface_default")).scanBytes(of: image) < 44_000_000)
        #expect(FaceDetector(cascade: try Fixtures.cascade("fullbody")).scanBytes(of: image) < 64_000_000)
    }

    @Test func imagesBeyondTheBudgetWaitForEachOther() throws {
        let budget = PixelBudget(pixels: 250)
        let file = try Image(width: 10, height: 10, channels: 1, pixels: [UInt8](repeating: 9, count: 100)).png()
        DispatchQueue.concurrentPerform(iterations: 64) { _ in
            for _ in 0..<4 { _ = try? Image.using(decoding: file, name: "a", within: budget) { $0.width } }
        }
        #expect((100...200).contains(budget.mostHeld))
        // One that is larger than the whole budget goes alone.
        #expect(budget.holding(1000) { true })
    }

    @Test func theBudgetCountsWhatHeadersAnnounce() throws {
        let image = Image(width: 20, height: 10, channels: 3, pixels: [UInt8](repeating: 9, count: 600))
        for file in [try image.png(), try image.jpeg(quality: 80), Array("P6 20#x\n10 255\n".utf8) + image.pixels] {
            let budget = PixelBudget(pixels: 1000)
            _ = try Image.using(decoding: file, name: "a", within: budget) { $0.width }
            #expect(budget.mostHeld == 200)
        }
    }

    @Test func aScanEndsWhereTooManyWindowsPass() throws {
        var detector = FaceDetector(cascade: try Fixtures.cascade("frontalface_default"), minNeighbors: 0)
        let all = detector.windows(in: DrawnFaces.image("crowd"))
        detector.mostWindows = 10
        #expect(all.count > 10 && detector.windows(in: DrawnFaces.image("crowd")) == Array(all.prefix(10)))
    }
}
