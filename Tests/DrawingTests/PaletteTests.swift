import Drawing
import Foundation
import Testing

struct PaletteTests {
    static let schemes: [Palette] = [.light, .dark]

    @Test(arguments: schemes) func textReachesTheContrastThatTheReportPromises(_ palette: Palette) {
        for paper in [palette.paper, palette.surface] {
            for (name, color) in palette.variables where !["paper", "surface", "line", "grid"].contains(name) {
                #expect(contrast(color, paper) >= 4.5, "\(name)")
            }
        }
    }

    @Test func aColourIsWrittenAsTheStyleSheetReadsIt() {
        #expect(Color(0x0072B2).css == "#0072b2")
        #expect(Color(0x000000).mixed(with: Color(0xFFFFFF), 0.5).css == "#808080")
    }

    @Test func seriesColoursRepeat() {
        #expect(Palette.light.series(5) == Palette.light.series(1))
    }

    private func contrast(_ a: Color, _ b: Color) -> Double {
        let (x, y) = (luminance(a), luminance(b))
        return (max(x, y) + 0.05) / (min(x, y) + 0.05)
    }

    private func luminance(_ color: Color) -> Double {
        func linear(_ value: UInt8) -> Double {
            let c = Double(value) / 255
            return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue)
    }
}
