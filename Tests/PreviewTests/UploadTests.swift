import Files
import Foundation
import Imaging
import Preview
import Testing

/// What is sent: forms, sizes, and bytes that are no photographs.
@Suite struct UploadTests {
    private static let boundary = "xx--boundary"
    private static let type = "multipart/form-data; boundary=\(boundary)"

    private func form(_ parts: [(head: String, bytes: [UInt8])], end: String = "--\r\n") -> [UInt8] {
        var body: [UInt8] = []
        for part in parts {
            body += Array("--\(Self.boundary)\r\n\(part.head)\r\n\r\n".utf8) + part.bytes + Array("\r\n".utf8)
        }
        return body + Array("--\(Self.boundary)\(end)".utf8)
    }

    private func field(_ name: String, _ value: String) -> (head: String, bytes: [UInt8]) {
        ("Content-Disposition: form-data; name=\"\(name)\"", Array(value.utf8))
    }

    private func image(_ bytes: [UInt8]) -> (head: String, bytes: [UInt8]) {
        (
            "Content-Disposition: form-data; name=\"image\"; filename=\"a \\\"b\\\".jpg\"\r\nContent-Type: image/jpeg",
            bytes
        )
    }

    private func ask(_ body: [UInt8], type: String? = type, _ target: String = "/api/query") throws -> Response {
        try ServedReport.routes().answer(
            .own("POST", target, headers: type.map { [("Content-Type", $0)] } ?? [], body: body))
    }

    @Test func aFormIsAnsweredAsAnAddressIs() throws {
        let photograph = try ServedReport.photograph()
        let sent = try ask(form([image(photograph), field("model", "pixels"), field("k", "4")])).object()
        let plain = try ask(photograph, type: "image/jpeg", "/api/query?model=pixels&k=4").object()
        func paths(_ answer: [String: Any]) -> [String] {
            ((answer["answers"] as? [[String: Any]])?.first?["neighbours"] as? [[String: Any]] ?? [])
                .compactMap { $0["path"] as? String }
        }
        #expect(paths(sent).count == 4 && paths(sent) == paths(plain))
        // Bytes of a part may look like a boundary that they are not.
        let tricky = try ask(form([image(photograph + Array("\r\n--xx--bounda".utf8)), field("model", "pixels")]))
        #expect(tricky.status == 200 || tricky.status == 422)
    }

    @Test func formsThatAreNoneAreTold() throws {
        let photograph = try ServedReport.photograph()
        let good = form([image(photograph), field("model", "pixels")])
        var cases: [(body: [UInt8], type: String)] = [
            ([], Self.type), (Array("--".utf8), Self.type), (Array("--\(Self.boundary)".utf8), Self.type),
            (Array("--\(Self.boundary)--".utf8), Self.type), (Array("--\(Self.boundary)\r\n".utf8), Self.type),
            (Array("--\(Self.boundary)\n\n".utf8), Self.type), (form([], end: ""), Self.type),
            (form([("", [])]), Self.type), (form([("x", [])]), Self.type),
            (form([("Content-Disposition: form-data", [])]), Self.type),
            (form([("Content-Disposition: attachment; name=\"image\"", photograph)]), Self.type),
            (form([("Content-Disposition: form-data; name=\"", photograph)]), Self.type),
            (form([("Content-Type: image/jpeg", photograph)]), Self.type),
            (
                form([
                    (
                        "Content-Disposition: form-data; name=image\r\nContent-Disposition: form-data; name=image",
                        photograph
                    )
                ]), Self.type
            ),
            (
                form([("Content-Disposition: form-data; name=image\r\nContent-Transfer-Encoding: base64", photograph)]),
                Self.type
            ),
            (
                form([
                    (
                        String(repeating: "X: y\r\n", count: 2000) + "Content-Disposition: form-data; name=image",
                        photograph
                    )
                ]), Self.type
            ),
            (form([("X\u{0}: \r\nContent-Disposition", photograph)]), Self.type),
            (form([image(photograph), image(photograph), field("model", "pixels")]), Self.type),
            (form([field("model", "pixels")]), Self.type), (form([field("image", "")]), Self.type),
            (form([image(photograph), field("nothing", "1"), field("model", "pixels")]), Self.type),
            (form([image(photograph), field("k", "1"), field("k", "1"), field("model", "pixels")]), Self.type),
            (form([image(photograph), field("model", String(repeating: "p", count: 2000))]), Self.type),
            (form((0..<80).map { field("with", "\($0)") }), Self.type),
            (form([image(photograph), ("Content-Disposition: form-data; name=model", [0xFF, 0xFE])]), Self.type),
            (good, "multipart/form-data"), (good, "multipart/form-data; boundary="),
            (good, "multipart/form-data; boundary=\"\""),
            (good, "multipart/form-data; boundary=other"),
            (good, "multipart/form-data; boundary=" + String(repeating: "b", count: 71)),
            (good, "multipart/form-data; boundary=\"a\u{0}b\""), (good, "multipart/form-data; boundary=ü"),
            (good, "multipart/form-data;;;boundary"), (good, "MULTIPART/FORM-DATA; Boundary=\"nope\""),
        ]
        // Cut off anywhere, and with a byte changed anywhere outside the photograph.
        let head = form([image([])], end: "").count - Self.boundary.utf8.count - 6
        for place in 0..<head { cases.append((Array(good[..<place]), Self.type)) }
        for place in stride(from: head, to: good.count, by: max(1, good.count / 40)) {
            cases.append((Array(good[..<place]), Self.type))
        }
        #expect(cases.count >= 100)
        for (number, (body, type)) in cases.enumerated() {
            let response = try ask(body, type: type)
            #expect((400..<500).contains(response.status), "case \(number): \(response.status)")
            #expect(try !response.detail().isEmpty)
        }
        for place in 0..<head {
            var body = good
            body[place] ^= 0x20
            #expect(try ask(body).status < 500, "byte \(place)")
        }
    }

