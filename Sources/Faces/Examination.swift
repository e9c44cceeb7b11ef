import Archives
import Files
import Foundation
import Imaging
import Ranks
import Tensors

/// Looking for the face in each of some photographs, a chunk at a time.
package struct Examination: Sendable {
    private let detection: SingleFace
    private let source: PhotographSource
    private let paths: [String]
    /// Where they lie in the archive; nil for files.
    private let entries: [ZipEntry?]?
    private let check: Check

    /// Photographs between two looks at the caller's wish to stop, and in one line of the journal.
    static let chunk = 64

    /// - Parameters:
    ///   - entries: of each path; nil for files.
    ///   - check: asked before every image.
    package init(
        _ detection: SingleFace, _ source: PhotographSource, paths: [String], entries: [ZipEntry?]?,
        check: @escaping Check = {}
    ) {
        (self.detection, self.source, self.paths, self.entries) = (detection, source, paths, entries)
        self.check = check
    }

    init(
        _ detection: SingleFace, _ source: PhotographSource, _ photographs: [Dataset.Photograph], check: @escaping Check
    ) {
        self.init(
            detection, source, paths: photographs.map(\.path), entries: photographs.map(\.entry), check: check)
    }

    var chunks: Int { (paths.count + Self.chunk - 1) / Self.chunk }

    func photographs(of chunk: Int) -> Range<Int> {
        Self.chunk * chunk..<min(Self.chunk * (chunk + 1), paths.count)
    }

    /// What became of a chunk's photographs, on all cores.
    func outcomes(of chunk: Int) throws -> [Examined] {
        try concurrentMap(Array(photographs(of: chunk))) { index in
            Result {
                try check()
                return outcome(of: paths[index], entries?[index])
            }
        }.map { try $0.get() }
    }

    /// Does the chunks that the first rank gives (`Preprocessing.run`), on every other one.
    package func serve(_ ranks: Ranks) throws {
        try ranks.serveShards { Array(try JSONEncoder().encode(try outcomes(of: $0))) }
    }

    /// What another rank found in a chunk's photographs. What it could not read must be unreadable here too.
    func decoded(_ chunk: Int, _ bytes: [UInt8]) throws -> [Examined] {
        let outcomes = try JSONDecoder().decode([Examined].self, from: Data(bytes))
        let places = photographs(of: chunk)
        guard outcomes.count == places.count else { throw ReadElsewhere(path: paths[places.lowerBound], problem: "") }
        for (index, outcome) in zip(places, outcomes) where outcome.digest == nil {
            guard case .rejected(_, let detail, _, _) = outcome,
                self.outcome(of: paths[index], entries?[index]) != outcome
            else { continue }
            throw ReadElsewhere(path: paths[index], problem: detail)
        }
        return outcomes
    }

    /// A photograph that one host reads and another one does not.
    private struct ReadElsewhere: Error, CustomStringConvertible {
        let path: String
        let problem: String

        var description: String {
            "it cannot read \(path) as the first rank does\(problem.isEmpty ? "" : " (\(problem))")"
        }
    }

    private func outcome(of path: String, _ entry: ZipEntry?) -> Examined {
        let bytes: [UInt8]
        do {
            bytes = try source.bytes(of: path, entry: entry)
        } catch {
            return .rejected(.init(reading: error), detail: "\(error)", digest: nil, pixels: nil)
        }
        do {
            let found = try Image.using(decoding: bytes, name: source.name(of: path), as: .gray) {
                (outcome: detection.find(in: $0), pixels: Digest(ofPixels: $0))
            }
            let digest = Digest(of: bytes)
            switch found.outcome {
            case .found(let box, let crop): return .found(digest, pixels: found.pixels, box: box, crop: crop)
            case .rejected(let reason):
                return .rejected(.init(reason), detail: "", digest: digest, pixels: found.pixels)
            }
        } catch {
            return .rejected(
                .init(reading: error), detail: (error as? ImageError)?.problem ?? "\(error)", digest: nil,
                pixels: nil)
        }
    }
}

/// What became of one photograph.
enum Examined: Sendable, Hashable, Codable {
    case found(Digest, pixels: Digest, box: Rectangle, crop: Rectangle)
    /// `digest` and `pixels` are those of an image that was decoded.
    case rejected(FaceSet.PreprocessingReport.Reason, detail: String, digest: Digest?, pixels: Digest?)

    var digest: Digest? {
        switch self {
        case .found(let digest, _, _, _): digest
        case .rejected(_, _, let digest, _): digest
        }
    }

    var pixels: Digest? {
        switch self {
        case .found(_, let pixels, _, _): pixels
        case .rejected(_, _, _, let pixels): pixels
        }
    }
}

extension Digest {
    /// Of an upright gray image, whatever file it came from.
    fileprivate init(ofPixels image: Image) {
        let gray = image.gray
        var size: [UInt8] = []
        for number in [gray.width, gray.height] {
            size += (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
        self.init(joining: size, gray.pixels)
    }
}
