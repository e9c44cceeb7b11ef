/// The `k` smallest keys seen so far and a few more, in memory that the caller lends.
///
/// Keys are gathered until the room is full, then all but the k smallest go: cheaper than a heap where k is large, and
/// for small k the room for more is small too, so that the limit follows closely.
struct NearestList {
    let k: Int
    private let keys: UnsafeMutablePointer<UInt64>
    private let capacity: Int
    private var count = 0
    /// Above every key that may still matter; the k-th smallest at some earlier moment.
    private var last = UInt64.max

    /// How many keys `keys` must have room for.
    static func capacity(_ k: Int) -> Int { k + 1 + k / 4 }

    /// `keys` has room for `capacity(k)`; k ≥ 1.
    init(k: Int, in keys: UnsafeMutablePointer<UInt64>) {
        self.k = k
        self.keys = keys
        capacity = Self.capacity(k)
    }

    /// The distance that a newcomer must not exceed; meaningful once `offer` has returned true.
    var worst: Float { NeighbourKey.squaredDistance(last) }

    /// Takes a key that may matter; true when `worst` has become smaller. O(1) in the mean.
    @inline(__always)
    mutating func offer(_ key: UInt64) -> Bool {
        guard key < last else { return false }
        keys[count] = key
        count += 1
        guard count == capacity || (count == k && last == .max) else { return false }
        tidy()
        return true
    }

    private mutating func tidy() {
        last = select(k - 1, of: keys, count: count)
        count = k
    }

    /// Nearest first; `scratch` has room for k keys. O(k).
    mutating func write(
        to indices: UnsafeMutablePointer<Int>, _ squaredDistances: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<UInt64>
    ) {
        if count > k { tidy() }
        sort(keys, count: count, scratch: scratch)
        for i in 0..<count {
            indices[i] = NeighbourKey.index(keys[i])
            squaredDistances[i] = NeighbourKey.squaredDistance(keys[i])
        }
    }
}
