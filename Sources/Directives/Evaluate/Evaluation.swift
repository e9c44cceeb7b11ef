import Foundation
import Pages
import Retrieval

/// What an evaluation found, and of what: the same on every run.
struct Evaluation {
    /// `MobileNet-V2`, `raw pixels`.
    var describer: String
    var dataset: String
    /// Photographs that the dataset held before preprocessing.
    var photographs: Int
    /// Whether nobody took them: `likeness synthesize` drew them.
    var isDrawn = false
    /// `LeakCheck`'s sentence.
    var certificate: String
    /// The network's arithmetic, `bf16`; nil where there is no network.
    var precision: String?
    /// Whether the network was trained on the people by whom the open set is calibrated.
    var areCalibratingTrained = false
    /// Means of all runs.
    var quality: RetrievalQuality
    /// Which runs there were, and what each came to where there were several.
    var runs: [Run] = []
    var ofRuns: [RetrievalQuality] = []
}

extension Evaluation {
    /// Evaluations of the same describer, one for each run.
    ///
    /// - Parameter scores: those of all runs, pooled.
    init(pooling evaluations: [Evaluation], of runs: [Run], scores: QueryScores) {
        precondition(!runs.isEmpty && evaluations.count == runs.count)
        self = evaluations[0]
        self.runs = runs
        guard runs.count > 1 else { return }
        ofRuns = evaluations.map(\.quality)
        quality = RetrievalQuality(pooling: runs.bySplit(ofRuns), scores: scores)
    }

    /// `1,061 faces`, or `between 44 and 57 faces` where splits differ.
    var galleryInWords: Phrase {
        let sizes = ofRuns.map(\.gallery)
        guard let least = sizes.min(), let most = sizes.max(), least < most else {
            return "\(Numeral.count(quality.gallery)) faces"
        }
        return "between \(Numeral.count(least)) and \(Numeral.count(most)) faces"
    }

    /// Whether the same people were asked for in as many splits.
    func hasSplits(of other: Evaluation) -> Bool { Set(runs.map(\.split)) == Set(other.runs.map(\.split)) }
}

/// Stored as one object: what was measured beside of what it was.
extension Evaluation: Codable {
    private enum Key: CodingKey {
        case describer, dataset, photographs, isDrawn, certificate, precision, areCalibratingTrained, runs, ofRuns
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        describer = try container.decode(String.self, forKey: .describer)
        dataset = try container.decode(String.self, forKey: .dataset)
        photographs = try container.decode(Int.self, forKey: .photographs)
        isDrawn = try container.decodeIfPresent(Bool.self, forKey: .isDrawn) ?? false
        certificate = try container.decode(String.self, forKey: .certificate)
        precision = try container.decodeIfPresent(String.self, forKey: .precision)
        areCalibratingTrained = try container.decode(Bool.self, forKey: .areCalibratingTrained)
        runs = try container.decode([Run].self, forKey: .runs)
        ofRuns = try container.decode([RetrievalQuality].self, forKey: .ofRuns)
        quality = try RetrievalQuality(from: decoder)
    }

    func encode(to encoder: any Encoder) throws {
        try quality.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(describer, forKey: .describer)
        try container.encode(dataset, forKey: .dataset)
        try container.encode(photographs, forKey: .photographs)
        if isDrawn { try container.encode(isDrawn, forKey: .isDrawn) }
        try container.encode(certificate, forKey: .certificate)
        try container.encodeIfPresent(precision, forKey: .precision)
        try container.encode(areCalibratingTrained, forKey: .areCalibratingTrained)
        try container.encode(runs, forKey: .runs)
        try container.encode(ofRuns, forKey: .ofRuns)
    }
}

/// The ranks of every query, as faces of the `FaceSet`.
struct Ranking: Codable {
    var queries: [Int]
    /// Of each query: its photograph, below the dataset's folder, and whom it shows.
    var photographs: [String]
    var people: [String]
    /// How many ranks are kept of each query.
    var depth: Int
    var ranks: [[Int]]
    var distances: [[Double]]
    /// Of each query: the distances of the nearest face of its person and of the nearest stranger.
    var nearestOwn: [Double]
    var nearestStrangers: [Double]
}

