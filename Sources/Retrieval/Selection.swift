/// Finds the k smallest of many numbers, sixteen at a time; one lives per thread.
struct Selection {
    let k: Int
    private var kept: [Float]
    /// The heap, then room for sixteen more and one.
    private var keys: [UInt64]

    init(k: Int) {
        self.k = k
        kept = [Float](repeating: 0, count: 2 * k + 256)
        keys = [UInt64](repeating: 0, count: k + 17)
    }

    /// Adds `offsets` to `values` in place and returns the k-th smallest sum. `count` ≥ k. O(count) in practice.
    mutating func smallest(
        _ values: UnsafeMutablePointer<Float>, plus offsets: UnsafePointer<Float>, count: Int
    ) -> Float {
        var threshold = Float.infinity
        var found = 0
        let capacity = kept.count
        let k = k
        return kept.withUnsafeMutableBufferPointer { kept in
            let whole = count & ~15
            for start in stride(from: 0, to: whole, by: 16) {
                let sums = load16(values + start) + load16(offsets + start)
                UnsafeMutableRawPointer(values + start).storeBytes(of: sums, as: SIMD16<Float>.self)
                guard anyLane(sums .<= threshold) else { continue }
                for lane in start..<start + 16 {
                    kept[found] = values[lane]
                    found += values[lane] <= threshold ? 1 : 0
                }
                if found > capacity - 17 {
                    threshold = select(k - 1, of: kept, count: found)
                    found = k
                }
            }
            for i in whole..<count {
                values[i] += offsets[i]
                kept[found] = values[i]
                found += 1
            }
            return select(k - 1, of: kept, count: found)
        }
    }

    /// Measures every index whose value is ≤ `limit` (at least k of them) and writes the k nearest.
    @inline(__always)
    mutating func rank(
        _ values: UnsafePointer<Float>, upTo limit: Float, count: Int,
        _ indices: UnsafeMutablePointer<Int>, _ distances: UnsafeMutablePointer<Float>, _ distance: (Int) -> Float
    ) {
        let k = k
        keys.withUnsafeMutableBufferPointer { keys in
            guard let base = keys.baseAddress else { return }
            let scratch = base + k
            var heap = NearestHeap(k: k, in: base)
            let whole = count & ~15
            for start in stride(from: 0, to: whole, by: 16) where anyLane(load16(values + start) .<= limit) {
                // All distances first, so that the loads overlap.
                var found = 0
                for index in start..<start + 16 {
                    scratch[found] = UInt64(index)
                    found += values[index] <= limit ? 1 : 0
                }
                for i in 0..<found {
                    let index = Int(scratch[i])
                    scratch[i] = NeighbourKey.make(distance(index), index)
                }
                for i in 0..<found { _ = heap.offer(scratch[i]) }
            }
            for index in whole..<count where values[index] <= limit {
                _ = heap.offer(NeighbourKey.make(distance(index), index))
            }
            heap.write(to: indices, distances)
        }
    }
}

/// Puts the smallest `rank` + 1 numbers first and returns the largest of them. O(count) expected (Hoare's quickselect,
/// median of three).
func select(_ rank: Int, of values: UnsafeMutableBufferPointer<Float>, count: Int) -> Float {
    var low = 0
    var high = count - 1
    while low < high {
        let middle = low + (high - low) / 2
        let a = values[low]
        let b = values[middle]
        let c = values[high]
        let pivot = max(min(a, b), min(max(a, b), c))
        var i = low
        var j = high
        while i <= j {
            while values[i] < pivot { i += 1 }
            while values[j] > pivot { j -= 1 }
            if i <= j {
                values.swapAt(i, j)
                i += 1
                j -= 1
            }
        }
        if rank <= j { high = j } else if rank >= i { low = i } else { break }
    }
    return values[rank]
}

@inline(__always)
func load16(_ pointer: UnsafePointer<Float>) -> SIMD16<Float> {
    UnsafeRawPointer(pointer).loadUnaligned(as: SIMD16<Float>.self)
}

/// Whether any lane is set: two unions and one test, where the library's own reduction goes lane by lane.
@inline(__always)
func anyLane(_ mask: SIMDMask<SIMD16<Int32>>) -> Bool {
    let eight = unsafeBitCast(mask, to: SIMD8<Int64>.self)
    let four = eight.lowHalf | eight.highHalf
    let two = four.lowHalf | four.highHalf
    return two.x | two.y != 0
}
