/// One line of the routing table.
package struct Route: Sendable {
    /// Who may ask.
    package enum Access: Sendable {
        /// Whoever reaches the server under one of its names.
        case read
        /// The same, but no page of another site.
        case ask
        /// Pages of this server alone, which know its token: something changes.
        case change
    }

    /// Where the answer is made: what computes does not keep others waiting.
    package enum Lane: Sendable { case light, heavy }

    package typealias Answer = @Sendable (Request, Parameters) throws -> Response

    var method: String
    /// `/api/answers/{id}`: a part in braces stands for any one.
    var path: String
    var access: Access
    var lane: Lane
    /// Bytes of a request's body.
    var bodyLimit: Int
    var answer: Answer

    package init(
        method: String, path: String, access: Access = .read, lane: Lane = .light, bodyLimit: Int = 0,
        answer: @escaping Answer
    ) {
        self.method = method
        self.path = path
        self.access = access
        self.lane = lane
        self.bodyLimit = bodyLimit
        self.answer = answer
    }

    /// The parts that stand for the braces, by their name.
    package struct Parameters: Sendable {
        fileprivate var values: [String: String] = [:]

        package subscript(name: String) -> String { values[name] ?? "" }
    }

    fileprivate func match(_ parts: [String]) -> Parameters? {
        let pattern = path.split(separator: "/")
        guard pattern.count == parts.count else { return nil }
        var found = Parameters()
        for (expected, part) in zip(pattern, parts) {
            if expected.hasPrefix("{") {
                found.values[String(expected.dropFirst().dropLast())] = part
            } else if expected != part {
                return nil
            }
        }
        return found
    }
}

/// The table: from a request to its answer, without a socket.
package struct Routes: Sendable {
    let gate: Gate
    let routes: [Route]
    /// What answers below no route: the files of the report.
    let files: @Sendable (Request) -> Response

    package init(gate: Gate, routes: [Route], files: @escaping @Sendable (Request) -> Response) {
        self.gate = gate
        self.routes = routes
        self.files = files
    }

    /// Bytes of a body beyond its limit that are read, so that its sender hears why it is refused.
    static let discarded = 64 << 20

    /// What becomes of a request whose head is there.
    package enum Admission: Sendable {
        /// The body is read, up to so many bytes.
        case read(Int)
        /// Nothing more is read.
        case answer(Response)
    }

    package func admit(_ head: Request) -> Admission {
        // Where such a body ends, nobody knows (RFC 9112, §6.3).
        guard head.values(of: "content-length").count + head.values(of: "transfer-encoding").count <= 1 else {
            return .answer(finished(.problem(400, "the length of the body is told more than once; tell it once")))
        }
        let refusal = refusal(of: head)
        let limit = refusal == nil ? (try? find(head))?.route.bodyLimit ?? 0 : 0
        guard let length = head.contentLength, length > limit else { return .read(limit) }
        guard length <= limit + Self.discarded else {
            return .answer(finished(refusal ?? Self.tooLarge(limit)))
        }
        return .read(0)
    }

    package func answer(_ request: Request) -> Response {
        var response = finished(refusal(of: request) ?? response(to: request))
        guard response.status == 200, let tag = response.value(of: "etag"), request.hasCurrent(tag) else {
            return response
        }
        // The body is left out, but its length is told, as it would be.
        response.status = 304
        response.headers.removeAll { $0.name == "Content-Type" }
        return response
    }

    /// Whether a request computes.
    package func isHeavy(_ request: Request) -> Bool {
        refusal(of: request) == nil && (try? find(request))?.route.lane == .heavy
    }

    /// Where there is too much to do already.
    package func busy() -> Response {
        finished(
            .problem(503, "more is asked than this server can answer; try again", headers: [("Retry-After", "1")]))
    }

    /// What is said before anything is looked at: to who may not ask, or has to ask in another way.
    private func refusal(of request: Request) -> Response? {
        guard request.isShort else {
            return .problem(
                414,
                "the address is too long: at most \(Request.targetBytes) bytes and \(Request.mostParameters) "
                    + "parameters are read; leave some out")
        }
        let access = (try? find(request))?.route.access ?? .read
        if let sentence = gate.refusal(of: request, access) { return .problem(403, sentence) }
        return gate.access?.reply(to: request)
    }

    private func response(to request: Request) -> Response {
        do throws(Unanswered) {
            let (route, parameters) = try find(request)
            switch request.body {
            case .whole: break
            case .tooLarge: return Self.tooLarge(route.bodyLimit)
            case .noRoom: return busy()
            }
            do {
                return try route.answer(request, parameters)
            } catch {
                return Response(refusing: error)
            }
        } catch {
            return error.response ?? files(request)
        }
    }

    private static func tooLarge(_ limit: Int) -> Response {
        let bound = limit == 0 ? "nothing is taken here" : "at most \(limit >> 20) MB are taken; scale the image down"
        return .problem(413, "the request carries too much: \(bound)")
    }

    /// No route answers; nil where the report's files may.
    private struct Unanswered: Error { var response: Response? }

    private func find(_ request: Request) throws(Unanswered) -> (route: Route, parameters: Route.Parameters) {
        guard let parts = request.path else {
            throw Unanswered(response: .problem(400, "the address is none: its path cannot be read"))
        }
        let method = request.method == "HEAD" ? "GET" : request.method
        var allowed: Set<String> = []
        for route in routes {
            guard let parameters = route.match(parts) else { continue }
            if route.method == method { return (route, parameters) }
            allowed.insert(route.method)
        }
        if allowed.isEmpty, parts.first != "api" {
            guard method != "GET" else { throw Unanswered(response: nil) }
            allowed = ["GET"]
        }
        if allowed.isEmpty {
            throw Unanswered(
                response: .problem(404, "there is nothing at this address; /api/openapi.json lists what there is"))
        }
        if allowed.contains("GET") { allowed.insert("HEAD") }
        throw Unanswered(
            response: .problem(
                405, "\(request.method) is not answered here",
                headers: [("Allow", allowed.sorted().joined(separator: ", "))]))
    }

    /// What every answer carries.
    private func finished(_ response: Response) -> Response {
        var response = response
        response.headers += [
            ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
            ("Cross-Origin-Resource-Policy", "same-origin"), ("X-Frame-Options", "DENY"),
        ]
        if response.value(of: "content-security-policy") == nil {
            response.headers.append(("Content-Security-Policy", ContentPolicy.nothing))
        }
        return response
    }
}