/// Seconds; these differ from run to run.
struct EvaluationTimes: Codable {
    var embedding: Double
    var build: Double
    /// All queries, for each k.
    var queries: [Double]
    /// Everything after embedding.
    var measuring: Double
    var threads: Int
}

extension EvaluationTimes {
    /// Of several runs, at least one: means.
    init(mean runs: [EvaluationTimes]) {
        self = runs[0]
        func mean(_ value: (EvaluationTimes) -> Double) -> Double {
            runs.reduce(0) { $0 + value($1) } / Double(runs.count)
        }
        embedding = mean(\.embedding)
        build = mean(\.build)
        queries = queries.indices.map { place in mean { $0.queries[place] } }
        measuring = mean(\.measuring)
    }
}

extension Evaluation {
    var measureNotes: [Phrase] {
        var notes: [Phrase] = [
            """
            Intervals: 95 %, over the \(Numeral.count(quality.people)) people whom the \(Numeral.count(quality.queries)) queries \
            show, who are resampled with all of their images; where all people agree, the exact one for so many, which reaches farther \
            than that of people who nearly agree.
            """
        ]
        if Set(runs.map(\.split)).count > 1 {
            notes.append("The people of all splits are one sample; each is resampled among those of the same split.")
        }
        if quality.people < 10 {
            notes.append(
                """
                Intervals over so few people are too narrow: in simulations with eight people, those of 95 % held the true value in \
                \(Numeral.fixed(88.4, digits: 1)) to \(Numeral.fixed(94.7, digits: 1)) % of all cases.
                """)
        }
        if let verification = quality.verification {
            let all = verification.otherPairsInAll
            let drawn: Phrase =
                verification.otherPairs < all ? ", drawn evenly from \(Numeral.count(all))" : ""
            notes.append(
                """
                Verification: \(Numeral.count(verification.samePairs)) pairs of one person, \
                \(Numeral.count(verification.otherPairs)) of two\(drawn); a pair depends on both of its people, so that intervals \
                weigh it by both when the \(Numeral.count(verification.equalErrorRate.estimate.people)) people are resampled.
                """)
        }
        if let words = runs.inWords {
            notes.insert(
                """
                Figures are means over \(words), with ± the standard deviation between them. The intervals do not hold it: \
                they are over people, each of whom stands with the mean over all seeds. Rates of verification and of the open set are no \
                means over people: their intervals are put together from those of the runs, whose reaches are averaged over seeds and \
                added as squares over splits. What belongs to one run alone, such as a threshold and its curves, is that of the \
                first.
                """, at: 0)
        }
        if let openSet = quality.openSet {
            notes.append(
                areCalibratingTrained
                    ? "\(openSet.note) The network was trained on the people who calibrate." : openSet.note)
        }
        notes.append(Phrase(key: certificate))
        notes.append("Chance: what a ranking in random order, or a threshold drawn at random, has on average.")
        notes.append(quality.exactness.note(gallery: quality.gallery))
        return notes
    }
}

extension RetrievalQuality.Exactness {
    /// What the tree answered, and what it did for it.
    fileprivate func note(gallery: Int) -> Phrase {
        func count(_ mean: Double) -> String { Numeral.count(Int(mean.rounded())) }
        let verdict: Phrase = equal ? "equal in every rank and distance" : "DIFFERENT"
        let depths: Phrase = depth > k ? "k = \(k) and k = \(Numeral.count(depth))" : "k = \(k)"
        guard nodes > 1 else {
            return """
                KD-tree against brute force at \(depths): \(verdict). The tree is one leaf of \(Numeral.count(gallery)) vectors: at \
                k = \(k) their leading coordinates were compared, which ruled out all but \(count(distancesComputed)) on average, whose \
                distances were computed in full.
                """
        }
        return """
            KD-tree against brute force at \(depths): \(verdict). At \
            k = \(k) a query visited \(count(nodesVisited)) of \(Numeral.count(nodes)) nodes on average and pruned \
            \(count(nodesPruned)) with all below them. The leaves it reached hold \(count(partialDistances)) of \
            \(Numeral.count(gallery)) vectors: their leading coordinates were compared, which ruled out all but \
            \(count(distancesComputed)), whose distances were computed in full.
            """
    }
}
