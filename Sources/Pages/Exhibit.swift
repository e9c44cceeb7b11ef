import Chapters
import Imaging

/// What one directive shows: a numbered figure or table with caption, parts and provenance. A pure value.
package struct Exhibit: Sendable {
    package enum Numbering: String, Sendable, Codable { case figure, table, claim }

    /// The directive's id; `@fig-id` or `@tbl-id` points here.
    package var id: String
    package var numbering: Numbering
    /// nil when the author gave none.
    package var caption: Prose?
    package var parts: [Part]
    /// The parts as an earlier build wrote them; `parts` is empty then.
    package var markup: ExhibitMarkup?
    /// What a reader must know before believing the numbers: random weights, reduced profile.
    package var marks: [Mark]
    package var provenance: Provenance?
    /// Values that prose may quote: `top10.accuracy` → 0.82.
    package var values: [String: Quotable]

    package init(
        id: String, numbering: Numbering, caption: Prose?, parts: [Part], marks: [Mark] = [],
        provenance: Provenance? = nil, values: [String: Quotable] = [:]
    ) {
        self.id = id
        self.numbering = numbering
        self.caption = caption
        self.parts = parts
        self.marks = marks
        self.provenance = provenance
        self.values = values
    }

    /// Whether the step has no current result; what stands below the failure is older.
    package var hasFailed: Bool {
        parts.contains { if case .failure = $0 { true } else { false } }
    }

    package enum Part: Sendable {
        case table(Table)
        /// A long table behind a line that opens it.
        case foldedTable(title: String, Table)
        case plot(Plot)
        case bars(BarChart)
        case heatMap(HeatMap)
        case scatter(ScatterPlot)
        case retrieval(RetrievalGrid)
        case gallery(Gallery)
        case frames(Frames)
        case tree(TreeDiagram)
        case treeExplorer(TreeExplorer)
        case architecture(ArchitectureDiagram)
        /// What the text states, and whether the values bear it out.
        case claim(StatedClaim)
        /// One paragraph of plain text.
        case note(String)
        /// The step failed, or never ran; what the reader should know.
        case failure(String)
    }

    /// A visible badge with an explanation on hover and in print.
    package struct Mark: Sendable, Hashable {
        package var label: String
        package var explanation: String

        package init(label: String, explanation: String) {
            self.label = label
            self.explanation = explanation
        }
    }
}

/// A value that prose quotes and claims compare.
package enum Quotable: Sendable, Hashable, Codable {
    case number(Double)
    case count(Int)
    case text(String)
}

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
}

/// The quiet line under a result, opened on demand: names and values in order.
package struct Provenance: Sendable {
    /// For the closed line: `computed 2026-01-23 14:05 in 1 min 12 s`.
    package var summary: String
    /// For the open list: step, key, seed, precision, data digest, versions, warnings.
    package var facts: [Fact]

    package struct Fact: Sendable, Codable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package init(summary: String, facts: [Fact]) {
        self.summary = summary
        self.facts = facts
    }
}

