import Files
import Foundation
import Imaging
import Ranks
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
    ///   - ranks: who looks at photographs together; the others are in `Examination.serve`.
    ///   - check: asked before every image.
    ///   - progress: called between chunks of images with how many are done; throws to stop.
    package func run(
        _ dataset: Dataset, name: String, journal: String? = nil, ranks: Ranks = .alone, check: @escaping Check = {},
        progress: (Int) throws -> Void
    ) throws -> FaceSet {
        var draft = FaceSet.PreprocessingReport.Draft()
        for path in dataset.unannotated { draft.drop(path, .noIdentity) }

        let photographsOf = Dictionary(dataset.photographs.map { ($0.identity, 1) }, uniquingKeysWith: +)
        var first: [Digest: Photograph] = [:]
        var contradictions: [String] = []
        var kept: [FaceSet.Face] = []
        let examination = Examination(detection, try dataset.source(), dataset.photographs, check: check)
        let journal = journal.map { OutcomeJournal(path: $0) }
        try examine(dataset.photographs, by: examination, journal: journal, ranks: ranks, progress: progress) {
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

    /// Detection on every photograph; outcomes are handed on in order and not kept.
    private func examine(
        _ photographs: [Dataset.Photograph], by examination: Examination, journal: OutcomeJournal?, ranks: Ranks,
        progress: (Int) throws -> Void, body: (Dataset.Photograph, Examined) -> Void
    ) throws {
        var done = 0
        func take(_ outcomes: [Examined]) {
            for (offset, outcome) in outcomes.enumerated() { body(photographs[done + offset], outcome) }
            done += outcomes.count
        }
        try journal?.replay { line in
            guard line.start == done, done < photographs.count,
                line.outcomes.count == examination.photographs(of: done / Examination.chunk).count,
                line.first == photographs[done].path
            else { return false }
            take(line.outcomes)
            return true
        }
        try progress(done)
        let left = (done + Examination.chunk - 1) / Examination.chunk..<examination.chunks
        try ranks.shards(left, here: examination.outcomes, decode: examination.decoded) { _, outcomes in
            try journal?.append(.init(start: done, first: photographs[done].path, outcomes: outcomes))
            take(outcomes)
            try progress(done)
        }
    }
}
