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
    ///   - progress: called between chunks of images with how many are done; throws to stop.
    package func run(
        _ dataset: Dataset, name: String, journal: String? = nil, progress: (Int) throws -> Void
    ) throws -> FaceSet {
        var drops = Drops()
        for path in dataset.unannotated { drops.add("no identity", path) }

        var kept: [FaceSet.Face] = []
        try examine(dataset, journal: journal.map { OutcomeJournal(path: $0) }, progress: progress) { photograph, outcome in
            switch outcome {
            case .rejected(let reason, let detail): drops.add(reason, detail)
            case .found(let digest, let box, let crop):
                kept.append(
                    FaceSet.Face(
                        path: photograph.path, digest: digest, identity: photograph.identity, box: box, crop: crop,
                        attributes: photograph.attributes))
            }
        }
        let counts = Dictionary(kept.map { ($0.identity, 1) }, uniquingKeysWith: +)
        for face in kept where counts[face.identity] == 1 { drops.add("only image of its person", face.path) }
        let faces = kept.filter { counts[$0.identity, default: 0] > 1 }
        guard Set(faces.map(\.identity)).count >= 2 else {
            throw DatasetError(
                dataset.folder,
                "leaves fewer than two people with two faces each; \(drops.summary) — nothing can be trained or tested")
        }

        let identities = faces.map(\.identity)
        let split = IdentitySplit(
            identities: identities, testShare: testShare, queriesPerIdentity: queriesPerIdentity, seed: seed)
        return FaceSet(
            dataset: name, attributeNames: dataset.attributeNames, faces: faces, train: split.train, queries: split.queries,
            gallery: split.gallery, triplets: drawTriplets(from: split.train, identities: identities, seed: seed),
            account: .init(
                found: dataset.photographs.count + dataset.unannotated.count, kept: faces.count, dropped: drops.list),
            cropSize: cropSize)
    }

    /// Photographs between two looks at the caller's wish to stop, and in one line of the journal.
    static let chunk = 64

    /// Detection on every photograph, all cores at once; outcomes are handed on in order and not kept.
    private func examine(
        _ dataset: Dataset, journal: OutcomeJournal?, progress: (Int) throws -> Void,
        body: (Dataset.Photograph, Examined) -> Void
    ) throws {
        let photographs = dataset.photographs
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
            let outcomes = concurrentMap(part) { examine($0, in: dataset.folder) }
            try journal?.append(.init(start: done, first: part[0].path, outcomes: outcomes))
            for (photograph, outcome) in zip(part, outcomes) { body(photograph, outcome) }
            done += part.count
        }
        try progress(done)
    }

    private func examine(_ photograph: Dataset.Photograph, in folder: String) -> Examined {
        let path = folder + "/" + photograph.path
        do {
            let bytes = try Files.read(path, limit: 256 << 20)
            let image = try Image(decoding: bytes, name: path)
            switch detection.find(in: image) {
            case .found(let box, let crop): return .found(Digest(of: bytes), box: box, crop: crop)
            case .rejected(let reason): return .rejected(reason: reason.inWords, detail: photograph.path)
            }
        } catch let error as ImageError {
            return .rejected(reason: error.reason.inWords, detail: "\(error)")
        } catch {
            return .rejected(reason: "unreadable", detail: "\(error)")
        }
    }
}

/// What became of one photograph.
enum Examined: Sendable, Hashable, Codable {
    case found(Digest, box: Rectangle, crop: Rectangle)
    case rejected(reason: String, detail: String)
}

/// Counts of dropped images by reason, with the first few of each by name.
private struct Drops {
    private var order: [String] = []
    private var byReason: [String: FaceSet.Account.Drop] = [:]

    mutating func add(_ reason: String, _ example: String) {
        if byReason[reason] == nil { order.append(reason) }
        var drop = byReason[reason] ?? .init(reason: reason, count: 0, examples: [])
        drop.count += 1
        if drop.examples.count < 5 { drop.examples.append(example) }
        byReason[reason] = drop
    }

    var list: [FaceSet.Account.Drop] { order.compactMap { byReason[$0] } }

    var summary: String {
        list.isEmpty ? "nothing was dropped" : list.map { "\($0.count) × \($0.reason)" }.joined(separator: ", ")
    }
}

extension FaceOutcome.Rejection {
    /// As the account names it.
    fileprivate var inWords: String {
        switch self {
        case .noFace: "no face found"
        case .severalFaces: "several faces found"
        }
    }
}

extension ImageError.Reason {
    fileprivate var inWords: String {
        switch self {
        case .unreadable: "unreadable"
        case .empty: "empty file"
        case .notAnImage: "not an image"
        case .damaged: "damaged image"
        case .tooLarge: "too large"
        case .unsupported: "unsupported kind of image"
        }
    }
}