/// A table of results.
package struct Table: Sendable {
    package struct Column: Sendable {
        package var title: String
        /// Neighbouring columns with the same group share a spanning header: `ResNet-50`.
        package var group: String?

        package init(_ title: String, group: String? = nil) {
            self.title = title
            self.group = group
        }
    }

    package enum Cell: Sendable, Hashable {
        case text(String)
        /// Right-aligned, tabular; `digits` after the point; `suffix` such as ` %`.
        case number(Double, digits: Int, suffix: String = "")
        case count(Int)
        /// Shown as an en dash: there is no such value (and the table's notes say why).
        case missing
    }

    package var columns: [Column]
    package var rows: [[Cell]]
    /// Indices of rows set apart: totals, averages.
    package var summaryRows: Set<Int>
    package var notes: [String]

    package init(columns: [Column], rows: [[Cell]], summaryRows: Set<Int> = [], notes: [String] = []) {
        self.columns = columns
        self.rows = rows
        self.summaryRows = summaryRows
        self.notes = notes
    }
}

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
            title: String, yLabel: String, yAxis: Axis = .linear, series: [Series], references: [Reference] = []
        ) {
            self.title = title
            self.yLabel = yLabel
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
            name: String, style: Style = .line, points: [Point], bands: [Band] = [], showsStart: Bool = false
        ) {
            precondition(bands.allSatisfy { $0.low.count == points.count && $0.high.count == points.count })
            self.name = name
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

        package init(lowLabel: String, highLabel: String, low: [Double], high: [Double]) {
            self.lowLabel = lowLabel
            self.highLabel = highLabel
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

        package init(label: String, y: Double) {
            self.label = label
            self.y = y
        }
    }

    package var xLabel: String
    package var xAxis: Axis
    package var panels: [Panel]
    /// What the plot says, from the data: `loss falls from 0.39 to 0.10, lowest in epoch 10`.
    package var alternative: String

    package init(xLabel: String, xAxis: Axis = .linear, panels: [Panel], alternative: String) {
        self.xLabel = xLabel
        self.xAxis = xAxis
        self.panels = panels
        self.alternative = alternative
    }
}

/// A picture that the page carries as a file of its own.
package struct Picture: Sendable {
    package var image: Image
    package var alternative: String

    package init(image: Image, alternative: String) {
        self.image = image
        self.alternative = alternative
    }
}

/// Queries with their first ranks, as in the slides' figures 17 and 18.
package struct RetrievalGrid: Sendable {
    package struct Row: Sendable {
        package var query: Face
        package var hits: [Hit]
        /// The same query's answer before, shown above.
        package var before: [Hit]?

        package init(query: Face, hits: [Hit]) {
            self.query = query
            self.hits = hits
        }
    }

    package struct Face: Sendable {
        package var picture: Picture
        /// The person: `s12`, `identity 2880`.
        package var identity: String

        package init(picture: Picture, identity: String) {
            self.picture = picture
            self.identity = identity
        }
    }

    package struct Hit: Sendable {
        package var rank: Int  // from 1
        package var face: Face
        package var distance: Double
        package var isSamePerson: Bool
        /// Matching attributes and how many there are: 33 of 40; nil without attributes.
        package var matching: (same: Int, of: Int)?
        /// The attributes in which it differs from the query, by name.
        package var differing: [String] = []
        /// Its rank in the answer that this one is compared with: moved from 7 to 1.
        package var formerRank: Int?

        package init(
            rank: Int, face: Face, distance: Double, isSamePerson: Bool, matching: (same: Int, of: Int)? = nil
        ) {
            self.rank = rank
            self.face = face
            self.distance = distance
            self.isSamePerson = isSamePerson
            self.matching = matching
        }
    }

    package var rows: [Row]

    package init(rows: [Row]) { self.rows = rows }
}

/// Pictures in a row or grid, each with a line below: a detection drawn in, a triplet's three faces.
package struct Gallery: Sendable {
    package struct Item: Sendable {
        package var picture: Picture
        package var title: String
        /// Outlines over the picture, in its pixels: detections.
        package var boxes: [Rectangle]

        package init(picture: Picture, title: String, boxes: [Rectangle] = []) {
            self.picture = picture
            self.title = title
            self.boxes = boxes
        }
    }

    /// Items that belong together (a triplet) share a group; ungrouped items pass one group.
    package var groups: [Group]

    package struct Group: Sendable {
        package var title: String?
        package var items: [Item]

        package init(title: String? = nil, items: [Item]) {
            self.title = title
            self.items = items
        }
    }

    package init(groups: [Group]) { self.groups = groups }
}

/// Pictures of one thing at successive moments, all of one size: one after the other where the page's script runs,
/// side by side elsewhere and on paper.
package struct Frames: Sendable {
    package var items: [Gallery.Item]

    package init(items: [Gallery.Item]) { self.items = items }
}
