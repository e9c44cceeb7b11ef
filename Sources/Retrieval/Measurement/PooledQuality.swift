// One retrieval measured several times: over several splits of the people, and in each with several trainings.

extension RetrievalQuality {
    /// Means of all figures, each split counting as its queries. Where a figure is a mean over people, those of all splits are
    /// one sample; intervals of other rates are as `Estimate.init(pooling:weights:)` has them. What belongs to one
    /// measurement alone, such as an open set's threshold and its curves, is that of the first.
    ///
    /// - Parameters:
    ///   - splits: of each split its trainings, at least one; measured at the same k.
    ///   - scores: of the same.
    package init(pooling splits: [[RetrievalQuality]], scores: QueryScores) {
        precondition(!splits.isEmpty && splits.allSatisfy { !$0.isEmpty })
        self = splits[0][0]
        guard splits.count > 1 || splits[0].count > 1 else { return }
        let weights = splits.map { Double($0[0].queries) }
        let all = splits.flatMap { $0 }
        let ofAll = splits.flatMap { trainings in trainings.map { Double($0.queries) / Double(trainings.count) } }
        func mean(_ value: (RetrievalQuality) -> Double?) -> Double? {
            let values = all.compactMap(value)
            guard values.count == all.count else { return nil }
            return zip(values, ofAll).reduce(0) { $0 + $1.0 * $1.1 } / ofAll.reduce(0, +)
        }
        func pooled(_ value: (RetrievalQuality) -> Estimate?) -> Estimate? {
            let values = splits.map { $0.compactMap(value) }
            guard zip(values, splits).allSatisfy({ $0.count == $1.count }) else { return nil }
            return Estimate(pooling: values, weights: weights)
        }
        queries = splits.reduce(0) { $0 + $1[0].queries }
        people = splits.reduce(0) { $0 + $1[0].people }
        rows = rows.enumerated().map { place, row in
            var row = row
            row.values = row.values.compactMapValues { $0 }.reduce(into: [:]) { values, entry in
                values[entry.key] = mean { $0.rows[place].values[entry.key] }
            }
            return row
        }
        identity = scores.values.mapValues { scores.sample($0).estimate() }
        chance = chance.reduce(into: [:]) { means, entry in means[entry.key] = mean { $0.chance[entry.key] } }
        identityChance = mean(\.identityChance) ?? identityChance
        attributeChance = mean(\.attributeChance)
        constantAnswer = mean(\.constantAnswer)
        balanced = balanced.compactMap { attribute in
            var attribute = attribute
            guard
                let accuracy = mean({ quality in
                    quality.balanced.first { $0.attribute == attribute.attribute }?.accuracy
                })
            else { return nil }
            attribute.accuracy = accuracy
            return attribute
        }.sorted { $0.accuracy < $1.accuracy }
        verification = verification.flatMap { first in
            var curve = first
            func rate(_ value: (Verification.Curve) -> Verification.Rate) -> Verification.Rate? {
                guard let estimate = pooled({ $0.verification.map { value($0).estimate } }) else { return nil }
                return Verification.Rate(
                    estimate: estimate,
                    pairs: splits.reduce(0) { $0 + ($1[0].verification.map { value($0).pairs } ?? 0) })
            }
            guard let equal = rate(\.equalErrorRate), let onePercent = rate(\.atOnePercent),
                let onePerMille = rate(\.atOnePerMille)
            else { return nil }
            (curve.equalErrorRate, curve.atOnePercent, curve.atOnePerMille) = (equal, onePercent, onePerMille)
            func sum(_ count: (Verification.Curve) -> Int) -> Int {
                splits.reduce(0) { $0 + ($1[0].verification.map(count) ?? 0) }
            }
            curve.samePairs = sum(\.samePairs)
            curve.otherPairs = sum(\.otherPairs)
            curve.otherPairsInAll = sum(\.otherPairsInAll)
            curve.area = mean { $0.verification?.area } ?? curve.area
            curve.points = curve.points.enumerated().map { place, point in
                [point[0], mean { $0.verification?.points[place][1] } ?? point[1]]
            }
            return curve
        }
        openSet = openSet.map { first in
            var result = first
            result.outcome.identified = pooled { $0.openSet?.outcome.identified } ?? first.outcome.identified
            result.outcome.falselyAccepted =
                pooled { $0.openSet?.outcome.falselyAccepted } ?? first.outcome.falselyAccepted
            result.calibration.expected =
                pooled { $0.openSet?.calibration.expected } ?? first.calibration.expected
            return result
        }
        exactness.equal = all.allSatisfy(\.exactness.equal)
        exactness.nodesVisited = mean(\.exactness.nodesVisited) ?? 0
        exactness.nodesPruned = mean(\.exactness.nodesPruned) ?? 0
        exactness.partialDistances = mean(\.exactness.partialDistances) ?? 0
        exactness.distancesComputed = mean(\.exactness.distancesComputed) ?? 0
    }
}

extension QueryScores {
    /// Each query's mean over the trainings of its split, and the queries of all splits one after the other: no two splits
    /// ask for the same person.
    ///
    /// - Parameter splits: of each split its trainings, at least one, of the same queries.
    package init(pooling splits: [[QueryScores]]) {
        precondition(!splits.isEmpty && splits.allSatisfy { !$0.isEmpty })
        func pooled(_ values: (QueryScores) -> [Double]) -> [Double] {
            splits.flatMap { trainings in
                let all = trainings.map(values)
                return all[0].indices.map { query in all.reduce(0) { $0 + $1[query] } / Double(all.count) }
            }
        }
        values = splits[0][0].values.keys.reduce(into: [:]) { values, key in
            values[key] = pooled { $0.values[key] ?? [] }
        }
        accuracy = splits[0][0].accuracy.indices.map { row in pooled { $0.accuracy[row] } }
        (people, self.splits) = ([], [])
        var known = 0
        for (split, trainings) in splits.enumerated() {
            let numbers = trainings[0].people
            people += numbers.map { $0 + known }
            self.splits += numbers.map { _ in split }
            known += (numbers.max() ?? -1) + 1
        }
    }
}
