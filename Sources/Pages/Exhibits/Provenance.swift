/// The quiet line under a result, opened on demand: names and values in order.
package struct Provenance: Sendable {
    /// For the closed line: `computed 2026-01-23 14:05 in 1 min 12 s`.
    package var summary: String
    /// For the open list: step, key, seed, precision, data digest, versions, warnings.
    package var facts: [Fact]

    package struct Fact: Sendable {
        package var name: String
        package var value: String

        package init(_ name: Phrase, _ value: Phrase) {
            self.name = name.text
            self.value = value.text
        }
    }

    package init(summary: Phrase, facts: [Fact]) {
        self.summary = summary.text
        self.facts = facts
    }
}
