/// Compares digit runs by value and everything else by byte: `s2` before `s10`. O(length), no memory.
package func naturallyPrecedes(_ a: String, _ b: String) -> Bool {
    let order = a.utf8.withContiguousStorageIfAvailable { x in
        b.utf8.withContiguousStorageIfAvailable { y in naturalOrder(x, y) }
    }
    if let order = order ?? nil { return order < 0 }
    // Strings that are not native (none on Linux) are copied first.
    return Array(a.utf8).withUnsafeBufferPointer { x in
        Array(b.utf8).withUnsafeBufferPointer { y in naturalOrder(x, y) }
    } < 0
}

/// Below zero when `x` comes first; equal values with more leading zeros, and all else that is equal, go by byte.
private func naturalOrder(_ x: UnsafeBufferPointer<UInt8>, _ y: UnsafeBufferPointer<UInt8>) -> Int {
    func isDigit(_ byte: UInt8) -> Bool { byte >= 48 && byte <= 57 }
    var (i, j) = (0, 0)
    while i < x.count, j < y.count {
        if isDigit(x[i]), isDigit(y[j]) {
            while i < x.count, x[i] == 48 { i += 1 }
            while j < y.count, y[j] == 48 { j += 1 }
            let (startX, startY) = (i, j)
            while i < x.count, isDigit(x[i]) { i += 1 }
            while j < y.count, isDigit(y[j]) { j += 1 }
            if i - startX != j - startY { return (i - startX) - (j - startY) }
            for k in 0..<(i - startX) where x[startX + k] != y[startY + k] {
                return Int(x[startX + k]) - Int(y[startY + k])
            }
        } else {
            if x[i] != y[j] {
                // A run of other characters that ends here precedes one that goes on, whatever digit follows.
                if isDigit(x[i]), i > 0, !isDigit(x[i - 1]) { return -1 }
                if isDigit(y[j]), j > 0, !isDigit(y[j - 1]) { return 1 }
                return Int(x[i]) - Int(y[j])
            }
            i += 1
            j += 1
        }
    }
    if i < x.count || j < y.count { return (x.count - i) - (y.count - j) }
    for k in 0..<min(x.count, y.count) where x[k] != y[k] { return Int(x[k]) - Int(y[k]) }
    return x.count - y.count
}

extension Array {
    /// In natural order of a name. Names of equal form come sorted by byte, which is cheaper to find out first.
    mutating func sortNaturally(by name: (Element) -> String) {
        sort { name($0) < name($1) }
        let isSorted = zip(self, dropFirst()).allSatisfy { !naturallyPrecedes(name($1), name($0)) }
        if !isSorted { sort { naturallyPrecedes(name($0), name($1)) } }
    }
}
