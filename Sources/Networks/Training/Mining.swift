import Tensors

/// Which triplets a step learns from.
package enum Mining: String, Sendable, Hashable, Codable, CaseIterable {
    /// Those drawn beforehand, whatever the network makes of them.
    case random
    /// Every pair of one person in the batch, with the nearest face of another one that lies farther than the positive;
    /// with the farthest where none does. FaceNet, 2015.
    case semiHard = "semi-hard"
    /// Every face of the batch, with its farthest positive and its nearest negative. Hermans, Beyer, Leibe, "In Defense
    /// of the Triplet Loss", 2017.
    case batchHard = "batch-hard"

    /// Triplets of rows of the embeddings [n, d], each of which shows the person of that number. O(n² · d + n³).
    ///
    /// Empty where no person has two rows or there is one person alone; ties go to the first row. `random` mines none.
    package func triplets(_ embeddings: Tensor, people: [Int], _ loss: TripletLoss) -> [Triplet] {
        let count = people.count
        precondition(embeddings.shape[0] == count)
        guard self != .random else { return [] }
        var distances = [Float](repeating: 0, count: count * count)
        for x in 0..<count {
            for y in 0..<count where y != x { distances[x * count + y] = loss.distance(embeddings, x, y) }
        }
        var triplets: [Triplet] = []
        for anchor in 0..<count {
            let far = { (row: Int) in distances[anchor * count + row] }
            let positives = (0..<count).filter { $0 != anchor && people[$0] == people[anchor] }
            let negatives = (0..<count).filter { people[$0] != people[anchor] }
            guard let nearest = first(negatives, by: { far($0) < far($1) }),
                let farthest = first(negatives, by: { far($0) > far($1) }),
                let hardest = first(positives, by: { far($0) > far($1) })
            else { continue }
            if self == .batchHard {
                triplets.append(Triplet(anchor: anchor, positive: hardest, negative: nearest))
            } else {
                for positive in positives {
                    let beyond = first(negatives.filter { far($0) > far(positive) }, by: { far($0) < far($1) })
                    triplets.append(Triplet(anchor: anchor, positive: positive, negative: beyond ?? farthest))
                }
            }
        }
        return triplets
    }

    /// The first row that no other one precedes.
    private func first(_ rows: [Int], by precedes: (Int, Int) -> Bool) -> Int? {
        rows.reduce(nil) { best, row in
            guard let best else { return row }
            return precedes(row, best) ? row : best
        }
    }
}
