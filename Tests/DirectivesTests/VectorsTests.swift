import Diagnostics
import Directives
import Faces
import Files
import Foundation
import Imaging
import Pages
import Tensors
import TestSupport
import Testing

/// Vectors that another program made.
@Suite(.serialized) struct VectorsTests {
    private static func chapter(_ vectors: String = "data: faces", _ more: String = "") -> String {
        """
        # Vectors

        ```dataset
        id: people
        dataset: small
        ```

        ```preprocess
        id: faces
        dataset: small
        scale_factor: 1.2
        min_neighbors: 3
        retry: 0
        test: 0.34
        ```

        ```vectors
        id: own
        \(vectors)
        file: own.npy
        name: ArcFace
        ```

        \(more)
        """
    }

    private static let evaluations = """
        ```evaluate
        id: pixels
        data: faces
        model: pixels
        k: [1, 2]
        ```

        ```evaluate
        id: given
        data: faces
        vectors: own
        against: pixels
        normalize: true
        k: [1, 2]
        ```

        ```compare
        id: sides
        of: [given]
        controls: [pixels]
        ```

        ```query-grid
        id: grid
        evaluate: given
        before: pixels
        queries: 2
        ranks: 2
        ```

        ```suspects
        id: odd
        evaluate: given
        k: 1
        ```

        ```index
        id: tree
        evaluate: given
        leaf: 2
        k: 2
        ```

        ```query
        id: ask
        of: [given, pixels]
        ```

        ```diagram
        id: pipeline
        show: pipeline
        evaluate: given
        k: 2
        ```
        """

    private static let paths = (1...24).map { String(format: "img_align_celeba/%06d.jpg", $0) }

    /// A vector a photograph that says who it shows, and a little of which photograph it is.
    private static func vectors(of project: SmallProject) throws -> Matrix {
        let found = try Dataset(contentsOf: project.folder + "/data/small")
        let people = Array(Set(found.photographs.map(\.identity))).sorted()
        let rows = found.photographs.enumerated().map { index, photograph in
            people.map { $0 == photograph.identity ? Float(2 + index) : 0 } + [0.01 * Float(index)]
        }
        #expect(found.photographs.map(\.path) == paths)
        return Matrix(rows: rows.count, columns: people.count + 1, values: rows.flatMap { $0 })
    }

    private static func list(_ paths: [String]) -> String { paths.map { $0 + "\n" }.joined() }

    @Test func theyAreMeasuredAsANetworksAre() throws {
        let project = try SmallProject(chapter: Self.chapter("data: faces", Self.evaluations))
        try project.place.put(Self.vectors(of: project).npy(), "chapters/own.npy")
        // As `embed` and other programs write them: with folders before the dataset's.
        let paths = Self.paths.map { "/data/somewhere/small/./" + $0 }
        try project.place.put(Self.list(paths), "chapters/own.txt")
        let (built, problems) = try project.attempt()
        #expect(problems.map(\.code) == ["given-vectors"] && problems.first?.severity == .note)

        let kept = Double(try built.faces().faces.count)
        try built.expect("own", ["vectors": 24, "dimensions": 7, "covered": kept])
        // Nobody is nearer than oneself.
        try built.expect("given", ["map": 1, "recall1": 1, "top1.recall": 1])
        #expect(built.values("given")["model"] == .text("ArcFace"))
        let gallery = try Matrix(npy: #require(built.results["given"]).bytes("gallery.npy"), name: "gallery")
        for row in 0..<gallery.rows {
            #expect(abs(gallery.row(row).reduce(0) { $0 + $1 * $1 } - 1) < 1e-5, "'normalize' scales them")
        }
        try built.expect("odd", ["doubted": 0])
        #expect(built.page.contains("ArcFace"))
        #expect(built.page.contains("No person and no photograph"))
        #expect(built.page.contains("Whom the model learned from that made the vectors is not known here."))
        #expect(built.page.contains("given answers about photographs of the dataset alone"))
        #expect(try project.attempt().built.executed == [])

        try answersQueries(project, try built.faces())

        // Their content is part of the key, and what rests on it runs again.
        let other = try Self.vectors(of: project)
        try project.place.put(
            Matrix(rows: 24, columns: 7, values: other.values.reversed()).npy(), "chapters/own.npy")
        let executed = Set(try project.attempt().built.executed)
        #expect(executed == ["own", "given", "sides", "grid", "odd", "tree", "ask", "pipeline"])
    }

    /// A photograph of the dataset has its vector; another one has none, and that is said.
    private func answersQueries(_ project: SmallProject, _ faces: FaceSet) throws {
        let searches = FaceSearches(project.project())
        let face = faces.faces[faces.queries[0]]
        func answer(_ bytes: [UInt8], _ ids: [String]) throws -> QueryAnswer {
            let query = FaceQuery(evaluations: ids, k: 2, isWhole: true)
            let found = try searches.find(in: bytes, name: "photograph", for: query)
            return try searches.answer(found, query, carriesPictures: true) { _, _ in nil }
        }
        let own = try answer(Files.read("\(project.folder)/data/small/\(face.path)"), ["given", "pixels"])
        #expect(own.answers.map(\.describer) == ["ArcFace", "raw pixels"])
        #expect(own.answers[0].neighbours.allSatisfy { $0.identity == face.identity })
        let gray = Image(width: 64, height: 64, channels: 1, pixels: [UInt8](repeating: 128, count: 64 * 64))
        #expect(try answer(gray.png(), ["pixels"]).answers.count == 1)
        let refusal = #expect(throws: QueryRefusal.self) { try answer(gray.png(), ["given"]) }
        #expect(
            refusal?.description
                == "evaluation 'given' cannot answer: the vectors of ArcFace were given, and nothing here makes one of "
                + "another photograph; ask about one that they describe")
    }

