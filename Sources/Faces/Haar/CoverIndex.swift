import Imaging

/// Boxes by size and place, to find those that another box may lie in without asking each of them.
///
/// Sizes are told apart by their powers of two, places by cells of twice such a size. A box inside an outer one that is
/// enlarged by a share of its size has its corner within two cells of the outer's, so nine cells a size are looked at.
struct CoverIndex {
    private struct Level: Hashable {
        var width: Int
        var height: Int
    }

    private struct Cell: Hashable {
        var column: Int
        var row: Int
    }

    private var levels: [Level: [Cell: [Int]]] = [:]

    /// - Parameter boxes: by number; those in `members` are found again.
    init(_ boxes: [Rectangle], members: [Int]) {
        for member in members {
            let box = boxes[member]
            let level = Level(width: Self.level(box.width), height: Self.level(box.height))
            levels[level, default: [:]][Self.cell(box.x, box.y, level), default: []].append(member)
        }
    }

    /// Whether `isOuter` holds for one of the boxes that may enclose `box`: all that do are among those it is asked about.
    func contains(around box: Rectangle, where isOuter: (Int) -> Bool) -> Bool {
        for (level, cells) in levels {
            // Enlarged by less than half on each side, an outer box is less than twice as large as itself.
            guard Self.side(level.width) * 2 >= box.width, Self.side(level.height) * 2 >= box.height else { continue }
            let own = Self.cell(box.x, box.y, level)
            for row in own.row - 1...own.row + 1 {
                for column in own.column - 1...own.column + 1 {
                    if cells[Cell(column: column, row: row)]?.contains(where: isOuter) == true { return true }
                }
            }
        }
        return false
    }

    /// The power of two above a length.
    private static func level(_ length: Int) -> Int { Int.bitWidth - max(1, length).leadingZeroBitCount }

    private static func side(_ level: Int) -> Int { 1 << level }

    /// Cells are twice as wide as the widest box of their level: an enlarged box begins in its own cell or the one before.
    private static func cell(_ x: Int, _ y: Int, _ level: Level) -> Cell {
        Cell(column: x >> (level.width + 1), row: y >> (level.height + 1))
    }
}
