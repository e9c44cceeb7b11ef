import Imaging

/// What became of an image that should show one face.
package enum FaceOutcome: Sendable, Hashable {
    /// `box` as detected; `crop` with its margins, inside the image.
    case found(box: Rectangle, crop: Rectangle)
    case rejected(Rejection)

    package enum Rejection: String, Sendable, Hashable, Codable, CaseIterable {
        case noFace
        case severalFaces
    }
}

/// The preprocessing of the original study: an image is kept when exactly one face is found in it.
///
/// No face: one more try with finer steps of the window (scale factor − `retryStep`). Several: one more with coarser
/// steps (+ `retryStep`). The box grows by margins for hair, chin and ears; a margin that would leave the image is dropped, alone.
package struct SingleFace: Sendable {
    /// Pixels added around a box.
    package struct Margins: Sendable, Hashable, Codable {
        package var top: Int
        package var bottom: Int
        package var side: Int

        package init(top: Int = 30, bottom: Int = 10, side: Int = 5) {
            precondition(top >= 0 && bottom >= 0 && side >= 0)
            self.top = top
            self.bottom = bottom
            self.side = side
        }
    }

    /// The smallest scale factor that the second try may use.
    static let smallestScaleFactor = 1.01

    let detector: FaceDetector
    private let margins: Margins
    /// How far the second try moves the scale factor; 0 where there is none.
    private let retryStep: Double

    package init(
        cascade: Cascade, scaleFactor: Double = 1.12, minNeighbors: Int = 9, minSize: Int = 0, retryStep: Double = 0.1,
        margins: Margins = Margins()
    ) {
        precondition(retryStep >= 0 && retryStep.isFinite)
        detector = FaceDetector(
            cascade: cascade, scaleFactor: scaleFactor, minNeighbors: minNeighbors, minSize: minSize)
        self.retryStep = retryStep
        self.margins = margins
    }

    /// Looks for the face, at most twice. Costs what ``FaceDetector/detect(in:)`` costs; the finer try is the dear one.
    package func find(in image: Image) -> FaceOutcome {
        let boxes = boxes(in: image)
        guard let box = boxes.first else { return .rejected(.noFace) }
        guard boxes.count == 1 else { return .rejected(.severalFaces) }
        return .found(box: box, crop: crop(around: box, in: image))
    }

    /// What is cut out around a box that lies in the image.
    package func crop(around box: Rectangle, in image: Image) -> Rectangle { margins.around(box, in: image.bounds) }

    /// The boxes of the last try: what decides.
    package func boxes(in image: Image) -> [Rectangle] {
        let gray = image.gray
        let boxes = detector.detect(in: gray)
        guard boxes.count != 1, retryStep > 0 else { return boxes }
        let step = boxes.isEmpty ? -retryStep : retryStep
        return detector.with(scaleFactor: max(detector.scaleFactor + step, Self.smallestScaleFactor)).detect(in: gray)
    }
}

extension SingleFace.Margins {
    /// A box that lies in `bounds` with the margins that fit there.
    func around(_ box: Rectangle, in bounds: Rectangle) -> Rectangle {
        let left = box.x - bounds.x >= side ? side : 0
        let above = box.y - bounds.y >= top ? top : 0
        let right = bounds.x + bounds.width - (box.x + box.width) >= side ? side : 0
        let below = bounds.y + bounds.height - (box.y + box.height) >= bottom ? bottom : 0
        return Rectangle(
            x: box.x - left, y: box.y - above, width: box.width + left + right, height: box.height + above + below)
    }
}
