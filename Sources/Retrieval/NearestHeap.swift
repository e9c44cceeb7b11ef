/// The `k` smallest keys seen so far, the largest of them on top, in memory that the caller lends.
struct NearestHeap {
    let k: Int
    private let keys: UnsafeMutablePointer<UInt64>
    private(set) var count = 0

    /// `keys` has room for `k` ≥ 1.
    init(k: Int, in keys: UnsafeMutablePointer<UInt64>) {
        self.k = k
        self.keys = keys
    }

    var isFull: Bool { count == k }

    /// The distance that a newcomer must not exceed, once full.
    var worst: Float { NeighbourKey.squaredDistance(keys[0]) }

    /// True when `key` was taken. O(log k).
    @inline(__always)
    mutating func offer(_ key: UInt64) -> Bool {
        if count < k {
            keys[count] = key
            count += 1
            if count == k {
                for root in stride(from: k / 2 - 1, through: 0, by: -1) { sift(root, keys[root]) }
            }
            return true
        }
        guard key < keys[0] else { return false }
        sift(0, key)
        return true
    }

    /// Puts `key` at `root` or below, where it belongs.
    ///
    /// Goes down to a leaf by the larger child, then up: a newcomer usually stays near the bottom, and the way
    /// down has no branch to guess. Source: Wegener 1993, bottom-up heapsort.
    private func sift(_ root: Int, _ key: UInt64) {
        var hole = root
        var child = 2 * hole + 2
        while child < k {
            child &-= keys[child &- 1] > keys[child] ? 1 : 0
            keys[hole] = keys[child]
            hole = child
            child = 2 * hole + 2
        }
        if child == k {
            keys[hole] = keys[child - 1]
            hole = child - 1
        }
        while hole > root {
            let parent = (hole - 1) / 2
            guard keys[parent] < key else { break }
            keys[hole] = keys[parent]
            hole = parent
        }
        keys[hole] = key
    }

    /// Nearest first. O(k log k).
    func write(to indices: UnsafeMutablePointer<Int>, _ squaredDistances: UnsafeMutablePointer<Float>) {
        var sorted = UnsafeMutableBufferPointer(start: keys, count: count)
        sorted.sort()
        for i in 0..<count {
            indices[i] = NeighbourKey.index(keys[i])
            squaredDistances[i] = NeighbourKey.squaredDistance(keys[i])
        }
    }
}
