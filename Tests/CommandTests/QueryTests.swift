import Files
import Foundation
import FoundationNetworking
import TestSupport
import Testing

/// `likeness query` and `likeness preview` as people run them.
@Suite(.serialized) struct QueryTests {
    private static let photograph = "data/small/img_align_celeba/000001.jpg"

    private func built() throws -> SmallProject {
        let project = try SmallProject()
        #expect(try project.run("build").status == 0)
        return project
    }

    @Test func answersAreATableAndOneLineOfJSON() throws {
        let project = try built()
        let shown = try project.command(["query", Self.photograph, "--id", "pixels", "-k", "3"]).run()
        #expect(shown.status == 0, "\(shown.text)")
        let lines = shown.output.split(separator: "\n")
        #expect(lines[0].hasPrefix("photograph  178×218, face at "))
        #expect(lines.contains { $0.hasPrefix("pixels  raw pixels, ") && $0.hasSuffix(" faces of small") })
        #expect(lines.contains { $0.contains(" nodes visited, ") })
        #expect(lines.filter { $0.contains("/40") }.map { $0.prefix(4) } == ["   1", "   2", "   3"])
        #expect(shown.errors.hasPrefix("decode "))

        let json = try project.command(["query", Self.photograph, "--id", "pixels", "-k", "3", "--json"]).run()
        #expect(json.status == 0 && json.errors.isEmpty)
        let answer = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        let part = try #require((answer["answers"] as? [[String: Any]])?.first)
        let neighbours = try #require(part["neighbours"] as? [[String: Any]])
        #expect(neighbours.count == 3 && neighbours.allSatisfy { $0["picture"] == nil })
        for (line, neighbour) in zip(lines.filter { $0.contains("/40") }, neighbours) {
            #expect(line.contains(String(format: "%.4f", neighbour["distance"] as? Double ?? -1)))
        }

        // By brute force the same; a filter leaves those who have the attribute.
        let flat = try project.command(["query", Self.photograph, "--id", "pixels", "-k", "3", "--index", "flat"]).run()
        #expect(flat.output.split(separator: "\n").filter { $0.contains("/40") } == lines.filter { $0.contains("/40") })
        let filtered = try project.command(
            ["query", Self.photograph, "--id", "pixels", "--with", "male", "--without", "Young"]).run()
        #expect(filtered.status == 0 && filtered.output.contains("of them as asked"))
    }

    @Test func thePictureIsDrawnAndReplacesNothingElse() throws {
        let project = try built()
        let drawn = try project.command(["query", Self.photograph, "--id", "pixels", "--grid", "grid.png"]).run()
        #expect(drawn.status == 0, "\(drawn.text)")
        #expect(project.place.bytes("grid.png")?.prefix(4) == [0x89, 0x50, 0x4E, 0x47])
        let before = project.place.bytes(Self.photograph)
        let refused = try project.command(
            ["query", Self.photograph, "--id", "pixels", "--grid", Self.photograph]).run()
        #expect(refused.status == 1 && refused.errors.contains("would replace \(Self.photograph), the photograph"))
        #expect(project.place.bytes(Self.photograph) == before)
        // Nor what the report is made of.
        for path in ["chapters/report.yml", "data/new.png", ".likeness/new.png"] {
            let earlier = project.place.bytes(path)
            let ended = try project.command(["query", Self.photograph, "--id", "pixels", "--grid", path]).run()
            #expect(ended.status == 1 && ended.errors.contains("of which the report is made"), "\(ended.text)")
            #expect(project.place.bytes(path) == earlier)
        }
    }

    @Test func refusalsAreSentences() throws {
        let project = try SmallProject()
        func refusal(_ arguments: String...) throws -> String {
            let ended = try project.command(["query"] + arguments).run()
            #expect(ended.status == 1, "\(ended.text)")
            #expect(ended.errors.hasPrefix("error: ") || ended.output.hasPrefix("photograph "))
            return ended.errors
        }
        #expect(
            try refusal(Self.photograph, "--id", "pixels")
                == "error: evaluation 'pixels' is not computed yet; 'likeness build --only pixels' computes it\n")
        #expect(try project.run("build", "--only", "pixels").status == 0)
        #expect(
            try refusal(Self.photograph, "--id", "pixel")
                == "error: no evaluation has the id 'pixel'; did you mean 'pixels'? There are pixels\n")
        #expect(try refusal(Self.photograph) == "error: no evaluation is named; give --id. There are pixels\n")
        #expect(try refusal("nowhere.jpg", "--id", "pixels").hasPrefix("error: nowhere.jpg: cannot be opened"))
        #expect(try refusal("chapters/report.yml", "--id", "pixels").contains("this is no JPEG, PNG or PNM image"))
        #expect(
            try refusal(Self.photograph, "--id", "pixels", "--with", "Hat").contains("no attribute is called 'Hat'"))
        #expect(try refusal(Self.photograph, "--id", "pixels", "-k", "0").contains("k is 0; ask for 1 to 1000 faces"))
        #expect(try refusal(Self.photograph, "--id", "pixels", "--face", "3").contains("there is one, number 0"))
        try project.place.put("P5 60 60 255\n" + String(repeating: "x", count: 3600), "gray.pgm")
        #expect(try refusal("gray.pgm", "--id", "pixels").contains("gray.pgm: no face was found"))
        let marked = try project.command(["query", "gray.pgm", "--id", "pixels", "--box", "10,10,40,40"]).run()
        #expect(marked.status == 0 && marked.output.contains("face marked at 10,10 40×40"))
        #expect(try project.run("query", "gray.pgm", "--id", "pixels", "--box", "10,10").status == 64)
        try project.write(chapter: "# A\n\n```evaluate\nid: x\n```\n")
        #expect(try refusal(Self.photograph, "--id", "x").contains("'likeness check' lists them"))
    }

    /// The port is told on standard output; one signal ends it with the status of that signal.
    @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
    func aPreviewServesUntilItIsAskedToEnd(signal: Int32, status: Int32) throws {
        let project = try built()
        let running = try project.command(["preview"]).start()
        while running.process.isRunning, !running.printed.contains("\n") { usleep(2000) }
        let address = try #require(URL(string: running.printed.split(separator: "\n").first.map(String.init) ?? ""))
        #expect(address.host == "127.0.0.1")
        // The published page, with what the server adds.
        let page = String(decoding: try Data(contentsOf: address), as: UTF8.self)
        let body = try #require(project.place.read("output/index.html")?.split(separator: "<body").last)
        #expect(page.contains("name=\"likeness-server\"") && page.hasSuffix(body))
        kill(running.id, signal)
        let ended = running.end()
        #expect(ended.status == status && !ended.isKilled, "\(ended.text)")
        #expect(ended.errors.isEmpty, "\(ended.errors)")
    }

    @Test func aNetworkIsServedOnlyWhereThatIsMeant() throws {
        let project = try SmallProject()
        let refused = try project.command(["preview", "--host", "0.0.0.0"]).run()
        #expect(refused.status == 64 && refused.errors.contains("Give --access to let in only"))
        let nonsense = try project.command(["preview", "--host", "nowhere", "--i-know"]).run()
        #expect(nonsense.status == 1 && nonsense.errors.contains("this is no numeric address"))
    }
}
