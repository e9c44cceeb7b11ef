import Drawing
import Markup

extension FigureWriter {
    /// A network's drawing in both colour schemes.
    mutating func architecture(_ diagram: ArchitectureDiagram) -> String {
        let size = "width=\"\(ArchitectureDrawing.width)\" height=\"\(ArchitectureDrawing.height(of: diagram))\""
        let dark = file(ArchitectureDrawing(diagram: diagram, palette: .dark).image(), .drawing)
        let light = file(ArchitectureDrawing(diagram: diagram, palette: .light).image(), .drawing)
        return "<div class=\"plot panels-1\">\n"
            + zoomable(
                """
                <picture><source media="screen and (prefers-color-scheme: dark)" srcset="\(dark)" \(size)>\
                <img src="\(light)" \(size) alt="\(HTML.escape(diagram.alternative))"></picture>
                """) + "\n</div>\n"
    }
}
