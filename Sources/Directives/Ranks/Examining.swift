import Archives
import Execution
import Faces
import Ranks

/// Looking for faces, on a rank other than the first (`Preprocess`).
struct Examining: RankJob {
    let detection: Preprocess.Detection
    let folder: String
    let archive: String?
    let paths: [String]
    /// Of each path in the archive; empty without one.
    let entries: [ZipEntry?]
    let data: [DataFingerprint]

    init(_ detection: Preprocess.Detection, _ dataset: Dataset, data: [DataFingerprint]) {
        self.detection = detection
        (folder, archive) = (dataset.folder, dataset.archive)
        paths = dataset.photographs.map(\.path)
        entries = dataset.archive == nil ? [] : dataset.photographs.map(\.entry)
        self.data = data
    }

    func run(on ranks: Ranks) throws {
        for fingerprint in data { try fingerprint.check() }
        let source = try PhotographSource(folder: folder, archive: archive)
        try Examination(
            detection.finder().detection, source, paths: paths, entries: entries.isEmpty ? nil : entries
        ).serve(ranks)
    }
}