    /// Without `preprocess`, of a whole dataset, in the data folder, in other precisions; people are split several ways.
    @Test func aDatasetIsDescribed() throws {
        let evaluation = """
            ```evaluate
            id: given
            data: faces
            vectors: own
            splits: 2
            k: [1, 2]
            ```
            """
        let project = try SmallProject(chapter: Self.chapter("data: people\npaths: lists/of.txt", evaluation))
        let matrix = try Self.vectors(of: project)
        let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (24, 7), }\n"
        var file = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
        for value in matrix.values { withUnsafeBytes(of: Double(value).bitPattern.littleEndian) { file += $0 } }
        try project.place.put(file, "data/own.npy")
        try project.place.put(Self.paths.joined(separator: "\r\n"), "data/lists/of.txt")
        let built = try project.build()
        try built.expect("own", ["vectors": 24, "covered": 24])
        try built.expect("given", ["recall1": 1])

        // Not all of a dataset need be described; the faces that are tested do.
        let fewer = matrix.rows(0..<20)
        try project.place.put(fewer.npy(), "data/own.npy")
        try project.place.put(Self.list(Array(Self.paths.prefix(20))), "data/lists/of.txt")
        let (partly, problems) = try project.attempt()
        try partly.expect("own", ["vectors": 20, "covered": 20])
        #expect(problems.map(\.code) == ["missing-vectors"])
        #expect(problems.first?.message.hasPrefix("'own' has no vector of img_align_celeba/0000") == true)
        #expect(problems.first?.range?.start.line == 28)
    }

    /// What is wrong is said with file, and line or row.
    @Test func whatIsWrongHasAPlace() throws {
        let project = try SmallProject(chapter: Self.chapter("data: faces\ndimensions: 7"))
        let matrix = try Self.vectors(of: project)
        func problem(
            _ file: [UInt8]? = nil, _ lines: [String] = Self.paths
        ) throws -> (code: String, message: String, line: Int?) {
            try project.place.put(file ?? matrix.npy(), "data/own.npy")
            try project.place.put(Self.list(lines), "data/own.txt")
            let problems = try project.attempt().problems
            #expect(problems.count == 1, "\(problems)")
            return (problems[0].code, problems[0].message, problems[0].range?.start.line)
        }
        func expect(
            _ code: String, _ words: String, line: Int? = nil, _ found: (code: String, message: String, line: Int?),
            _ place: Testing.SourceLocation = #_sourceLocation
        ) {
            #expect(found.code == code && found.message.contains(words), "\(found)", sourceLocation: place)
            if let line { #expect(found.line == line, sourceLocation: place) }
        }
        var lines = Self.paths
        lines[3] = "img_align_celeba/x.jpg"
        expect(
            "unknown-photograph",
            "line 4 of \(project.folder)/data/own.txt names 'img_align_celeba/x.jpg', which is no photograph of 'faces', "
                + "whose paths are like img_align_celeba/00000", try problem(nil, lines))
        lines[3] = Self.paths[1]
        expect("doubled-photograph", "lines 2 and 4 of ", try problem(nil, lines))
        expect("uneven-lists", "has 23 lines, and ", try problem(nil, Array(Self.paths.dropLast())))
        expect(
            "missing-vectors", "every face of 'faces' needs a vector",
            try problem(matrix.rows(0..<12).npy(), Array(Self.paths.prefix(12))))
        expect("unreadable-vectors", "it is not a .npy file", line: 21, try problem(Array("rows".utf8)))
        expect("no-vectors", "has no rows", try problem(matrix.rows(0..<0).npy(), []))
        var values = matrix.values
        values[7 * 5 + 2] = .nan
        expect(
            "unsound-vectors",
            "row 6 of \(project.folder)/data/own.npy (img_align_celeba/000006.jpg) holds nan as its number 3",
            line: 21, try problem(Matrix(rows: 24, columns: 7, values: values).npy()))
        expect(
            "other-dimensions", "has 6 numbers in a row, but 'dimensions' is 7",
            try problem(Matrix(rows: 24, columns: 6, values: Array(values.prefix(144))).npy()))
    }
}
