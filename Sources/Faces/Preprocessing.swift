import Files
import Foundation
import Imaging
import Tensors

/// From photographs to a `FaceSet`, step by step as the slides describe it.
package struct Preprocessing: Sendable {
    package var detection: SingleFace
    /// Share of identities that is tested.
    package var testShare = 0.2
    package var queriesPerIdentity = 1
    package var seed: UInt64 = 0
    /// Side of the square that crops are resized to; nil leaves them as they were cut.
    package var cropSize: Int?

    package init(
        detection: SingleFace, testShare: Double, queriesPerIdentity: Int, seed: UInt64, cropSize: Int? = nil
    ) {
        self.detection = detection
        self.testShare = testShare
        self.queriesPerIdentity = queriesPerIdentity
        self.seed = seed
        self.cropSize = cropSize
    }

    /// Decodes, detects, crops, filters, splits and draws triplets.
    ///
    /// - Parameters:
    ///   - name: the dataset's folder relative to all data, kept in the result.
    ///   - journal: where finished outcomes are kept; a run that finds some there goes on behind them.
    ///   - check: asked before every image.
    ///   - progress: called between chunks of images with how many are done; throws to stop.
    package func run(
        _ dataset: Dataset, name: String, journal: String? = nil, check: @escaping Check = {},
        progress: (Int) throws -> Void
    ) throws -> FaceSet {
        var draft = FaceSet.PreprocessingReport.Draft()
        for path in dataset.unannotated { draft.drop(path, .noIdentity) }

        let photographsOf = Dictionary(dataset.photographs.map { ($0.identity, 1) }, uniquingKeysWith: +)
        var first: [Digest: Photograph] = [:]
        var contradictions: [String] = []
        var kept: [FaceSet.Face] = []
        try examine(dataset, journal: journal.map { OutcomeJournal(path: $0) }, check: check, progress: progress) {
            photograph, outcome in
            // The first photograph with some pixels stands for all that have them, whatever their files are like.
            if let pixels = outcome.pixels, let digest = outcome.digest {
                if let twin = first[pixels] {
                    let what = "has the same \(twin.digest == digest ? "bytes" : "pixels") as \(twin.path)"
                    let isContradiction = twin.identity != photograph.identity
                    let whose = isContradiction ? ", of \(twin.identity), not \(photograph.identity)" : ""
                    draft.drop(photograph.path, .duplicate, what + whose)
                    if isContradiction { contradictions.append("\(photograph.path) \(what)\(whose)") }
                    return
                }
                first[pixels] = Photograph(path: photograph.path, identity: photograph.identity, digest: digest)
            }
            switch outcome {
            case .rejected(let reason, let detail, _, _): draft.drop(photograph.path, reason, detail)
            case .found(let digest, let pixels, let box, let crop):
                kept.append(
                    FaceSet.Face(
                        path: photograph.path, entry: photograph.entry, digest: digest, pixels: pixels,
                        identity: photograph.identity, box: box, crop: crop, attributes: photograph.attributes))
            }
        }
        let counts = Dictionary(kept.map { ($0.identity, 1) }, uniquingKeysWith: +)
        for face in kept where counts[face.identity] == 1 {
            draft.drop(face.path, photographsOf[face.identity] == 1 ? .onlyPhotograph : .onlyFace)
        }
        let faces = kept.filter { counts[$0.identity, default: 0] > 1 }
        guard Set(faces.map(\.identity)).count >= 2 else {
            throw DatasetError(
                dataset.folder,
                "leaves fewer than two people with two faces each; \(draft.summary) — nothing can be trained or tested")
        }

        let identities = faces.map(\.identity)
        let rule = IdentitySplit.Rule(testShare: testShare, queriesPerIdentity: queriesPerIdentity, seed: seed)
        let split = IdentitySplit(identities: identities, rule)
        var set = FaceSet(
            dataset: name, folder: dataset.folder, archive: dataset.archive, attributeNames: dataset.attributeNames,
            faces: faces,
            train: split.train, queries: split.queries, gallery: split.gallery,
            triplets: drawTriplets(from: split.train, identities: identities, seed: seed),
            report: .init(
                found: dataset.photographs.count + dataset.unannotated.count, kept: faces.count,
                dropped: draft.dropped),
            cropSize: cropSize, rule: rule)
        if let example = contradictions.first {
            set.warnings = [
                "\(dataset.folder): \(contradictions.count) photographs stand under two people, and only the first counts: "
                    + example
            ]
        }
        return set
    }

    /// What is known of the first photograph with some pixels.
    private struct Photograph {
        var path: String
        var identity: String
        var digest: Digest
    }

    /// Photographs between two looks at the caller's wish to stop, and in one line of the journal.
    static let chunk = 64

    /// Detection on every photograph, all cores at once; outcomes are handed on in order and not kept.
    private func examine(
        _ dataset: Dataset, journal: OutcomeJournal?, check: @escaping Check, progress: (Int) throws -> Void,
        body: (Dataset.Photograph, Examined) -> Void
    ) throws {
        let photographs = dataset.photographs
        let source = try dataset.source()
        var done = 0
        try journal?.replay { line in
            guard line.start == done, line.outcomes.count == min(Self.chunk, photographs.count - done),
                line.first == photographs[done].path
            else { return false }
            for (offset, outcome) in line.outcomes.enumerated() { body(photographs[done + offset], outcome) }
            done += line.outcomes.count
            return true
        }
        while done < photographs.count {
            try progress(done)
            let part = Array(photographs[done..<min(done + Self.chunk, photographs.count)])
            let outcomes = try concurrentMap(part) { photograph in
                Result {
                    try check()
                    return examine(photograph, in: source)
                }
            }.map { try $0.get() }
            try journal?.append(.init(start: done, first: part[0].path, outcomes: outcomes))
            for (photograph, outcome) in zip(part, outcomes) { body(photograph, outcome) }
            done += part.count
        }
        try progress(done)
    }

    private func examine(_ photograph: Dataset.Photograph, in source: PhotographSource) -> Examined {
        let bytes: [UInt8]
        do {
            bytes = try source.bytes(of: photograph.path, entry: photograph.entry)
        } catch {
            return .rejected(.init(reading: error), detail: "\(error)", digest: nil, pixels: nil)
        }
        do {
            let found = try Image.using(decoding: bytes, name: source.name(of: photograph.path), as: .gray) {
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
