/// Memory that several users fill one after another: as large as the largest of them needs.
package final class SharedTensor {
    private var memory = Tensor([0])
    private var count = 0

    package init() {}

    /// Makes room for that many values; before the first view.
    package func reserve(_ count: Int) { self.count = max(self.count, count) }

    /// The memory in that shape. Views taken before a later, larger reservation keep their own.
    package func viewed(as shape: [Int]) -> Tensor {
        if memory.count < count { memory = Tensor([count]) }
        return memory.viewed(as: shape)
    }
}
