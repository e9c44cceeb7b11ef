import Foundation
import Ranks

/// How a batch is worked on: cut into pieces, each of which one core of one rank does on its own.
///
/// The pieces depend on the number of images alone, and what they contribute to a common sum is added as one binary tree
/// over them: results are the same on any number of cores and ranks, bit for bit. A rank has a branch of the tree.
package struct BatchSplit {
    package let precision: Precision
    /// Images of the batch, in order.
    package let pieces: [Range<Int>]
    /// The different numbers of images in a piece, and which of them each piece has.
    let sizes: [Int]
    package let sizeIndex: [Int]
    /// A core's working memory each.
    package let scratches: [Scratch]
    /// Who works on the batch: a power of two, at most `pieceCount`.
    let ranks: Ranks
    /// The pieces of this rank.
    package let own: Range<Int>
    /// In what the terms of a sum over all pieces are rounded.
    let gradients: Precision
    /// Sums over all ranks that go on beside the work.
    package let sums: RankSums

    /// What a batch is cut into where it has as many images: few enough that gradients of weights, of which each piece
    /// makes a set, are cheap to add up. What learns uses no more cores than that; the frozen part before it uses all.
    package static let pieceCount = 8

    /// - Parameter gradients: bf16 rounds what is added up over the pieces, whoever has them, so that ranks send half the bytes.
    package init(
        images: Int, precision: Precision, scratches: [Scratch], ranks: Ranks = .alone, gradients: Precision = .f32
    ) {
        precondition(images > 0 && !scratches.isEmpty)
        let count = min(BatchSplit.pieceCount, images)
        self.ranks = ranks
        (self.gradients, sums) = (gradients, RankSums(ranks, isRounded: gradients == .bf16))
        own = BatchSplit.pieces(of: ranks.index, among: ranks.count, of: count)
        let pieces = (0..<count).map { images * $0 / count..<images * ($0 + 1) / count }
        let sizes = Set(pieces.map(\.count)).sorted()
        (self.precision, self.pieces, self.scratches) = (precision, pieces, scratches)
        self.sizes = sizes
        sizeIndex = pieces.map { piece in sizes.firstIndex(of: piece.count) ?? 0 }
    }

    /// A rank's pieces: its branch of the tree, as far as there are pieces.
    private static func pieces(of rank: Int, among ranks: Int, of count: Int) -> Range<Int> {
        min(pieceCount * rank / ranks, count)..<min(pieceCount * (rank + 1) / ranks, count)
    }

    /// The images of this rank's pieces.
    package var ownImages: Range<Int> { images(of: own) }

    private func images(of range: Range<Int>) -> Range<Int> {
        guard let first = range.first, let last = range.last else {
            let end =
                range.lowerBound < pieces.count ? pieces[range.lowerBound].lowerBound : pieces.last?.upperBound ?? 0
            return end..<end
        }
        return pieces[first].lowerBound..<pieces[last].upperBound
    }

    /// Calls `work` for every piece of this rank, on as many cores as there are scratches.
    package func eachPiece(_ work: (_ piece: Int, _ worker: Int) -> Void) {
        Threads.each(own.count, workers: scratches.count) { index, worker in work(own.lowerBound + index, worker) }
    }

    /// What every rank wrote of a tensor with an entry for each piece, on all ranks.
    func share(pieces tensor: Tensor) throws(RankFailure) { try share(tensor) { $0 } }

    /// The same of a tensor with an entry for each image.
    package func share(images tensor: Tensor) throws(RankFailure) { try share(tensor) { images(of: $0) } }

    private func share(_ tensor: Tensor, _ entries: (Range<Int>) -> Range<Int>) throws(RankFailure) {
        guard ranks.count > 1 else { return }
        let size = tensor.count / max(1, tensor.shape[0])
        let ends = (0..<ranks.count).map { rank in
            size * entries(BatchSplit.pieces(of: rank, among: ranks.count, of: pieces.count)).upperBound
        }
        do {
            try ranks.share(tensor.values, of: tensor, bounds: [0] + ends)
        } catch {
            sums.giveUp()
            throw error
        }
    }

    /// Something for every worker and every size of piece: kernels, which no two threads may run at once.
    package func made<Made>(
        _ make: (_ size: Int, _ scratch: Scratch) throws(KernelError) -> Made
    ) throws(KernelError) -> [[Made]] {
        var made: [[Made]] = []
        for scratch in scratches.prefix(pieces.count) {
            var row: [Made] = []
            for size in sizes {
                row.append(try Threads.single { () throws(KernelError) in try make(size, scratch) })
            }
            made.append(row)
        }
        return made
    }
}

/// Memory that several users fill one after another: as large as the largest of them needs.
package final class SharedMemory: @unchecked Sendable {
    /// Guards everything below.
    private let lock = NSLock()
    private var byteCount = 0
    private var memory = AlignedMemory(byteCount: 0)

    package init() {}

    /// Makes room; before the first view.
    package func reserve(_ count: Int, _ precision: Precision = .f32) {
        lock.withLock { byteCount = max(byteCount, count * precision.byteCount) }
    }

    /// The memory in that shape. Views taken before a later, larger reservation keep their own. From any thread.
    package func activations(_ shape: [Int], _ precision: Precision) -> any Activations {
        precision == .f32 ? tensor(shape) : HalfTensor(view: sized(), offset: 0, shape: shape)
    }

    package func tensor(_ shape: [Int]) -> Tensor { Tensor(view: sized(), offset: 0, shape: shape) }

    private func sized() -> AlignedMemory {
        lock.lock()
        defer { lock.unlock() }
        if memory.byteCount < byteCount { memory = AlignedMemory(byteCount: byteCount) }
        return memory
    }
}
