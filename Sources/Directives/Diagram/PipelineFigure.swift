import Chapters
import Execution
import Faces
import Imaging
import Pages
import Tensors

/// The slides' figure 1 with a real photograph: captured, cut and embedded, compared, matched.
struct PipelineFigure: Codable {
    struct Hit: Codable {
        var face: Int
        var identity: String
        var distance: Double
        var isSame: Bool
        var embedding: [Float]
    }

    var path: String
    var identity: String
    var face: Int
    /// Of the photograph as it is; the page has a smaller one.
    var fullWidth = 0
    var fullHeight = 0
    var box: Rectangle
    var crop: Rectangle
    var describer: String
    /// Numbers of an embedding, and those that are drawn of it.
    var columns: Int
    var embedding: [Float]
    var gallery: Int
    var hits: [Hit]

    static let names = ["gallery", "shown", "right", "numbers"]
    /// Numbers of an embedding that are drawn.
    static let drawn = 128

    private static let figure = Artifact<PipelineFigure>.json("pipeline.json")
    private static let photograph = Artifact<Image>.png("photograph.png")

    static func step(for options: Options, in context: inout PlanningContext) -> StepWork {
        let data = context.use(Evaluate.data, of: DrawDiagram.evaluate)
        return StepWork { step in
            guard let evaluation = step[DrawDiagram.evaluate], let data else {
                preconditionFailure("checked when it was planned")
            }
            let faces = try step[data][Preprocess.faces]
            let ranking = try evaluation[Evaluate.ranking]
            let query = options[DrawDiagram.query]
            guard ranking.queries.indices.contains(query) else {
                throw OptionProblem(
                    DrawDiagram.query, "out-of-range",
                    "query is \(query), but the last of '\(evaluation.id)' is \(ranking.queries.count - 1)")
            }
            var figure = try PipelineFigure(
                evaluation, faces, ranking, query: query, k: options[DrawDiagram.k])
            var outcome = Outcome()
            let image = try faces.photograph(of: figure.face)
            (figure.fullWidth, figure.fullHeight) = (image.width, image.height)
            try outcome.keep(image.fitting(Image.pageSide), as: photograph)
            for face in [figure.face] + figure.hits.map(\.face) { _ = try outcome.keepFace(face, of: faces) }
            try outcome.keep(figure, as: self.figure)
            return outcome
        }
    }

