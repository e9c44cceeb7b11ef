/// A comparison of two values that the text states.
package struct StatedClaim: Sendable, Hashable {
    package var holds: Bool
    /// `after.map 0.812`, or a number alone.
    package var left: String
    /// `>`, `≤` …
    package var sign: String
    package var right: String

    package init(holds: Bool, left: String, sign: String, right: String) {
        self.holds = holds
        self.left = left
        self.sign = sign
        self.right = right
    }

    /// One row: what is stated, and whether it holds.
    var table: Table {
        Table(
            columns: [.init("left"), .init("sign"), .init("right"), .init("holds")],
            rows: [[.text(left.verbatim), .text(sign.verbatim), .text(right.verbatim), .count(holds ? 1 : 0)]])
    }
}
