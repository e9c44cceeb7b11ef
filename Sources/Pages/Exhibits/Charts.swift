/// Named values as horizontal bars, from the top in the given order; drawn in both colour schemes, with the data as a
/// table.
package struct BarChart: Sendable {
    package struct Bar: Sendable {
        package var name: String
        package var value: Double

        package init(_ name: Phrase, _ value: Double) {
            self.name = name.text
            self.value = value
        }
    }

    package var title: String
    /// What a bar's length means: `photographs with it, %`.
    package var valueLabel: String
    package var bars: [Bar]
    /// Digits after the point in labels.
    package var digits: Int
    /// What the chart says, from the data.
    package var alternative: String

    package init(title: Phrase, valueLabel: Phrase, bars: [Bar], digits: Int, alternative: Phrase) {
        self.title = title.text
        self.valueLabel = valueLabel.text
        self.bars = bars
        self.digits = digits
        self.alternative = alternative.text
    }

    /// One row a bar.
    var table: Table {
        Table(
            columns: [.init(""), .init(valueLabel.verbatim)],
            rows: bars.map { [.text($0.name.verbatim), .number($0.value, digits: digits)] })
    }
}

/// A matrix as coloured cells: one hue above zero, another below, paper at zero; with the data as a table.
package struct HeatMap: Sendable {
    package var title: String
    package var rows: [String]
    package var columns: [String]
    /// `values[row][column]`; cells that are not numbers stay empty.
    package var values: [[Double]]
    /// The size at which a colour is full; larger values look alike.
    package var limit: Double
    package var digits: Int
    package var alternative: String

    package init(
        title: Phrase, rows: [Phrase], columns: [Phrase], values: [[Double]], limit: Double, digits: Int,
        alternative: Phrase
    ) {
        precondition(values.count == rows.count && values.allSatisfy { $0.count == columns.count } && limit > 0)
        self.title = title.text
        self.rows = rows.map(\.text)
        self.columns = columns.map(\.text)
        self.values = values
        self.limit = limit
        self.digits = digits
        self.alternative = alternative.text
    }

    /// The matrix with its names.
    var table: Table {
        Table(
            columns: [.init("")] + columns.map { .init($0.verbatim) },
            rows: zip(rows, values).map { name, values in
                [.text(name.verbatim)] + values.map { $0.isFinite ? .number($0, digits: digits) : .missing }
            })
    }
}
