import Imaging

/// Finds faces with a cascade, box for box as OpenCV 4's `detectMultiScale` does.
///
/// The image is shrunk step by step while the window keeps its size; windows that pass every stage become candidates,
/// and candidates that agree become one box. A value: it can be shared between threads, each call owns its buffers.
/// Source: the definition of OpenCV 4.14, compared box for box in the tests.
package struct FaceDetector: Sendable {
    package let cascade: Cascade
    /// How much larger each window is than the one before; over 1.
    package private(set) var scaleFactor: Double
    /// A group of candidates needs more members than this; 0 returns the candidates themselves.
    package let minNeighbors: Int
    /// Smallest and largest side of a window, in pixels of the image.
    package let minSize: Int
    package let maxSize: Int
    /// Pixels of a layer that are summed at a time: what bounds the memory of a scan.
    package var stripPixels = 4 << 20
    /// Most windows that are collected from one image: a cascade that passes more tells nothing apart.
    package var mostWindows = 4_000_000

    private let program: WindowProgram

    package init(
        cascade: Cascade, scaleFactor: Double = 1.1, minNeighbors: Int = 3, minSize: Int = 0, maxSize: Int = .max
    ) {
        precondition(scaleFactor > 1 && scaleFactor.isFinite, "a scale factor is over 1")
        precondition(minNeighbors >= 0 && minSize >= 0 && maxSize >= 0)
        self.cascade = cascade
        self.scaleFactor = scaleFactor
        self.minNeighbors = minNeighbors
        self.minSize = minSize
        self.maxSize = maxSize
        program = WindowProgram(cascade)
    }

    /// The same detector with another scale factor, over 1.
    package func with(scaleFactor: Double) -> FaceDetector {
        precondition(scaleFactor > 1 && scaleFactor.isFinite, "a scale factor is over 1")
        var other = self
        other.scaleFactor = scaleFactor
        return other
    }

    /// The faces in an image, in the order in which their first windows were met: small ones first, then from the top.
    ///
    /// Takes some 40 MB beside the image, less for a small one. O(pixels / (1 − 1/scaleFactor²)) windows; most end at an early stage.
    package func detect(in image: Image) -> [Rectangle] { detections(in: image).map(\.box) }

    /// The faces in an image with how many windows agreed on each, in the order of ``detect(in:)``.
    package func detections(in image: Image) -> [Detection] { grouped(windows(in: image), in: image) }

    /// The windows that pass every stage, before any are merged, in pixels of the image; rounding may carry one a pixel
    /// beyond its edge. At most ``mostWindows``.
    package func windows(in image: Image) -> [Rectangle] {
        scan(image).candidates(limit: mostWindows)
    }

    /// Bytes that looking at every window of an image takes, beside the gray image.
    package func scanBytes(of image: Image) -> Int { scan(image).bytes }

    private func scan(_ image: Image) -> WindowScan {
        let gray = image.gray
        return WindowScan(
            program, image: gray, layers: pyramid(width: gray.width, height: gray.height), stripPixels: stripPixels)
    }

    /// How many windows of an image each stage rejects. Takes no more memory than ``windows(in:)``.
    package func tally(_ image: Image) -> StageTally {
        var tally = StageTally(stageCount: cascade.stageCount)
        tally.startImage()
        scan(image).forEachVerdict { tally.add($0) }
        return tally
    }

    /// What ``detections(in:)`` makes of an image's windows.
    package func grouped(_ windows: [Rectangle], in image: Image) -> [Detection] {
        RectangleGrouping.groups(windows, minNeighbors: minNeighbors).compactMap { group in
            image.bounds.intersection(group.box).map { Detection(box: $0, neighbors: group.neighbors) }
        }
    }

    /// Every window of an image with the stage that rejected it: slow, for looking at.
    package func explain(_ image: Image) -> ScanExplanation {
        let gray = image.gray
        let explained = scan(gray).explanations()
        let windows = explained.flatMap(\.passed)
        return ScanExplanation(
            stageCount: cascade.stageCount, layers: explained, windows: windows, faces: grouped(windows, in: gray))
    }

    /// The sizes to which an image is shrunk, largest first.
    func pyramid(width: Int, height: Int) -> [PyramidLayer] {
        var scales: [Float] = []
        var factor = 1.0
        while (Double(cascade.width) * factor).rounded(.toNearestOrEven) <= Double(width),
            (Double(cascade.height) * factor).rounded(.toNearestOrEven) <= Double(height)
        {
            scales.append(Float(factor))
            factor *= scaleFactor
        }
        func window(_ scale: Float) -> (width: Int, height: Int) {
            (PyramidLayer.rounded(Float(cascade.width) * scale), PyramidLayer.rounded(Float(cascade.height) * scale))
        }
        let largest = (width: maxSize == 0 ? width : maxSize, height: maxSize == 0 ? height : maxSize)
        var wanted = scales.filter {
            let size = window($0)
            return size.width <= largest.width && size.height <= largest.height
                && size.width >= minSize && size.height >= minSize
        }
        // No window in the range: the one nearest to the smallest size stands in.
        if wanted.isEmpty {
            func distance(_ scale: Float) -> Double {
                let size = window(scale)
                let (dx, dy) = (Double(minSize) - Double(size.width), Double(minSize) - Double(size.height))
                return dx * dx + dy * dy
            }
            if let nearest = scales.min(by: { distance($0) < distance($1) }) { wanted = [nearest] }
        }
        return PyramidLayer.layers(
            scales: wanted, imageWidth: width, imageHeight: height,
            windowWidth: cascade.width, windowHeight: cascade.height)
    }
}

/// One face: a box, and how many windows were merged into it; 1 where nothing is merged.
package struct Detection: Sendable, Hashable, Codable {
    package var box: Rectangle
    package var neighbors: Int
}

extension Rectangle {
    /// What both rectangles cover, nil when that is nothing.
    func intersection(_ other: Rectangle) -> Rectangle? {
        let left = max(x, other.x)
        let top = max(y, other.y)
        let right = min(x + width, other.x + other.width)
        let bottom = min(y + height, other.y + other.height)
        guard left < right, top < bottom else { return nil }
        return Rectangle(x: left, y: top, width: right - left, height: bottom - top)
    }
}
