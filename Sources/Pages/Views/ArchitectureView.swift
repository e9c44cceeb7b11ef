import Drawing
import Markup

extension FigureWriter {
    /// A network's drawing in both colour schemes.
    mutating func architecture(_ diagram: ArchitectureDiagram) -> HTML {
        let dark = ArchitectureDrawing(diagram: diagram, palette: .dark).image()
        let light = ArchitectureDrawing(diagram: diagram, palette: .light).image()
        let drawing = drawing([(Self.darkScreen, dark)], light, alternative: diagram.alternative)
        return .block("div", ["class": "plot panels-1"], drawing, "\n")
    }
}
