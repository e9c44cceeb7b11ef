import Faces
import Foundation
import Retrieval
import Tensors

/// Who is who among queries and gallery, as numbers.
struct PeopleNumbers {
    let queries: [Int]
    let gallery: [Int]

    init(_ faces: FaceSet, _ queries: [Int], _ gallery: [Int]) {
        var numbers: [String: Int] = [:]
        func number(_ face: Int) -> Int {
            let identity = faces.faces[face].identity
            if let number = numbers[identity] { return number }
            numbers[identity] = numbers.count
            return numbers.count - 1
        }
        self.queries = queries.map(number)
        self.gallery = gallery.map(number)
    }

    // Every query has its person in the gallery (`IdentitySplit` sees to it), so none of these is without a value.

    func recall(at k: Int, _ found: Neighbours) -> Double {
        IdentityMetrics.recall(at: k, of: found, queries: queries, gallery: gallery) ?? 0
    }

    func precision(at k: Int, _ found: Neighbours) -> Double {
        IdentityMetrics.precision(at: k, of: found, queries: queries, gallery: gallery) ?? 0
    }

    /// 1 for each query with its person among the first k, else 0.
    func recalls(at k: Int, _ found: Neighbours) -> [Double] {
        queries.indices.map { query in
            found.indices(of: query).prefix(k).contains { gallery[$0] == queries[query] } ? 1 : 0
        }
    }

    /// The share of gallery faces that show a query's person, over all queries.
    var chance: Double {
        let sizes = Dictionary(gallery.map { ($0, 1) }, uniquingKeysWith: +)
        let relevant = queries.reduce(0) { $0 + sizes[$1, default: 0] }
        return Double(relevant) / Double(max(1, queries.count * gallery.count))
    }
}

/// What needs every distance: gathered a block of queries at a time, for all of CelebA's would take gigabytes.
struct FullRanking {
    private(set) var averagePrecision: [Double] = []
    private(set) var averagePrecisionAtR: [Double] = []
    /// Squared; infinite where there is none.
    private(set) var nearestOwn: [Float] = []
    private(set) var nearestStrangers: [Float] = []
    private(set) var curve: Evaluation.Curve?

    /// Pairs of two people that verification looks at, at most.
    private static let otherPairs = 2_000_000

    init(_ index: FlatIndex, _ vectors: Matrix, _ people: PeopleNumbers, check: () throws -> Void) throws {
        let count = index.count
        let all = people.queries.count * count
        // Every stride-th pair, counting through all of them: the same on every run.
        let stride = max(1, (all + Self.otherPairs - 1) / Self.otherPairs)
        var same: [Float] = []
        var other: [Float] = []
        for start in Swift.stride(from: 0, to: people.queries.count, by: 128) {
            try check()
            let block = start..<min(start + 128, people.queries.count)
            let ranking = try index.nearest(count, to: vectors.rows(block))
            let asked = Array(people.queries[block])
            averagePrecision += IdentityMetrics.averagePrecisions(of: ranking, queries: asked, gallery: people.gallery)
                .map { $0 ?? 0 }
            averagePrecisionAtR += IdentityMetrics.averagePrecisions(
                of: ranking, queries: asked, gallery: people.gallery, atR: true
            ).map { $0 ?? 0 }
            for (row, person) in asked.enumerated() {
                var own = Float.infinity
                var stranger = Float.infinity
                let first = (start + row) * count
                for place in row * count..<(row + 1) * count {
                    let face = ranking.indices[place]
                    let distance = ranking.squaredDistances[place]
                    if people.gallery[face] == person {
                        own = min(own, distance)
                        same.append(distance)
                    } else {
                        stranger = min(stranger, distance)
                        if (first + face) % stride == 0 { other.append(distance) }
                    }
                }
                nearestOwn.append(own)
                nearestStrangers.append(stranger)
            }
        }
        guard !same.isEmpty, !other.isEmpty else { return }
        let verification = Verification(same: same, other: other)
        curve = Evaluation.Curve(
            samePairs: same.count, otherPairs: other.count, otherPairsInAll: all - same.count,
            equalErrorRate: verification.equalErrorRate,
            atOnePercent: verification.truePositives(atFalsePositives: 0.01),
            atOnePerMille: verification.truePositives(atFalsePositives: 0.001), area: verification.area,
            points: Self.points(of: verification))
    }

    /// Dense where false positives are few: that is where the curve is read.
    private static func points(of verification: Verification) -> [[Double]] {
        var points: [[Double]] = []
        for step in 0...40 {
            let limit = pow(10, Double(step) / 10 - 4)
            points.append([limit, verification.truePositives(atFalsePositives: limit)])
        }
        return points
    }
}

/// The attributes of queries and gallery, where the dataset has them.
struct EvaluatedAttributes {
    let queries: AttributeTable
    let gallery: AttributeTable

    init?(_ faces: FaceSet) {
        let count = faces.attributeNames.count
        func table(_ indices: [Int]) -> AttributeTable? {
            let values = indices.flatMap { faces.faces[$0].attributes ?? [] }
            guard count > 0, values.count == indices.count * count else { return nil }
            return AttributeTable(images: indices.count, count: count, values: values)
        }
        guard let queries = table(faces.queries), let gallery = table(faces.gallery) else { return nil }
        self.queries = queries
        self.gallery = gallery
    }

    func scores(_ ks: [Int], _ found: Neighbours) -> [AttributeScore] {
        AttributeScore.top(ks, of: found, queries: queries, gallery: gallery)
    }

    func accuracies(at k: Int, _ found: Neighbours) -> [Double] {
        AttributeScore.accuracies(at: k, of: found, queries: queries, gallery: gallery)
    }

    /// Worst first; attributes that no two queries differ in are left out.
    func balanced(at k: Int, _ found: Neighbours, _ names: [String]) -> [Evaluation.Balanced] {
        zip(names, AttributeBalance.accuracies(at: k, of: found, queries: queries, gallery: gallery))
            .compactMap { name, accuracy in accuracy.map { Evaluation.Balanced(attribute: name, accuracy: $0) } }
            .sorted { ($0.accuracy, $0.attribute) < ($1.accuracy, $1.attribute) }
    }

    var chance: Double { AttributeScore.chance(queries: queries, gallery: gallery).accuracy }
    var constantAnswer: Double { AttributeScore.constant(queries: queries, gallery: gallery).accuracy }
}
