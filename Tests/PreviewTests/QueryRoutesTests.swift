import Directives
import Files
import Foundation
import Imaging
import Preview
import Testing

/// What programs ask, without a socket.
@Suite struct QueryRoutesTests {
    private func ask(_ target: String, _ body: [UInt8], type: String? = nil) throws -> Response {
        try ServedReport.routes().answer(
            .own("POST", target, headers: type.map { [("Content-Type", $0)] } ?? [], body: body))
    }

    @Test func evaluationsAreListed() throws {
        let response = try ServedReport.routes().answer(.own("GET", "/api/evaluations"))
        let list = try #require(try response.object()["evaluations"] as? [[String: Any]])
        #expect(list.compactMap { $0["id"] as? String } == ["pixels", "other"])
        #expect(list.allSatisfy { $0["isReady"] as? Bool == true })
        #expect(list[0]["describer"] as? String == "raw pixels" && (list[0]["attributes"] as? [String])?.count == 40)
    }

    @Test func aPhotographIsAnsweredInFull() throws {
        let response = try ask("/api/query?model=pixels&k=3", ServedReport.photograph())
        #expect(response.status == 200 && response.value(of: "cache-control") == "no-store")
        let answer = try response.object()
        #expect(answer["outcome"] as? String == "found" && answer["face"] as? Int == 0)
        #expect((answer["photograph"] as? [String: Any])?["width"] as? Int == 178)
        let faces = try #require(answer["faces"] as? [[String: Any]])
        #expect(faces.count == 1 && (faces[0]["box"] as? [Int])?.count == 4)
        #expect((answer["crop"] as? String)?.hasPrefix("data:image/jpeg;base64,") == true)
        let stages = try #require(answer["stages"] as? [[String: Any]])
        #expect(stages.compactMap { $0["name"] as? String } == ["decode", "scale", "find", "crop"])
        let part = try #require((answer["answers"] as? [[String: Any]])?.first)
        #expect(part["evaluation"] as? String == "pixels" && part["attributesOf"] as? String == "photograph")
        #expect((part["stages"] as? [[String: Any]])?.compactMap { $0["name"] as? String } == ["embed", "search"])
        let search = try #require(part["search"] as? [String: Any])
        #expect(search["index"] as? String == "tree" && search["nodes"] as? Int != nil)
        let neighbours = try #require(part["neighbours"] as? [[String: Any]])
        #expect(neighbours.count == 3 && neighbours.compactMap { $0["rank"] as? Int } == [1, 2, 3])
        for neighbour in neighbours {
            let address = try #require(neighbour["picture"] as? String)
            let picture = try ServedReport.routes().answer(.own("GET", address))
            #expect(picture.status == 200 && picture.value(of: "content-type") == "image/jpeg")
            _ = try Image(decoding: picture.bytes, name: address)
        }
    }

