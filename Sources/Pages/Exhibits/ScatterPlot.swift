/// Points of a few groups in planes side by side, the same points in each; drawn with a mark and a colour for each group in
/// both colour schemes, with the data as a table.
package struct ScatterPlot: Sendable {
    package struct Panel: Sendable {
        package var title: String
        package var xLabel: String
        package var yLabel: String
        /// `points[group][member]`.
        package var points: [[Plot.Point]]

        package init(title: Phrase, xLabel: Phrase, yLabel: Phrase, points: [[Plot.Point]]) {
            self.title = title.text
            self.xLabel = xLabel.text
            self.yLabel = yLabel.text
            self.points = points
        }
    }

    package var groups: [String]
    /// What a group and its members are called in the table: `person`, `face`.
    package var groupLabel: String
    package var memberLabel: String
    package var panels: [Panel]
    /// What the planes say, from the data.
    package var alternative: String

    /// Every panel has a list for each group, and all panels have as many members in it.
    package init(groups: [String], groupLabel: Phrase, memberLabel: Phrase, panels: [Panel], alternative: Phrase) {
        let counts = panels.first?.points.map(\.count) ?? []
        precondition(panels.allSatisfy { $0.points.map(\.count) == counts && counts.count == groups.count })
        self.groups = groups
        self.groupLabel = groupLabel.text
        self.memberLabel = memberLabel.text
        self.panels = panels
        self.alternative = alternative.text
    }

    /// One row a member, its place in every panel.
    var table: Table {
        var rows: [[Table.Cell]] = []
        for (group, name) in groups.enumerated() {
            for member in (panels.first?.points[group] ?? []).indices {
                rows.append(
                    [.text(name.verbatim), .count(member + 1)]
                        + panels.flatMap { panel -> [Table.Cell] in
                            let point = panel.points[group][member]
                            return [point.x, point.y].map { $0.isFinite ? .number($0, digits: 4) : .missing }
                        })
            }
        }
        return Table(
            columns: [.init(groupLabel.verbatim), .init(memberLabel.verbatim)]
                + panels.flatMap { panel -> [Table.Column] in
                    [panel.xLabel, panel.yLabel].map { .init($0.verbatim, group: panel.title.verbatim) }
                },
            rows: rows)
    }
}
