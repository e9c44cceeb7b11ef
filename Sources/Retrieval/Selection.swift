/// Puts the smallest `rank` + 1 elements first and returns the largest of them. 0 ≤ rank < count.
///
/// O(count) expected. Source: Hoare 1961, with the median of three as pivot.
@inline(__always)
func select<Element: Comparable>(
    _ rank: Int, of values: UnsafeMutablePointer<Element>, count: Int
) -> Element {
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
                swap(&values[i], &values[j])
                i += 1
                j -= 1
            }
        }
        if rank <= j { high = j } else if rank >= i { low = i } else { break }
    }
    return values[rank]
}

/// Sorts keys, with room for `count` more at `scratch`. O(count).
///
/// Byte by byte from the lowest; bytes that all keys share, an index's upper ones for example, cost one look.
func sort(_ keys: UnsafeMutablePointer<UInt64>, count: Int, scratch: UnsafeMutablePointer<UInt64>) {
    guard count > 48 else {
        var few = UnsafeMutableBufferPointer(start: keys, count: count)
        few.sort()
        return
    }
    var different: UInt64 = 0
    for i in 1..<count { different |= keys[i] ^ keys[0] }
    var from = keys
    var to = scratch
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 256) { places in
        for shift in stride(from: UInt64(0), to: 64, by: 8) where different >> shift & 255 != 0 {
            places.initialize(repeating: 0)
            for i in 0..<count { places[Int(from[i] >> shift & 255)] &+= 1 }
            var next = 0
            for digit in 0..<256 {
                let these = places[digit]
                places[digit] = next
                next += these
            }
            for i in 0..<count {
                let digit = Int(from[i] >> shift & 255)
                to[places[digit]] = from[i]
                places[digit] &+= 1
            }
            swap(&from, &to)
        }
    }
    if from != keys { keys.update(from: from, count: count) }
}