    @Test func anAnswerHasAnAddressAndIsAskedAgain() throws {
        let routes = try ServedReport.routes()
        let first = try routes.answer(.own("POST", "/api/query?model=pixels&k=3", body: ServedReport.photograph()))
        let id = try #require(try first.object()["id"] as? String)
        func neighbours(_ response: Response) throws -> [[String]] {
            try #require(try response.object()["answers"] as? [[String: Any]]).map { part in
                try #require(part["neighbours"] as? [[String: Any]]).compactMap { $0["path"] as? String }
            }
        }
        let again = routes.answer(.own("GET", "/api/answers/\(id)"))
        #expect(try neighbours(again) == neighbours(first))
        let more = routes.answer(.own("GET", "/api/answers/\(id)?k=4&index=flat&model=other&model=pixels"))
        #expect(try neighbours(more).map(\.count) == [4, 4])
        #expect(try neighbours(more)[1].prefix(3) == neighbours(first)[0][...])
        let filtered = routes.answer(.own("GET", "/api/answers/\(id)?with=Male"))
        let unfiltered = routes.answer(.own("GET", "/api/answers/\(id)?with="))
        #expect(filtered.status == 200)
        #expect(try neighbours(unfiltered) == neighbours(first))
        let download = routes.answer(.own("GET", "/api/answers/\(id)?download=1"))
        #expect(download.value(of: "content-disposition") == "attachment; filename=\"answer.json\"")
        #expect(routes.answer(.own("GET", "/api/answers/\(id)?box=1,1,5,5")).status == 400)
    }

    @Test(arguments: [
        ("/api/query", 400, "no evaluation is named"), ("/api/query?model=pixel", 404, "did you mean 'pixels'"),
        ("/api/query?model=faces", 404, "no evaluation has the id 'faces'"),
        ("/api/query?model=pixels&model=pixels", 400, "named twice"), ("/api/query?model=pixels&k=0", 400, "k is 0"),
        ("/api/query?model=pixels&k=1001", 400, "k is 1001"), ("/api/query?model=pixels&k=x", 400, "whole number"),
        ("/api/query?model=pixels&k=3&k=4", 400, "given twice"), ("/api/query?model=pixels&kk=3", 400, "no parameter"),
        ("/api/query?model=pixels&index=ball", 400, "tree or flat"),
        ("/api/query?model=pixels&face=-1", 400, "counted from 0"),
        ("/api/query?model=pixels&face=1", 404, "there is no face 1"),
        ("/api/query?model=pixels&with=Hat", 400, "no attribute"),
        ("/api/query?model=pixels&with=Male&without=Male", 400, "at once"),
        ("/api/query?model=pixels&box=1,2,3", 400, "x,y,width,height"),
        ("/api/query?model=pixels&box=0,0,0,5", 400, "box is"),
        ("/api/query?model=pixels&box=170,0,50,50", 422, "does not lie in the photograph"),
        ("/api/query?model=pixels&box=0,0,99999999999999999999,5", 400, "box is"),
        ("/api/query?model=pixels&whole=0", 400, "whole is '0'"),
        ("/api/query?model=pixels&whole=1&whole=1", 400, "given twice"),
        ("/api/query?model=pixels&whole=1&box=0,0,5,5", 400, "leave one of them out"),
        ("/api/query?model=%zz", 400, "cannot be read"),
        ("/api/query?model=%ff", 400, "cannot be read"),
        ("/api/query?" + String(repeating: "with=&", count: 200), 414, "at most 8192 bytes and 128 parameters"),
        ("/api/query?model=" + String(repeating: "a", count: 9000), 414, "at most 8192 bytes"),
        ("/api/query?model=pixels&face=0&box=1,2,30,40", 400, "face and box are both given"),
        ("/api/query?model=a&model=b&model=c&model=d&model=e&model=f&model=g&model=h&model=i", 400, "at most 8"),
    ])
    func aQueryThatIsNoneIsTold(target: String, status: Int, sentence: String) throws {
        let response = try ask(target, ServedReport.photograph())
        #expect(response.status == status)
        #expect(try response.detail().contains(sentence), "\(response.text)")
    }

    @Test(arguments: [
        "/api/evaluations?x=1", "/api/session?x", "/api/openapi.json?a=b", "/api/evaluations/pixels/faces/0?x=1",
    ])
    func whatMeansNothingIsTold(target: String) throws {
        #expect(try ServedReport.routes().answer(.own("GET", target)).status == 400)
    }

    @Test(arguments: ["-1", "01", "999999", "x", "", "9223372036854775808", "0x1"])
    func thereAreSoManyFaces(face: String) throws {
        let response = try ServedReport.routes().answer(.own("GET", "/api/evaluations/pixels/faces/\(face)"))
        #expect(response.status == 404)
    }

    @Test func noFaceAndAMarkedOne() throws {
        var gray = Image(width: 200, height: 200, channels: 1, pixels: [UInt8](repeating: 0, count: 40_000))
        var dice = Dice(1)
        for place in gray.pixels.indices { gray.pixels[place] = UInt8(dice.roll(256)) }
        let png = try gray.png()
        let none = try ask("/api/query?model=pixels", png).object()
        #expect(none["outcome"] as? String == "none" && (none["answers"] as? [Any])?.isEmpty == true)
        let marked = try ask("/api/query?model=pixels&box=20,40,80,80", png).object()
        #expect(marked["outcome"] as? String == "found" && marked["isMarked"] as? Bool == true)
        let part = try #require((marked["answers"] as? [[String: Any]])?.first)
        #expect(part["attributesOf"] as? String == "answers")
    }

    @Test func aFaceThatIsCutOutIsAskedAboutAsItIs() throws {
        let routes = try ServedReport.routes()
        let face = routes.answer(.own("GET", "/api/evaluations/pixels/faces/0"))
        let asked = routes.answer(.own("POST", "/api/query?model=pixels&k=1&whole=1", body: face.bytes))
        let answer = try asked.object()
        let image = try Image(decoding: face.bytes, name: "face")
        let box = (try #require(answer["faces"] as? [[String: Any]]).first?["crop"] as? [Int])
        #expect(answer["outcome"] as? String == "found" && box == [0, 0, image.width, image.height])
        let stages = try #require(answer["stages"] as? [[String: Any]]).compactMap { $0["name"] as? String }
        #expect(stages == ["decode", "crop"], "nothing is looked for")
        // An answer that is asked for again is about the same face.
        let id = try #require(answer["id"] as? String)
        #expect(routes.answer(.own("GET", "/api/answers/\(id)?k=2")).status == 200)
        #expect(routes.answer(.own("GET", "/api/answers/\(id)?whole=1")).status == 400)
    }

    /// Without a directive that offers others, the last evaluation is.
    @Test func whatIsOfferedIsMadeReady() throws {
        let searches = FaceSearches(try ServedReport.get().project)
        searches.prepare()
        #expect(searches.loadedIDs == ["other"])
        _ = try searches.search("pixels")
        #expect(searches.loadedIDs == ["other", "pixels"])
    }

    /// Every route is described, and nothing else is.
    @Test func theDescriptionIsThatOfTheTable() throws {
        let routes = try ServedReport.routes()
        let description = try routes.answer(.own("GET", "/api/openapi.json")).object()
        #expect((description["openapi"] as? String)?.hasPrefix("3.1") == true)
        let paths = try #require(description["paths"] as? [String: [String: Any]])
        let described = paths.flatMap { path, item in
            item.keys.filter { $0 != "parameters" }.map { "\($0.uppercased()) \(path)" }
        }
        #expect(described.sorted() == routes.paths.map { "\($0.method) \($0.path)" }.sorted())
    }

    /// What answers hold is what the description says that they hold.
    @Test func answersAreAsDescribed() throws {
        let routes = try ServedReport.routes()
        let description = try routes.answer(.own("GET", "/api/openapi.json")).object()
        let schemas = try #require((description["components"] as? [String: Any])?["schemas"] as? [String: Any])
        let answer = try ask("/api/query?model=pixels&model=other", ServedReport.photograph()).object()
        expect(answer, toMatch: ["$ref": "#/components/schemas/Answer"], schemas, "answer")
        let list = try routes.answer(.own("GET", "/api/evaluations")).object()
        for item in list["evaluations"] as? [Any] ?? [] {
            expect(item, toMatch: ["$ref": "#/components/schemas/Evaluation"], schemas, "evaluation")
        }
    }

    /// As much of JSON Schema as the description uses; what is not described is wrong as well.
    private func expect(_ value: Any, toMatch schema: [String: Any], _ schemas: [String: Any], _ place: String) {
        if let reference = schema["$ref"] as? String {
            let name = String(reference.split(separator: "/").last ?? "")
            expect(value, toMatch: schemas[name] as? [String: Any] ?? [:], schemas, place)
            return
        }
        switch schema["type"] as? String {
        case "object":
            guard let object = value as? [String: Any] else {
                Issue.record("\(place) is no object")
                return
            }
            let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
            for name in schema["required"] as? [String] ?? [] where object[name] == nil {
                Issue.record("\(place) has no \(name)")
            }
            for (name, part) in object {
                guard let own = properties[name] else {
                    Issue.record("\(place).\(name) is not described")
                    continue
                }
                expect(part, toMatch: own, schemas, "\(place).\(name)")
            }
        case "array":
            guard let list = value as? [Any] else {
                Issue.record("\(place) is no list")
                return
            }
            for item in list { expect(item, toMatch: schema["items"] as? [String: Any] ?? [:], schemas, place + "[]") }
        case "string": #expect(value is String, "\(place)")
        case "integer", "number", "boolean": #expect(value is NSNumber, "\(place)")
        default: Issue.record("\(place) has no type")
        }
        if let allowed = schema["enum"] as? [String], let text = value as? String { #expect(allowed.contains(text)) }
    }
}
