import Foundation
import Markup

extension FigureWriter {
    /// The place of a query interface: what the script makes of it, and what stands there without one.
    ///
    /// Faces and vectors lie in a script of their own, which is loaded when somebody first wants them.
    mutating func faceExplorer(_ explorer: FaceExplorer) -> HTML {
        let asset = Site.File.asset("faces", "js", explorer.script)
        images.add(asset)
        used.insert(asset.path)
        let ask = FaceExplorer.Ask(
            k: explorer.k, faces: explorer.faces.count,
            evaluations: explorer.evaluations.map { .init(id: $0.id, name: $0.name) })
        return .block(
            "div", ["class": "face-query", "data-ask": ScriptText.json(ask)],
            .block(
                "div", ["class": "query-fallback"],
                .line(
                    "p", ["class": "note"],
                    .text(
                        "\(words.asking.withoutScript) \(explorer.evaluations.last.map { "(\($0.name), \($0.id))" } ?? "")"
                    )),
                retrieval(explorer.examples)),
            .line("a", ["class": "query-data", "href": asset.path]))
    }
}

extension FaceExplorer {
    /// What the script needs to know before it loads the faces.
    fileprivate struct Ask: Encodable {
        struct Evaluation: Encodable {
            var id: String
            var name: String
        }

        var k: Int
        var faces: Int
        var evaluations: [Evaluation]
    }

    private struct About: Encodable {
        struct Evaluation: Encodable {
            var id: String
            var columns: Int
            var scale: Double
            var threshold: Double?
        }

        var cell: [Int]
        var columns: Int
        var people: [String]
        var attributes: [String]
        var numbers: [Int]
        /// Of each face, in `people`.
        var person: [Int]
        var paths: [String]
        /// Of each face; empty for one without attributes.
        var bits: [String]
        var evaluations: [Evaluation]
    }

    /// Faces as a property of the very element that loads them: no name of a page can be in their way.
    ///
    /// A script, because a page opened from a file may not fetch. Base64 has no letter that a string could end with.
    fileprivate var script: String {
        let about = About(
            cell: [sheet.width, sheet.height], columns: sheet.columns, people: people, attributes: attributes,
            numbers: faces.map(\.number), person: faces.map(\.person), paths: faces.map(\.path),
            bits: faces.map { $0.attributes ?? "" },
            evaluations: evaluations.map {
                .init(id: $0.id, columns: $0.columns, scale: $0.scale, threshold: $0.threshold)
            })
        let vectors = evaluations.map { "\"\(Data($0.vectors).base64EncodedString())\"" }
        return """
            document.currentScript.faces = {"about": \(ScriptText.json(about) ?? "null"),
            "vectors": [\(vectors.joined(separator: ",\n"))],
            "sheet": "\(Data(sheet.jpeg).base64EncodedString())"};

            """
    }
}
