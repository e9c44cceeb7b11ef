import Faces
import Imaging
import Testing

@Suite struct SingleFaceOutcome {
    private func outcome(
        _ image: Image, scaleFactor: Double = 1.12, minNeighbors: Int = 9, margins: SingleFace.Margins = .init()
    ) throws -> FaceOutcome {
        let cascade = try Fixtures.cascade("frontalface_default")
        return SingleFace(cascade: cascade, scaleFactor: scaleFactor, minNeighbors: minNeighbors, margins: margins)
            .find(in: image)
    }

    @Test func cropsTheOneFaceWithItsMargins() throws {
        let expected = FaceOutcome.found(
            box: Rectangle(x: 38, y: 64, width: 104, height: 104),
            crop: Rectangle(x: 33, y: 34, width: 114, height: 144))
        #expect(try outcome(DrawnFaces.image("portrait")) == expected)
        #expect(try outcome(DrawnFaces.image("portrait").rgb) == expected)
    }

    @Test func dropsAMarginThatLeavesTheImage() throws {
        let part = DrawnFaces.image("portrait").cropped(to: Rectangle(x: 30, y: 45, width: 118, height: 129))
        guard case .found(let box, let crop) = try outcome(part) else {
            Issue.record("the face is not found")
            return
        }
        #expect(crop.y == box.y)
        #expect(crop.x == box.x - 5)
        #expect(part.bounds.contains(crop))
    }

    @Test func keepsTheBoxWhenNoMarginFits() throws {
        let image = DrawnFaces.image("portrait")
        let margins = SingleFace.Margins(top: 500, bottom: 500, side: 500)
        guard case .found(let box, let crop) = try outcome(image, margins: margins) else {
            Issue.record("the face is not found")
            return
        }
        #expect(crop == box)
    }

    @Test func rejectsWhereThereIsNoFace() throws {
        #expect(try outcome(DrawnFaces.image("clouds")) == .rejected(.noFace))
    }

    @Test func rejectsACrowd() throws {
        #expect(try outcome(DrawnFaces.image("crowd")) == .rejected(.severalFaces))
    }

    /// The second try of a factor this small would step by 0.99: it has to stay above 1.
    @Test func keepsTheScaleFactorAboveOne() throws {
        let image = DrawnFaces.image("clouds").cropped(to: Rectangle(x: 0, y: 0, width: 60, height: 50))
        #expect(try outcome(image, scaleFactor: 1.09) == .rejected(.noFace))
    }

    /// So many neighbours are there only in fine steps.
    @Test func triesOnceMoreWithFinerSteps() throws {
        let image = DrawnFaces.image("portrait")
        let cascade = try Fixtures.cascade("frontalface_default")
        let neighbors = 60
        #expect(FaceDetector(cascade: cascade, scaleFactor: 1.12, minNeighbors: neighbors).detect(in: image).isEmpty)
        #expect(
            SingleFace(cascade: cascade, scaleFactor: 1.12, minNeighbors: neighbors, retryStep: 0).find(in: image)
                == .rejected(.noFace))
        guard case .found = try outcome(image, minNeighbors: neighbors) else {
            Issue.record("finer steps do not find the face")
            return
        }
    }
}
