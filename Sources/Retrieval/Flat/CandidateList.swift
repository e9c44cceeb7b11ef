import CVectors

/// What of a gallery may be among a query's k nearest, by approximate distances that arrive a tile at a time.
///
/// Why nothing is missed: let s = ‖x‖² − 2q·x as computed, c the distance as defined, and ε a bound on |s + ‖q‖² − c|
/// over the gallery. With σ the k-th smallest s so far, k rows have c ≤ σ + ‖q‖² + ε; so the k-th smallest c is at most
/// that, and every row that is at least as near has s ≤ σ + 2ε.
///
/// Where more rows than the list holds lie within that margin, equal ones for example, they are measured by the one
/// definition of distance at once and only the k nearest of them stay: memory is O(k), and no row is measured twice.
struct CandidateList {
    /// The query and the rows of the gallery, `width` steps of sixteen numbers each.
    struct Operands {
        var query: UnsafePointer<SIMD16<Float>>
        var rows: UnsafePointer<SIMD16<Float>>
        var width: Int
    }

    private let k: Int
    private let margin: Double
    private var keys: [UInt64]
    private var count = 0
    private var limit = Float.infinity
    private let operands: Operands
    /// The nearest of the rows that were measured already, at most k, as `NeighbourKey`s in no order.
    private var measured: [UInt64] = []

    /// `margin` is 2ε; `operands` must outlive the list.
    init(k: Int, margin: Double, among operands: Operands) {
        self.k = k
        self.margin = margin
        self.operands = operands
        keys = [UInt64](repeating: 0, count: 2 * k + 512)
    }

    /// Offers `count` rows from row `first` on: s is products[i] + squaredNorms[i].
    mutating func add(
        _ products: UnsafePointer<Float>, _ squaredNorms: UnsafePointer<Float>, count rows: Int, first: Int
    ) {
        var done = 0
        while done < rows {
            if keys.count - count < 64 {
                tighten()
                if keys.count - count < k + 64 { measure() }
            }
            var written = 0
            keys.withUnsafeMutableBufferPointer { keys in
                guard let base = keys.baseAddress else { return }
                done += vectors_collect(
                    products + done, squaredNorms + done, rows - done, UInt32(truncatingIfNeeded: first + done), limit,
                    base + count, keys.count - count, &written)
            }
            count += written
        }
    }

    /// Forgets what lies beyond the margin of the k-th smallest.
    private mutating func tighten() {
        guard count > k else { return }
        keys.withUnsafeMutableBufferPointer { keys in
            guard let keys = keys.baseAddress else { return }
            limit = min(limit, Float(Double(Self.value(select(k - 1, of: keys, count: count))) + margin).nextUp)
            var kept = k
            for i in k..<count where Self.value(keys[i]) <= limit {
                keys[kept] = keys[i]
                kept += 1
            }
            count = kept
        }
    }

    /// Measures what is in the list, and keeps the k nearest of all that was measured. O(list · columns).
    private mutating func measure() {
        guard count > 0 else { return }
        let (count, operands, before) = (count, operands, measured.count)
        measured += [UInt64](repeating: 0, count: count)
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: count) { positions in
            for i in 0..<count { positions[i] = UInt32(truncatingIfNeeded: keys[i]) }
            measured.withUnsafeMutableBufferPointer { measured in
                guard let base = measured.baseAddress, let positions = positions.baseAddress else { return }
                vectors_measure(operands.query, operands.rows, operands.width, positions, count, nil, base + before)
                if before + count > k { _ = select(k - 1, of: base, count: before + count) }
            }
        }
        measured.removeLast(max(0, measured.count - k))
        self.count = 0
    }

    /// Measures what is left and writes the k nearest. At least k rows were added.
    mutating func rank(_ indices: UnsafeMutablePointer<Int>, _ distances: UnsafeMutablePointer<Float>) {
        tighten()
        measure()
        let k = k
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: k) { scratch in
            measured.withUnsafeMutableBufferPointer { keys in
                guard let keys = keys.baseAddress, let scratch = scratch.baseAddress else { return }
                sort(keys, count: k, scratch: scratch)
                for i in 0..<k {
                    indices[i] = NeighbourKey.index(keys[i])
                    distances[i] = NeighbourKey.squaredDistance(keys[i])
                }
            }
        }
    }

    /// The number that a key was made from (`vectors_collect`).
    private static func value(_ key: UInt64) -> Float {
        let bits = UInt32(truncatingIfNeeded: key >> 32)
        return Float(bitPattern: bits & 0x8000_0000 != 0 ? bits ^ 0x8000_0000 : ~bits)
    }
}
