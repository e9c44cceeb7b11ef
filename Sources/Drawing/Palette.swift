/// The report's colours in one scheme: plots and style sheet both take them from here.
///
/// The series colours keep Okabe and Ito's hue order (blue, vermilion, bluish green, reddish purple), which people with
/// any of the common colour deficiencies tell apart; they are shifted in lightness so that text set in them reaches a
/// contrast of 4.5:1 on the scheme's paper.
package struct Palette: Sendable, Hashable {
    /// The page's background; images without alpha are drawn on it.
    package var paper: Color
    /// A surface slightly apart from the paper: code, search, badges.
    package var surface: Color
    package var ink: Color
    /// Captions, axis labels, provenance.
    package var muted: Color
    /// Hairlines of tables and axes.
    package var line: Color
    /// Lighter than `line`: the grid behind data.
    package var grid: Color
    /// Links and the current place.
    package var accent: Color
    /// Same person in a retrieval grid.
    package var hit: Color
    /// Another person; also failures.
    package var miss: Color
    /// Text of badges that ask for caution.
    package var caution: Color
    package var series: [Color]

    package static let light = Palette(
        paper: Color(0xFFFEFC), surface: Color(0xF5F3EE), ink: Color(0x22242A), muted: Color(0x62656D),
        line: Color(0xD5D2CA), grid: Color(0xEAE7E0), accent: Color(0x0B5F9E), hit: Color(0x0A7558),
        miss: Color(0xB4430B), caution: Color(0x8A5A00),
        series: [Color(0x0067A8), Color(0xB94B05), Color(0x00785A), Color(0xA0417C)])

    package static let dark = Palette(
        paper: Color(0x16181C), surface: Color(0x202329), ink: Color(0xE3E1DB), muted: Color(0xA2A5AC),
        line: Color(0x3B3F47), grid: Color(0x2A2D34), accent: Color(0x7DB9EC), hit: Color(0x4CC79F),
        miss: Color(0xF2925A), caution: Color(0xE0B45C),
        series: [Color(0x62B4EE), Color(0xF2925A), Color(0x4CC79F), Color(0xE29AC7)])

    /// The colour of the n-th series; repeats after four.
    package func series(_ index: Int) -> Color {
        precondition(index >= 0 && !series.isEmpty)
        return series[index % series.count]
    }

    /// Names and colours as the style sheet's variables, in a fixed order.
    package var variables: [(name: String, color: Color)] {
        let named: [(name: String, color: Color)] = [
            ("paper", paper), ("surface", surface), ("ink", ink), ("muted", muted), ("line", line), ("grid", grid),
            ("accent", accent), ("hit", hit), ("miss", miss), ("caution", caution),
        ]
        return named + series.enumerated().map { (name: "series-\($0.offset + 1)", color: $0.element) }
    }
}
