import ArgumentParser
import Diagnostics
import Directives
import Faces
import Files
import Foundation
import Imaging

/// `likeness query IMAGE --id EVALUATION`: the faces of a gallery most like the one in a photograph.
struct Query: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Finds the faces most like the one in a photograph, as an evaluation of the report does.",
        discussion: """
            The evaluation must have been computed by 'likeness build'. With attributes, each answer says how many it \
            shares with the photograph where that belongs to the dataset, and else with what most answers have.
            """)

    @Argument(help: "The photograph (JPEG, PNG, PGM, PPM).")
    var image: String

    @Option(help: ArgumentHelp("An evaluation's id; may be repeated to ask several.", valueName: "id"))
    var id: [String] = []

    @Option(name: .customShort("k"), help: "How many answers.")
    var count = 9

    @Option(help: "How the gallery is searched: tree or flat. The answers are the same.")
    var index = FaceSearch.Index.tree

    @Option(name: .customLong("with"), help: ArgumentHelp("Only faces with this attribute.", valueName: "attribute"))
    var having: [String] = []

    @Option(help: ArgumentHelp("Only faces without this attribute.", valueName: "attribute"))
    var without: [String] = []

    @Option(help: "Which face, counted from 0, where several are found.")
    var face: Int?

    @Option(help: ArgumentHelp("A face marked by hand, in pixels.", valueName: "x,y,width,height"))
    var box: String?

    @Flag(help: "Prints the answer as one line of JSON.")
    var json = false

    @Option(help: ArgumentHelp("Draws the answers into a PNG.", valueName: "file"))
    var grid: String?

    @OptionGroup var book: BookOptions

    func validate() throws {
        if box != nil, face != nil { throw ValidationError("--box marks the face, so --face has no effect") }
        if let box, Rectangle(written: box) == nil {
            throw ValidationError("--box is '\(box)'; it is x,y,width,height in whole pixels")
        }
    }

    func run() throws {
        do {
            let picture = try grid.map { try place(of: $0) }
            let searches = FaceSearches(book.project())
            guard !id.isEmpty else { throw Refusal("no evaluation is named; give --id. \(try Self.known(searches))") }
            let query = FaceQuery(
                evaluations: id, k: count, index: index, with: having, without: without, face: face,
                box: box.flatMap(Rectangle.init(written:)))
            let bytes = try Files.read(image, limit: DecodingLimits.fileBytes)
            let found = try searches.find(in: bytes, name: image, for: query)
            let answer = try searches.answer(found, query, carriesPictures: false) { _, _ in nil }
            if json {
                try Console.results.print(json: answer)
            } else {
                for line in QueryTable(answer).lines { try Console.results.print(line) }
            }
            try Console.results.flush()
            if let refusal = Self.refusal(of: answer, image) { throw Refusal(refusal) }
            if let picture { try picture.write(try searches.picture(of: answer, found).png()) }
            if !json { Console.say(QueryTable(answer).times) }
        } catch {
            throw Console.fail(error)
        }
    }

    /// Where there is nothing to be asked about.
    private static func refusal(of answer: QueryAnswer, _ image: String) -> String? {
        switch answer.outcome {
        case .none:
            "\(image): no face was found; try another photograph, or mark the face with --box x,y,width,height"
        case .several where answer.face == nil:
            "\(image): \(answer.faces.count) faces were found; choose one with --face 0 to \(answer.faces.count - 1)"
        case .several, .found: nil
        }
    }

    private static func known(_ searches: FaceSearches) throws -> String {
        let ids = try searches.list().map(\.id)
        return ids.isEmpty ? "The chapters have no 'evaluate'" : "There are \(ids.joined(separator: ", "))"
    }

    /// Tried before the work; nothing that is read is replaced: neither the photograph nor what the report is made of.
    private func place(of path: String) throws -> OutputFile {
        let output = try OutputFile(path)
        if output.wouldReplace(image) {
            throw Refusal("--grid \(path) would replace \(image), the photograph; name another file")
        }
        let (project, place) = (book.project(), Files.resolvedPlace(path))
        for folder in [project.chapters, project.data, project.state]
        where Files.lies(place, below: Files.resolvedPlace(folder)) {
            throw Refusal("--grid \(path) lies in \(folder), of which the report is made; name another place")
        }
        return output
    }
}