    private init(_ evaluation: StepResult, _ faces: FaceSet, _ ranking: Ranking, query: Int, k: Int) throws {
        let (queries, vectors) = (try evaluation[Evaluate.queries], try evaluation[Evaluate.gallery])
        face = ranking.queries[query]
        let asked = faces.faces[face]
        (path, identity, box, crop) = (asked.path, asked.identity, asked.box, asked.crop)
        describer = try evaluation[Evaluate.evaluation].describer
        columns = queries.columns
        embedding = Array(queries.row(query).prefix(Self.drawn))
        gallery = vectors.rows
        let rows = Dictionary(faces.gallery.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        hits = zip(ranking.ranks[query], ranking.distances[query]).prefix(k).map { hit, distance in
            Hit(
                face: hit, identity: faces.faces[hit].identity, distance: distance,
                isSame: faces.faces[hit].identity == asked.identity,
                embedding: rows[hit].map { Array(vectors.row($0).prefix(Self.drawn)) } ?? [])
        }
    }

    static func show(_ result: StepResult) throws -> ExhibitContent {
        let figure = try result[figure]
        return ExhibitContent(
            numbering: .figure, parts: [.diagram(try figure.diagram(result))],
            values: [
                "gallery": .count(figure.gallery), "shown": .count(figure.hits.count),
                "right": .count(figure.hits.count(where: \.isSame)), "numbers": .count(figure.columns),
            ])
    }

    // MARK: Drawing

    /// How long an embedding is, and how much of it a strip shows.
    static func words(_ columns: Int) -> Phrase {
        let all: Phrase = "\(Numeral.count(columns)) numbers"
        return columns > drawn ? "the first \(drawn) of \(all)" : all
    }

    private func diagram(_ result: StepResult) throws -> Diagram {
        let right = hits.count(where: \.isSame)
        let left = 302.0
        let pitch = 52.0
        let top = 106.0
        let height = max(262, top + pitch * Double(hits.count) + 8)
        var diagram = Diagram(
            width: Diagram.textWidth, height: height, title: "The pipeline, with one photograph going through it",
            alternative: """
                A photograph of \(identity) is looked through for a face; the face is cut out, \(Phrase(key: describer)) makes \
                \(columns) numbers of it, they are compared with those of \(Numeral.count(gallery)) faces, and of the \
                nearest \(hits.count), whose numbers stand below each other, \(right) show the same person.
                """)
        func heading(_ number: Int, _ text: Phrase, _ x: Double) {
            diagram.text("\(number)  \(text)".verbatim, x, 13, size: 14, isBold: true)
        }
        heading(1, "Capture", 0)
        heading(2, "Extract", 190)
        heading(3, "Compare", left)
        heading(4, "Match", 606)

        // 1: the photograph, what was found in it, and what is cut out.
        let whole = try result.picture(Self.photograph, "The photograph of \(identity)")
        let frame = diagram.picture(whole, in: .init(0, 26, 148, 190))
        let scale = frame.width / Double(max(1, fullWidth))
        func placed(_ rectangle: Rectangle) -> Diagram.Frame {
            .init(
                frame.x + scale * Double(rectangle.x), frame.y + scale * Double(rectangle.y),
                scale * Double(rectangle.width), scale * Double(rectangle.height))
        }
        diagram.patch(placed(crop), outline: .paper, isDashed: true, lineWidth: 1.5)
        diagram.patch(placed(box), outline: .second, lineWidth: 2)
        let name = String(path.split(separator: "/").last ?? "")
        diagram.text(Diagram.fitted(name.verbatim, width: 148, size: 12.5), 0, frame.bottom + 18, size: 12.5, .muted)
        diagram.text(
            "\(fullWidth) × \(fullHeight) pixels", 0, frame.bottom + 34, size: 12.5, .muted)

        // 2: the face, and its numbers.
        let asked = try result.picture(.face(face), "The face that was cut out")
        let cut = diagram.picture(asked, in: .init(190, 26, 84, 110), outline: .accent)
        diagram.arrow([.init(frame.right + 8, cut.middle.y), .init(cut.x - 8, cut.middle.y)])
        diagram.text("found \(box.width) × \(box.height)", 190, cut.bottom + 20, size: 12.5, .muted)
        diagram.text("cut \(crop.width) × \(crop.height)", 190, cut.bottom + 36, size: 12.5, .muted)

        // 3: its strip above those of its nearest faces.
        let limit = max(
            1e-9, (embedding + hits.flatMap(\.embedding)).lazy.filter(\.isFinite).map(abs).max() ?? 1)
        let strip = Diagram.Frame(left, 44, 288, 20)
        diagram.text(
            Diagram.fitted("\(Self.words(columns)) by \(Phrase(key: describer))", width: 288, size: 12.5), left, 38,
            size: 12.5,
            .muted)
        diagram.strip(embedding, strip, limit: limit)
        diagram.arrow([.init(cut.right + 8, strip.middle.y), .init(left - 6, strip.middle.y)])
        diagram.arrow([.init(left + 144, strip.bottom + 4), .init(left + 144, top - 14)])
        diagram.text("nearest of \(Numeral.count(gallery)) in the gallery", left + 154, 84, size: 12.5, .muted)

        // 4: the answer.
        for (number, hit) in hits.enumerated() {
            let y = top + pitch * Double(number)
            let tone: Diagram.Tone = hit.isSame ? .hit : .miss
            diagram.strip(hit.embedding, .init(left, y + 12, 288, 20), limit: limit)
            diagram.picture(
                try result.picture(.face(hit.face), "Face of \(hit.identity)"), in: .init(604, y, 34, 44),
                outline: tone, isDashed: !hit.isSame)
            diagram.text(hit.isSame ? "✓" : "✗", 646, y + 19, size: 13, tone, isBold: true)
            diagram.text(Numeral.fixed(hit.distance, digits: 2).verbatim, 646, y + 35, size: 12.5, .muted)
        }
        return diagram
    }
}
