import Faces
import Files
import Imaging
import Tensors

/// How faces are best found in somebody's photographs, tried on some of them.
///
/// Photographs from telephones are a hundred times as large as CelebA's, for which the defaults of `preprocess` are made:
/// without a smallest face, a cascade finds faces in every wall, and takes minutes.
package struct FaceSurvey: Sendable {
    /// How a face is found and cut, in pixels.
    package struct Setting: Sendable, Hashable {
        package var minSize: Int
        package var minNeighbors: Int
        package var margins = SingleFace.Margins()
        /// 0 leaves faces as they are cut.
        package var cropSize = 0
    }

    package private(set) var setting: Setting
    /// Photographs that were looked at.
    package let looked: Int
    /// In how many of them exactly one face is found, several, none; the rest cannot be read, or are there twice.
    package private(set) var single = 0, several = 0, none = 0
    /// How many faces of each person there are to be found, those of people with two or more: exact where every photograph
    /// was looked at, else expected.
    package private(set) var faces: [Int] = []
    package let isExact: Bool

    /// - Parameters:
    ///   - cascade: the file that `preprocess` finds faces with.
    ///   - most: photographs that are looked at.
    ///   - progress: called with how many of how many looks are done.
    /// - Throws: `CascadeError`, `DatasetError`.
    package init(
        _ dataset: Dataset, cascade: String, most: Int = 60, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws {
        let cascade = try Cascade(contentsOf: cascade)
        let source = try dataset.source()
        let all = dataset.photographs
        let sample = all.count <= most ? all : (0..<most).map { all[$0 * all.count / most] }
        looked = sample.count
        isExact = sample.count == all.count

        let sides = concurrentMap(Array(sample.prefix(12))) { photograph in
            try? source.using(photograph, as: .gray) { min($0.width, $0.height) }
        }
        let settings = Self.settings(forSide: sides.compactMap(\.self).min() ?? 0)
        let detections = settings.map {
            SingleFace(cascade: cascade, minNeighbors: $0.minNeighbors, minSize: $0.minSize)
        }
        var looks: [Look] = []
        for start in stride(from: 0, to: sample.count, by: Self.chunk) {
            progress(start, sample.count)
            looks += concurrentMap(Array(sample[start..<min(start + Self.chunk, sample.count)])) { photograph in
                Look(at: photograph, in: source, detections)
            }
        }
        // Of the same file only the first counts, as it does in `preprocess`.
        var seen: Set<Digest> = []
        looks = looks.filter { $0.digest.map { seen.insert($0).inserted } ?? false }

        let counts = settings.indices.map { index in looks.count { $0.box(index) != nil } }
        let best = settings.indices.max { (counts[$0], -$0) < (counts[$1], -$1) } ?? 0
        setting = settings[best]
        for look in looks {
            switch look.outcomes[best] {
            case .found: single += 1
            case .rejected(.severalFaces): several += 1
            case .rejected(.noFace): none += 1
            }
        }
        setting.fit(looks.compactMap { $0.box(best)?.width })
        faces = expectedFaces(all, looks.filter { $0.box(best) != nil }.map(\.identity))
    }

    private static let chunk = 8

    /// What is tried, in the order of preference where as many faces are found.
    private static func settings(forSide side: Int) -> [Setting] {
        let strict = 9
        // As small as CelebA's and LFW's: the defaults, and less strict ones.
        guard side > 400 else { return [strict, 5, 3].map { Setting(minSize: 0, minNeighbors: $0) } }
        return [(12, strict), (12, 5), (6, strict), (6, 5), (4, 5)].map { part, neighbors in
            Setting(minSize: side / part, minNeighbors: neighbors)
        }
    }

    /// One photograph, with what each setting finds in it.
    private struct Look: Sendable {
        var identity: String
        /// Nil for what cannot be read.
        var digest: Digest?
        var outcomes: [FaceOutcome] = []

        init(at photograph: Dataset.Photograph, in source: PhotographSource, _ detections: [SingleFace]) {
            identity = photograph.identity
            guard let bytes = try? source.bytes(of: photograph.path, entry: photograph.entry),
                let found = try? Image.using(
                    decoding: bytes, name: photograph.path, as: .gray,
                    { image in detections.map { $0.find(in: image) } })
            else { return }
            (digest, outcomes) = (Digest(of: bytes), found)
        }

        /// The one face that a setting finds.
        func box(_ setting: Int) -> Rectangle? {
            guard outcomes.indices.contains(setting), case .found(let box, _) = outcomes[setting] else { return nil }
            return box
        }
    }

    /// - Parameter found: whom the faces show that were found.
    private func expectedFaces(_ all: [Dataset.Photograph], _ found: [String]) -> [Int] {
        if isExact { return Dictionary(found.map { ($0, 1) }, uniquingKeysWith: +).values.filter { $0 >= 2 } }
        let photographs = Dictionary(all.map { ($0.identity, 1) }, uniquingKeysWith: +)
        return photographs.values.map { $0 * found.count / max(1, looked) }.filter { $0 >= 2 }
    }

    /// What was found, in a sentence.
    package var summary: String {
        let rest = [
            (several, "several"), (none, "none"), (looked - single - several - none, "nothing new or readable"),
        ]
        .filter { $0.0 > 0 }.map { ", in \($0.0) \($0.1)" }.joined()
        let which = isExact ? "\(looked)" : "\(looked) that were looked at"
        return "exactly one face in \(single) of \(which)\(rest); only those with one are used"
    }
}

extension FaceSurvey.Setting {
    /// Margins as wide beside a face as those of CelebA are, and faces no larger than a network takes them.
    fileprivate mutating func fit(_ widths: [Int]) {
        guard !widths.isEmpty else { return }
        let width = widths.sorted()[widths.count / 2]
        margins = .init(top: width * 3 / 10, bottom: width / 10, side: width / 20)
        cropSize = width > FaceTransform.size ? FaceTransform.size : 0
    }
}