extension FaceSearch.Index: ExpressibleByArgument {}

extension Rectangle {
    /// `x,y,width,height`, at least a pixel, none of it beyond what an image can have.
    fileprivate init?(written text: String) {
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).compactMap { Int($0) }
        guard text.split(separator: ",", omittingEmptySubsequences: false).count == 4, numbers.count == 4,
            numbers.allSatisfy({ (0...DecodingLimits.side).contains($0) }), numbers[2] > 0, numbers[3] > 0
        else { return nil }
        self.init(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
    }
}

/// An answer as people read it on a terminal.
struct QueryTable {
    let answer: QueryAnswer

    init(_ answer: QueryAnswer) { self.answer = answer }

    var lines: [String] {
        var lines = ["photograph  \(answer.photograph.width)×\(answer.photograph.height), \(found)"]
        if answer.outcome == .several {
            for (number, face) in answer.faces.enumerated() { lines.append("  face \(number)  \(place(face.box))") }
        }
        for miss in answer.nearMisses {
            lines.append("  passed \(miss.stages) of \(miss.of) stages  \(place(miss.box))")
        }
        for part in answer.answers { lines += [""] + self.lines(of: part) }
        return lines
    }

    /// One line for what each stage took.
    var times: String {
        let stages = answer.stages + answer.answers.flatMap(\.stages)
        return stages.map { String(format: "%@ %.1f ms", $0.name, 1000 * $0.seconds) }.joined(separator: " · ")
    }

    private var found: String {
        switch answer.faces.count {
        case 0: "no face"
        case 1: (answer.isMarked ? "face marked at " : "face at ") + place(answer.faces[0].box)
        default: "\(answer.faces.count) faces" + (answer.face.map { ", asked about number \($0)" } ?? "")
        }
    }

    private func place(_ box: [Int]) -> String { "\(box[0]),\(box[1]) \(box[2])×\(box[3])" }

    private func lines(of part: QueryAnswer.Evaluation) -> [String] {
        var head = "\(part.evaluation)  \(part.describer), \(part.gallery) faces of \(part.dataset)"
        if part.admitted < part.gallery { head += ", \(part.admitted) of them as asked" }
        let search = part.search
        var cost = "  \(search.index): "
        if let nodes = search.nodes {
            cost += "\(search.nodesVisited) of \(nodes) nodes visited, \(search.nodesPruned) pruned, "
        }
        cost += "\(search.distancesComputed) distances computed"
        var lines = [head, cost]
        if let remark = part.remark { lines.append("  " + remark) }
        if let identity = part.identity { lines.append("  the photograph is one of the dataset's, of \(identity)") }
        if part.neighbours.isEmpty { return lines + ["  no face of the gallery is as asked"] }
        if let threshold = part.threshold {
            let verdict =
                part.isNobody == true ? "nobody here: even the nearest lies beyond" : "the nearest lies within"
            lines.append("  \(verdict) the threshold \(String(format: "%.3f", threshold))")
        }
        let width = part.neighbours.map { DisplayText.columns(of: $0.identity) }.max() ?? 0
        for answer in part.neighbours {
            var line = String(format: "%4d  %8.4f  ", answer.rank, answer.distance)
            line += DisplayText.padded(answer.identity, to: width)
            if let shared = answer.attributes {
                line += String(format: "  %2d/%d", shared.same, shared.of)
                if !shared.differing.isEmpty { line += "  not " + shared.differing.joined(separator: ", ") }
            }
            if answer.isPhotograph { line += "  (this photograph)" }
            lines.append(line)
        }
        if part.attributesOf == "answers" { lines.append("  attributes are compared with those of most answers") }
        return lines
    }
}