    @Test(arguments: [
        ("text", 415), ("gif", 415), ("empty", 422), ("cut", 422), ("huge", 413), ("long", 413), ("wide", 413),
        ("pbm", 415),
    ])
    func whatIsNoPhotographIsTold(kind: String, status: Int) throws {
        let photograph = try ServedReport.photograph()
        let body: [UInt8] =
            switch kind {
            case "text": Array("not a photograph".utf8)
            case "gif": Array("GIF89a".utf8) + [UInt8](repeating: 0, count: 100)
            case "empty": []
            case "cut": Array(photograph.prefix(photograph.count / 2))
            case "huge": Array("P5 20000 20000 255\n".utf8)
            case "long": Array("P5 100000 2 255\n".utf8)
            case "wide": try widened(photograph)
            default: Array("P4 8 1\n\u{1}".utf8)
            }
        let response = try ask(body, type: nil, "/api/query?model=pixels")
        #expect(response.status == status)
        #expect(try response.detail().hasPrefix("photograph: "))
    }

    /// A JPEG whose head says that it has one row of 65,535 pixels.
    private func widened(_ jpeg: [UInt8]) throws -> [UInt8] {
        let frame = try #require(jpeg.firstRange(of: [0xFF, 0xC0]))
        return Array(jpeg[..<(frame.upperBound + 3)]) + [0x00, 0x01, 0xFF, 0xFF] + jpeg[(frame.upperBound + 7)...]
    }

    @Test func aLengthThatIsToldTwiceIsRefused() throws {
        let routes = try ServedReport.routes()
        for second in [("Content-Length", "60"), ("Content-Length", "5"), ("Transfer-Encoding", "chunked")] {
            let headers = [("Host", ServedReport.host), ("Content-Length", "5"), second]
            let admission = routes.admit(Request("POST", "/api/query?model=pixels", headers: headers))
            guard case .answer(let response) = admission else {
                Issue.record("\(second) is read")
                continue
            }
            #expect(response.status == 400)
        }
    }

    @Test func whatIsTooLargeIsRefusedBeforeItIsRead() throws {
        let routes = try ServedReport.routes()
        func admitted(_ method: String, _ target: String, _ length: String?, host: String = ServedReport.host) -> String
        {
            let headers = [("Host", host)] + (length.map { [("Content-Length", $0)] } ?? [])
            switch routes.admit(Request(method, target, headers: headers)) {
            case .read(let limit): return limit == 0 ? "nothing" : limit > 20 << 20 ? "a photograph" : "something"
            case .answer(let response): return "\(response.status)"
            }
        }
        #expect(admitted("POST", "/api/query?model=pixels", "1000") == "a photograph")
        #expect(admitted("POST", "/api/query?model=pixels", nil) == "a photograph")
        #expect(admitted("POST", "/api/query?model=pixels", "30000000") == "nothing")
        #expect(admitted("POST", "/api/query?model=pixels", "300000000000") == "413")
        #expect(admitted("POST", "/api/query", "1000", host: "evil.example") == "nothing")
        #expect(admitted("POST", "/api/query", "300000000000", host: "evil.example") == "403")
        #expect(admitted("POST", "/api/evaluations", "1000") == "nothing")
        #expect(admitted("GET", "/", "10") == "nothing")
        #expect(admitted("GET", "/", nil) == "nothing")
        // What was not kept is told; so is what found no room.
        let headers = [(name: "Host", value: ServedReport.host)]
        let large = routes.answer(Request("POST", "/api/query?model=pixels", headers: headers, body: .tooLarge))
        #expect(large.status == 413)
        #expect(try large.detail().contains("at most 20 MB"))
        let crowded = routes.answer(Request("POST", "/api/query?model=pixels", headers: headers, body: .noRoom))
        #expect(crowded.status == 503 && crowded.value(of: "retry-after") == "1")
        let pointless = routes.answer(Request("GET", "/api/evaluations", headers: headers, body: .tooLarge))
        #expect(pointless.status == 413)
        // One byte too many, within the form's allowance.
        let body = [UInt8](repeating: 0x20, count: (20 << 20) + 1)
        #expect(try ask(body, type: nil, "/api/query?model=pixels").status == 413)
    }

    @Test func mutatedPhotographsAreAnsweredOrTold() throws {
        let routes = try ServedReport.routes()
        let jpeg = try ServedReport.photograph(2)
        let image = try Image(decoding: jpeg, name: "photograph")
        let pnm = Array("P6 \(image.width) \(image.height) 255\n".utf8) + image.rgb.pixels
        let seeds = [jpeg, try image.png(), pnm]
        var dice = Dice(7)
        for round in 0..<500 {
            var bytes = seeds[round % seeds.count]
            for _ in 0...dice.roll(4) {
                switch dice.roll(4) {
                // Heads are where most goes wrong.
                case 0: bytes[dice.roll(min(bytes.count, 700))] = UInt8(dice.roll(256))
                case 1: bytes[dice.roll(bytes.count)] ^= UInt8(1 << dice.roll(8))
                case 2: bytes.removeSubrange(dice.roll(bytes.count)...)
                default: bytes.insert(contentsOf: [0xFF, UInt8(dice.roll(256)), 0, 8], at: dice.roll(bytes.count))
                }
                if bytes.isEmpty { bytes = [0xFF, 0xD8] }
            }
            let response = routes.answer(.own("POST", "/api/query?model=pixels", body: bytes))
            #expect(response.status == 200 || (400..<500).contains(response.status), "round \(round): \(response.text)")
        }
    }
}
