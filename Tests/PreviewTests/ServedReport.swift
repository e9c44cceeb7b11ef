import Diagnostics
import Directives
import Execution
import Files
import Foundation
import Imaging
import Preview
import TestSupport
import Testing

/// A small report that is built once for all tests, and its routes.
enum ServedReport {
    static let port: UInt16 = 8123
    static let host = "127.0.0.1:8123"

    struct Made {
        let small: SmallProject
        let project: Project
        let searches: FaceSearches
    }

    private static let made: Result<Made, any Error> = Result {
        let small = try SmallProject(
            chapter: SmallProject.chapter + "```evaluate\nid: other\ndata: faces\nmodel: pixels\nk: [1]\n```\n")
        let project = Project(
            chapters: small.folder + "/chapters", data: small.folder + "/data", output: small.folder + "/output",
            state: small.folder + "/state")
        var build = Build(project, interruption: Interruption(), listener: Quiet())
        build.publishesEarly = false
        _ = try build.run()
        return Made(small: small, project: project, searches: FaceSearches(project))
    }

    static func get() throws -> Made { try made.get() }

    static func routes() throws -> Routes {
        let made = try get()
        return Routes(made.searches, folder: made.project.output, gate: Gate(port: port))
    }

    /// A photograph of the dataset.
    static func photograph(_ number: Int = 1) throws -> [UInt8] {
        try Files.read(get().small.folder + String(format: "/data/small/img_align_celeba/%06d.jpg", number))
    }

    private struct Quiet: BuildListener {
        func problems(_ diagnostics: [Diagnostic], sources: [String: String]) {}
        func remark(_ line: String) {}
        func published(_ page: String, missing: Int, of count: Int, secondsLeft: Int) {}
        func event(_ event: BuildEvent) {}
        func stepsEnded() {}
    }
}

extension Request {
    /// To the served report, under its own name.
    static func own(
        _ method: String, _ target: String, headers: [(name: String, value: String)] = [], body: [UInt8] = []
    ) -> Request {
        Request(method, target, headers: [("Host", ServedReport.host)] + headers, body: .whole(body))
    }
}

extension Response {
    var bytes: [UInt8] {
        switch body {
        case .bytes(let bytes): bytes
        case .file(let file): file.bytes()
        case .feed: []
        }
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The answer as JSON.
    func object() throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    /// The sentence of a refusal.
    func detail() throws -> String { try #require(try object()["detail"] as? String) }
}

/// The same numbers in every run.
struct Dice {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func roll(_ count: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state >> 11) % count
    }
}
