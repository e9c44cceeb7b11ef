/// Sums over the triplets that an epoch has seen so far.
struct EpochTotals: Sendable {
    var count = 0
    var loss = 0.0
    var positiveDistance = 0.0
    var negativeDistance = 0.0
    var activeCount = 0
    var positives = DistanceCounts()
    var negatives = DistanceCounts()

    /// Adds a batch, whose means are weighted by its triplets. O(triplets).
    mutating func add(_ batch: TripletLoss.Result) {
        loss += batch.loss * Double(batch.count)
        positiveDistance += batch.positiveDistance * Double(batch.count)
        negativeDistance += batch.negativeDistance * Double(batch.count)
        activeCount += batch.activeCount
        count += batch.count
        for distance in batch.positiveDistances { positives.add(distance) }
        for distance in batch.negativeDistances { negatives.add(distance) }
    }
}

extension FineTuning.EpochRecord {
    /// From sums over an epoch's triplets.
    init(epoch: Int, totals: EpochTotals, seconds: Double) {
        let count = Double(max(totals.count, 1))
        self.init(
            epoch: epoch, loss: totals.loss / count, activeShare: Double(totals.activeCount) / count,
            positiveDistance: totals.positiveDistance / count, negativeDistance: totals.negativeDistance / count,
            positives: DistanceQuantiles(totals.positives), negatives: DistanceQuantiles(totals.negatives),
            validationLoss: nil, seconds: seconds)
    }
}
