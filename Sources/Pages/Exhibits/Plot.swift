/// Line plots side by side, sharing the horizontal axis; drawn as PNG in both colour schemes, with the data as a table.
package struct Plot: Sendable {
    /// How an axis runs; on a logarithmic one values from zero down are gaps.
    package enum Axis: Sendable { case linear, logarithmic }

    package struct Panel: Sendable {
        package var title: String
        package var yLabel: String
        package var yAxis: Axis
        package var series: [Series]
        /// Dashed horizontal lines with a label: the margin, the mean time.
        package var references: [Reference]

        package init(
            title: Phrase, yLabel: Phrase, yAxis: Axis = .linear, series: [Series], references: [Reference] = []
        ) {
            self.title = title.text
            self.yLabel = yLabel.text
            self.yAxis = yAxis
            self.series = series
            self.references = references
        }
    }

    package struct Series: Sendable {
        package enum Style: Sendable { case line, bars }

        package var name: String
        package var style: Style
        package var points: [Point]
        /// Shaded behind a line, the widest first: where a share of what the line stands for lies.
        package var bands: [Band]
        /// Whether the first value is written at a line's beginning, as the last one is at its end.
        package var showsStart: Bool

        package init(
            name: Phrase, style: Style = .line, points: [Point], bands: [Band] = [], showsStart: Bool = false
        ) {
            precondition(bands.allSatisfy { $0.low.count == points.count && $0.high.count == points.count })
            self.name = name.text
            self.style = style
            self.points = points
            self.bands = bands
            self.showsStart = showsStart
        }
    }

    /// Two values at every point of a line, and what they are: `5 %` and `95 %`.
    package struct Band: Sendable {
        package var lowLabel: String
        package var highLabel: String
        package var low: [Double]
        package var high: [Double]

        package init(lowLabel: Phrase, highLabel: Phrase, low: [Double], high: [Double]) {
            self.lowLabel = lowLabel.text
            self.highLabel = highLabel.text
            self.low = low
            self.high = high
        }
    }

    package struct Point: Sendable {
        package var x: Double
        package var y: Double

        package init(x: Double, y: Double) {
            self.x = x
            self.y = y
        }
    }

    package struct Reference: Sendable {
        package var label: String
        package var y: Double

        package init(label: Phrase, y: Double) {
            self.label = label.text
            self.y = y
        }
    }

    package var xLabel: String
    package var xAxis: Axis
    package var panels: [Panel]
    /// What the plot says, from the data: `loss falls from 0.39 to 0.10, lowest in epoch 10`.
    package var alternative: String

    package init(xLabel: Phrase, xAxis: Axis = .linear, panels: [Panel], alternative: Phrase) {
        self.xLabel = xLabel.text
        self.xAxis = xAxis
        self.panels = panels
        self.alternative = alternative.text
    }
}
