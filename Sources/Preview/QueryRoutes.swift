import Directives
import Faces
import Files
import Foundation
import Imaging
import Retrieval

/// The query interface as routes: what programs and pages ask.
struct QueryRoutes: Sendable {
    let searches: FaceSearches
    let gate: Gate
    private let kept = KeptAnswers()

    /// Of an upload, with what a form puts around it.
    static let uploadBytes = 20 << 20
    private static let formBytes = 64 << 10
    /// For the decoding of an upload.
    private static let decodingSeconds = 5.0

    init(_ searches: FaceSearches, _ gate: Gate) {
        self.searches = searches
        self.gate = gate
    }

    var table: [Route] {
        [
            Route(method: "GET", path: "/api/evaluations") { request, _ in
                try Self.expectNoParameters(request)
                return try .json(List(evaluations: searches.list()))
            },
            Route(
                method: "POST", path: "/api/query", access: .ask, lane: .heavy,
                bodyLimit: Self.uploadBytes + Self.formBytes
            ) { request, _ in try ask(request) },
            Route(method: "GET", path: "/api/answers/{id}", lane: .heavy) { request, parameters in
                try askAgain(request, parameters["id"])
            },
            Route(method: "DELETE", path: "/api/answers/{id}", access: .change) { request, parameters in
                try Self.expectNoParameters(request)
                guard kept.forget(parameters["id"]) else { throw Self.noAnswer }
                return Response(204)
            },
            Route(method: "GET", path: "/api/evaluations/{id}/faces/{face}") { request, parameters in
                try picture(request, of: parameters["face"], in: parameters["id"])
            },
            Route(method: "GET", path: "/api/session") { request, _ in
                try Self.expectNoParameters(request)
                return try .json(["token": gate.token])
            },
            Route(method: "GET", path: "/api/openapi.json") { request, _ in
                try Self.expectNoParameters(request)
                return Response(type: "application/json", PackageResources.openapi_json)
            },
        ]
    }

    private struct List: Encodable { var evaluations: [EvaluationFacts] }

    private func ask(_ request: Request) throws -> Response {
        guard case .whole(let body) = request.body else { return .problem(413, "the request carries too much") }
        var parameters = QueryParameters()
        try parameters.add(Self.parameters(of: request))
        let type = request.value(of: "content-type")
        var photograph: [UInt8]?
        if Multipart.isMeant(by: type), let type {
            for part in try Multipart.parts(of: body, contentType: type) {
                if part.name == "image" {
                    guard photograph == nil else {
                        throw QueryRefusal(.unsound, "the form has two images; send one at a time")
                    }
                    photograph = Array(part.bytes)
                } else {
                    guard part.bytes.count <= 1024, let text = part.text else {
                        throw QueryRefusal(.unsound, "the form's field '\(part.name)' is no short text")
                    }
                    try parameters.add([(part.name, text)])
                }
            }
            guard photograph != nil else {
                throw QueryRefusal(.unsound, "the form has no image; send a photograph in a part called 'image'")
            }
        } else {
            photograph = body
        }
        let query = try parameters.query()
        guard let photograph, photograph.count <= Self.uploadBytes else {
            return .problem(
                413, "the photograph has more than \(Self.uploadBytes >> 20) MB; scale it down")
        }
        let found = try searches.find(in: photograph, name: "photograph", for: query, seconds: Self.decodingSeconds)
        return try answer(found, query, as: kept.keep(found, query))
    }

    private func askAgain(_ request: Request, _ id: String) throws -> Response {
        guard let known = kept[id] else { throw Self.noAnswer }
        var parameters = QueryParameters()
        let all = try Self.parameters(of: request)
        try parameters.add(all, others: ["download"])
        guard !all.contains(where: { $0.name == "box" || $0.name == "whole" }) else {
            throw QueryRefusal(.unsound, "a face is marked, or cut out, in a photograph; send that again")
        }
        let query = try parameters.query(or: known.query)
        var response = try answer(known.found, query, as: id)
        if all.contains(where: { $0.name == "download" }) {
            response.headers.append(("Content-Disposition", "attachment; filename=\"answer.json\""))
        }
        return response
    }

    private func answer(_ found: FoundFaces, _ query: FaceQuery, as id: String?) throws -> Response {
        var answer = try searches.answer(found, query, carriesPictures: true) { evaluation, face in
            "/api/evaluations/\(evaluation)/faces/\(face)"
        }
        answer.id = id
        return try .json(answer)
    }

    /// A face of an evaluation's dataset as it is cut out.
    private func picture(_ request: Request, of number: String, in id: String) throws -> Response {
        try Self.expectNoParameters(request)
        let faces = try searches.search(id).search.faces
        guard let face = Int(number), String(face) == number, faces.faces.indices.contains(face) else {
            throw QueryRefusal(.unknown, "evaluation '\(id)' has no face '\(number)'")
        }
        var response = Response(type: "image/jpeg", try faces.image(of: face).jpeg(quality: 90))
        let tag = "\"\(faces.faces[face].digest.hex.prefix(32))-\(face)\""
        response.headers += [("ETag", tag), ("Cache-Control", "private, max-age=60")]
        return response
    }

    private static let noAnswer = QueryRefusal(
        .unknown, "there is no such answer any more; the last ones are kept while the server runs: ask again")

    private static func parameters(of request: Request) throws(QueryRefusal) -> [(name: String, value: String)] {
        guard let query = request.query else {
            throw QueryRefusal(.unsound, "what stands behind the question mark cannot be read")
        }
        return query
    }

    private static func expectNoParameters(_ request: Request) throws {
        guard let first = try parameters(of: request).first else { return }
        throw QueryRefusal(.unsound, "'\(first.name)' means nothing here; leave it out")
    }
}

extension Response {
    /// A sentence for what an answer was refused with.
    init(refusing error: any Error) {
        let status =
            switch error {
            case let refusal as QueryRefusal:
                switch refusal.kind {
                case .unknown: 404
                case .notReady: 409
                case .unsound: 400
                }
            case is QueryParameters.Unsound, is Multipart.Malformed, is AttributeProblem: 400
            case let error as ImageError:
                switch error.reason {
                case .tooLarge: 413
                case .notAnImage, .unsupported: 415
                case .unreadable, .empty, .truncated, .damaged, .tooSlow: 422
                }
            case is MarkOutside, is SearchError: 422
            // Photographs or results that were touched since.
            case is FaceError, is FileError: 409
            default: 500
            }
        // Who sent it has no file of ours to replace.
        self = .problem(status, "\(error)".replacing("; replace the file or remove it", with: "; send another one"))
    }
}
