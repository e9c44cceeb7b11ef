/// A comparison of two values that the text states.
package struct StatedClaim: Sendable, Hashable {
    package var holds: Bool
    /// `after.map 0.812`, or a number alone.
    package var left: String
    /// `>`, `≤` …
    package var sign: String
    package var right: String
    /// What the test of a difference says; nil for what is not tested.
    package var test: Phrase?

    package init(holds: Bool, left: String, sign: String, right: String, test: Phrase? = nil) {
        self.holds = holds
        self.left = left
        self.sign = sign
        self.right = right
        self.test = test
    }

    /// One row: what is stated, and whether it holds.
    var table: Table {
        Table(
            columns: [.init("left"), .init("sign"), .init("right"), .init("holds")],
            rows: [[.text(left.verbatim), .text(sign.verbatim), .text(right.verbatim), .count(holds ? 1 : 0)]])
    }
}
