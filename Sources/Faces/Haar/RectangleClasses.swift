import Imaging

/// The transitive closure of similarity among rectangles, found without comparing each with each.
///
/// Two rectangles of one size are similar when their corners lie close enough. So rectangles of one size are put in cells
/// so small that all in a cell are similar; a cell is then compared with the cells near it, of its own size and of similar
/// sizes, until one similar pair is found, and not at all where both are in one class already. About O(n) for windows of a
/// scan, whose sizes are few; the result is that of comparing all pairs.
struct RectangleClasses {
    /// For each rectangle the number of its class, in the order of the classes' first members.
    let labels: [Int]
    let count: Int

    init(_ rectangles: [Rectangle], tolerance: Double) {
        var closure = Closure(rectangles, tolerance: tolerance)
        closure.joinNeighbours()
        var numbers = [Int](repeating: -1, count: rectangles.count)
        var count = 0
        labels = rectangles.indices.map { index in
            let root = closure.root(of: index)
            if numbers[root] < 0 {
                numbers[root] = count
                count += 1
            }
            return numbers[root]
        }
        self.count = count
    }
}

private struct Size: Hashable {
    var width: Int
    var height: Int
}

private struct Cell: Hashable {
    var column: Int
    var row: Int
}

/// Rectangles of one size in their cells.
private struct SizeGroup {
    let size: Size
    /// How far edges of two of them may lie apart.
    let reach: Int
    var cells: [Cell: [Int]] = [:]

    var side: Int { reach + 1 }

    func cell(x: Int, y: Int) -> Cell { Cell(column: floorDivided(x, side), row: floorDivided(y, side)) }
}

private func floorDivided(_ value: Int, _ divisor: Int) -> Int {
    value >= 0 ? value / divisor : -((divisor - 1 - value) / divisor)
}

/// A forest of rectangles: trees are classes.
private struct Closure {
    private let rectangles: [Rectangle]
    private let tolerance: Double
    private var parents: [Int]
    private var groups: [SizeGroup] = []

    init(_ rectangles: [Rectangle], tolerance: Double) {
        self.rectangles = rectangles
        self.tolerance = tolerance
        parents = Array(rectangles.indices)
        var numbers: [Size: Int] = [:]
        for (index, rectangle) in rectangles.enumerated() {
            let size = Size(width: rectangle.width, height: rectangle.height)
            let number: Int
            if let known = numbers[size] {
                number = known
            } else {
                number = groups.count
                numbers[size] = number
                groups.append(SizeGroup(size: size, reach: Self.reach(size, size, tolerance)))
            }
            let cell = groups[number].cell(x: rectangle.x, y: rectangle.y)
            groups[number].cells[cell, default: []].append(index)
        }
        groups.sort { ($0.size.width, $0.size.height) < ($1.size.width, $1.size.height) }
        for group in groups {
            for members in group.cells.values { for member in members.dropFirst() { join(members[0], member) } }
        }
    }

    /// Whole pixels that edges of two similar rectangles lie apart at most: edges are whole numbers.
    private static func reach(_ a: Size, _ b: Size, _ tolerance: Double) -> Int {
        Int((tolerance * Double(min(a.width, b.width) + min(a.height, b.height)) * 0.5).rounded(.down))
    }

    mutating func root(of index: Int) -> Int {
        var index = index
        while parents[index] != index {
            parents[index] = parents[parents[index]]
            index = parents[index]
        }
        return index
    }

    /// The smaller number becomes the root, so that a class is known by its first member.
    private mutating func join(_ a: Int, _ b: Int) {
        let (first, second) = (root(of: a), root(of: b))
        parents[max(first, second)] = min(first, second)
    }

    /// Joins what is similar across cells and sizes.
    mutating func joinNeighbours() {
        for i in groups.indices {
            for j in i..<groups.count {
                let (a, b) = (groups[i].size, groups[j].size)
                let reach = Self.reach(a, b, tolerance)
                // Left edges differ by at most the reach, and right edges, so widths by at most twice that; and no wider
                // rectangle reaches further than this one does among its own size.
                if b.width - a.width > 2 * groups[i].reach { break }
                guard abs(b.height - a.height) <= 2 * reach else { continue }
                join(groups[i], groups[j], reach)
            }
        }
    }

    private mutating func join(_ group: SizeGroup, _ other: SizeGroup, _ reach: Int) {
        let isSame = group.size == other.size
        for (cell, members) in group.cells {
            let (x, y) = (cell.column * group.side, cell.row * group.side)
            // Corners of similar rectangles lie in this cell, widened by the reach.
            let low = other.cell(x: x - reach, y: y - reach)
            let high = other.cell(x: x + group.side - 1 + reach, y: y + group.side - 1 + reach)
            for row in low.row...high.row {
                for column in low.column...high.column {
                    let near = Cell(column: column, row: row)
                    // Of two cells of one size, one asks.
                    if isSame, (near.row, near.column) <= (cell.row, cell.column) { continue }
                    guard let strangers = other.cells[near], root(of: members[0]) != root(of: strangers[0]) else {
                        continue
                    }
                    if hasSimilarPair(members, strangers, reach) { join(members[0], strangers[0]) }
                }
            }
        }
    }

    private func hasSimilarPair(_ members: [Int], _ others: [Int], _ reach: Int) -> Bool {
        members.contains { member in
            let a = rectangles[member]
            return others.contains { other in
                let b = rectangles[other]
                return abs(a.x - b.x) <= reach && abs(a.y - b.y) <= reach && abs(a.x + a.width - b.x - b.width) <= reach
                    && abs(a.y + a.height - b.y - b.height) <= reach
            }
        }
    }
}
