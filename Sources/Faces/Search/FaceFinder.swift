import Dispatch
import Files
import Imaging

/// From a photograph's bytes to its faces as `preprocess` cuts them: the same detection, margins and size.
package struct FaceFinder: Sendable {
    package let detection: SingleFace
    /// Side of the square that faces are resized to; nil leaves them as they were cut.
    package let cropSize: Int?

    /// A larger photograph is scaled down to so many pixels first, in which a face is still far larger than the
    /// smallest that a cascade finds. Margins are pixels, so that this also keeps them as wide as they are around the
    /// faces of a dataset.
    package static let mostPixels = 1_000_000
    /// Faces that are looked at in one photograph.
    package static let mostFaces = 64
    /// Windows that are told of where there is no face.
    package static let nearMisses = 5

    package init(_ detection: SingleFace, cropSize: Int?) {
        self.detection = detection
        self.cropSize = cropSize
    }

    /// Decodes a photograph and finds its faces. O(pixels of the detection's pyramid).
    ///
    /// Safe to call from several threads; few photographs are decoded at once (`PixelBudget`).
    ///
    /// - Parameters:
    ///   - name: what errors call the bytes.
    ///   - box: a face that somebody marked, in pixels of the upright photograph; nil looks for faces. It has to lie
    ///     in the photograph.
    ///   - isWhole: whether the photograph is a face that was cut out before: all of it is the crop then.
    ///   - seconds: for the decoding; `ImageError.tooSlow` beyond them.
    /// - Throws: `ImageError`; `MarkOutside` for a box that leaves the photograph.
    package func find(
        in bytes: [UInt8], name: String, marked box: Rectangle? = nil, isWhole: Bool = false,
        seconds: Double = .infinity
    ) throws -> FoundFaces {
        var times = StageTimes()
        let digest = Digest(of: bytes)
        let start = StageTimes.now
        return try Image.using(decoding: bytes, name: name, seconds: seconds) { photograph in
            times.add("decode", since: start)
            var found = isWhole ? whole(photograph, &times) : try find(in: photograph, marked: box, &times)
            found.digest = digest
            return found
        }
    }

    /// The same of a decoded photograph.
    package func find(in photograph: Image, marked box: Rectangle? = nil) throws -> FoundFaces {
        var times = StageTimes()
        return try find(in: photograph, marked: box, &times)
    }

    private func find(in photograph: Image, marked box: Rectangle?, _ times: inout StageTimes) throws -> FoundFaces {
        if let box, !photograph.bounds.contains(box) {
            throw MarkOutside(box: box, width: photograph.width, height: photograph.height)
        }
        let image = times.measuring("scale") { Self.reduced(photograph) }
        let scale = Double(photograph.width) / Double(image.width)
        let boxes = times.measuring("find") {
            if let box { return [box.scaled(by: 1 / scale, within: image.bounds)] }
            // A photograph is looked at as the step does, in gray.
            return Array(detection.boxes(in: image).prefix(Self.mostFaces))
        }
        let misses =
            boxes.isEmpty
            ? times.measuring("near misses") { detection.nearMisses(in: image, atMost: Self.nearMisses) } : []
        let faces = times.measuring("crop") {
            boxes.map { box in
                let crop = detection.crop(around: box, in: image)
                let cut = image.cropped(to: crop)
                return FoundFaces.Face(
                    box: box.scaled(by: scale, within: photograph.bounds),
                    crop: crop.scaled(by: scale, within: photograph.bounds),
                    image: cropSize.map { cut.resized(width: $0, height: $0) } ?? cut)
            }
        }
        return FoundFaces(
            width: photograph.width, height: photograph.height, scale: scale, faces: faces,
            nearMisses: misses.map {
                NearMiss(box: $0.box.scaled(by: scale, within: photograph.bounds), stages: $0.stages)
            },
            stageCount: detection.stageCount, isMarked: box != nil, times: times)
    }

    private func whole(_ photograph: Image, _ times: inout StageTimes) -> FoundFaces {
        let image = times.measuring("crop") {
            cropSize.map { photograph.resized(width: $0, height: $0) } ?? Self.reduced(photograph)
        }
        return FoundFaces(
            width: photograph.width, height: photograph.height, scale: 1,
            faces: [.init(box: photograph.bounds, crop: photograph.bounds, image: image)], nearMisses: [],
            stageCount: detection.stageCount, isMarked: true, times: times)
    }

    private static func reduced(_ photograph: Image) -> Image {
        let pixels = photograph.width * photograph.height
        guard pixels > mostPixels else { return photograph }
        let factor = (Double(mostPixels) / Double(pixels)).squareRoot()
        return photograph.resized(
            width: max(1, Int(Double(photograph.width) * factor)),
            height: max(1, Int(Double(photograph.height) * factor)))
    }
}

/// What was found in a photograph. Boxes are in pixels of the upright photograph, from its top left corner.
package struct FoundFaces: Sendable {
    package struct Face: Sendable {
        /// The detector's box, or the one that somebody marked.
        package var box: Rectangle
        /// The box with its margins.
        package var crop: Rectangle
        /// What is cut out there: what networks are given.
        package var image: Image
    }

    package var width: Int
    package var height: Int
    /// Pixels of the photograph per pixel that was looked at; 1 unless it is large.
    package var scale: Double
    package var faces: [Face]
    /// Where there is no face.
    package var nearMisses: [NearMiss]
    /// Of the cascade.
    package var stageCount: Int
    /// Whether the only face is one that somebody marked, or cut out.
    package var isMarked: Bool
    package var times: StageTimes
    /// Of the photograph's bytes; nil where it was given decoded.
    package var digest: Digest?
}

/// How long each stage of an answer took.
package struct StageTimes: Sendable {
    package private(set) var stages: [(name: String, seconds: Double)] = []

    package init() {}

    package var seconds: Double { stages.reduce(0) { $0 + $1.seconds } }

    package mutating func measuring<Result>(_ name: String, _ work: () throws -> Result) rethrows -> Result {
        let start = Self.now
        let result = try work()
        add(name, since: start)
        return result
    }

    mutating func add(_ name: String, since start: UInt64) {
        stages.append((name, Double(Self.now - start) / 1e9))
    }

    static var now: UInt64 { DispatchTime.now().uptimeNanoseconds }
}

/// A marked face that is not in the photograph.
package struct MarkOutside: Error, CustomStringConvertible {
    let box: Rectangle
    let width: Int
    let height: Int

    package var description: String {
        "the marked face of \(box.width)×\(box.height) pixels at \(box.x), \(box.y) does not lie in the photograph of "
            + "\(width)×\(height); mark one that does"
    }
}

extension Rectangle {
    /// The rectangle in an image of another size, at least a pixel of it.
    fileprivate func scaled(by factor: Double, within bounds: Rectangle) -> Rectangle {
        guard factor != 1 else { return self }
        func at(_ value: Int, _ limit: Int) -> Int { min(limit, max(0, Int((Double(value) * factor).rounded()))) }
        let (left, top) = (at(x, bounds.width - 1), at(y, bounds.height - 1))
        return Rectangle(
            x: left, y: top, width: max(1, at(x + width, bounds.width) - left),
            height: max(1, at(y + height, bounds.height) - top))
    }
}
