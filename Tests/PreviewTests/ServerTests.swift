import Files
import Foundation
import Preview
import Testing

/// The server behind its socket: what only a connection shows.
@Suite struct ServerTests {
    private func server(_ change: (inout ServerLimits) -> Void = { _ in }) throws -> HTTPServer {
        let made = try ServedReport.get()
        var limits = ServerLimits()
        change(&limits)
        return try HTTPServer(limits: limits) { port in
            Routes(made.searches, folder: made.project.output, gate: Gate(port: port))
        }
    }

    private func head(_ server: HTTPServer, _ method: String, _ target: String, _ more: String = "") -> String {
        "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n\(more)\r\n"
    }

    @Test func pagesAndAnswersComeOverOneConnection() throws {
        let server = try server()
        defer { server.stop() }
        let connection = try Connection(server.port)
        let photograph = try ServedReport.photograph()
        for _ in 0..<3 {
            try connection.send(head(server, "GET", "/"))
            let page = try connection.answer()
            #expect(page.status == 200 && page.body.starts(with: Array("<!DOCTYPE html>".utf8)))
            try connection.send(
                head(server, "POST", "/api/query?model=pixels", "Content-Length: \(photograph.count)\r\n"))
            try connection.send(photograph)
            let answer = try connection.answer()
            #expect(answer.status == 200 && String(decoding: answer.body, as: UTF8.self).contains("\"neighbours\""))
        }
        try connection.send(head(server, "HEAD", "/"))
        let only = try connection.answer(hasBody: false)
        #expect(only.status == 200)
        try connection.send(head(server, "GET", "/api/session"))
        #expect(try connection.answer().status == 200)
        #expect(server.keptBytes == 0)
    }

    @Test func aBodyInPiecesIsPutTogether() throws {
        let server = try server()
        defer { server.stop() }
        let connection = try Connection(server.port)
        try connection.send(head(server, "POST", "/api/query?model=pixels", "Transfer-Encoding: chunked\r\n"))
        var rest = try ServedReport.photograph()[...]
        while !rest.isEmpty {
            let piece = rest.prefix(777)
            rest = rest.dropFirst(777)
            try connection.send(Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + [0x0D, 0x0A])
        }
        try connection.send("0\r\n\r\n")
        #expect(try connection.answer().status == 200)
    }

    @Test(arguments: ["announced", "in pieces", "far too much"])
    func whatIsTooLargeIsToldOverTheWire(kind: String) throws {
        let server = try server()
        defer { server.stop() }
        let connection = try Connection(server.port)
        let megabyte = [UInt8](repeating: 0x20, count: 1 << 20)
        switch kind {
        case "announced":
            try connection.send(head(server, "POST", "/api/query?model=pixels", "Content-Length: \(22 << 20)\r\n"))
            for _ in 0..<22 { try connection.send(megabyte) }
        case "in pieces":
            try connection.send(head(server, "POST", "/api/query?model=pixels", "Transfer-Encoding: chunked\r\n"))
            for _ in 0..<22 { try connection.send(Array("100000\r\n".utf8) + megabyte + [0x0D, 0x0A]) }
            try connection.send("0\r\n\r\n")
        default:
            try connection.send(head(server, "POST", "/api/query?model=pixels", "Content-Length: 99999999999\r\n"))
        }
        let answer = try connection.answer()
        #expect(answer.status == 413)
        #expect(String(decoding: answer.body, as: UTF8.self).contains("at most 20 MB"))
        #expect(server.keptBytes == 0)
        let other = try Connection(server.port)
        try other.send(head(server, "GET", "/"))
        #expect(try other.answer().status == 200)
    }

    /// Without anybody who computes, one query waits, and the next one is told to come again.
    @Test func whatIsTooMuchIsToldToComeAgain() throws {
        let server = try server { ($0.workers, $0.waiting) = (0, 1) }
        let photograph = try ServedReport.photograph()
        func ask() throws -> Connection {
            let connection = try Connection(server.port)
            try connection.send(
                head(server, "POST", "/api/query?model=pixels", "Content-Length: \(photograph.count)\r\n"))
            try connection.send(photograph)
            return connection
        }
        let refused = try Connection.firstAnswered(of: [try ask(), try ask()])
        #expect(try refused.answer().status == 503)
        // Pages are served meanwhile.
        let page = try Connection(server.port)
        try page.send(head(server, "GET", "/"))
        #expect(try page.answer().status == 200)
        // What still waits does not keep the server from ending.
        server.stop()
    }

    /// Without anybody who computes: who has left takes nobody's place, and their photographs no memory.
    @Test(.timeLimit(.minutes(5))) func whoHasLeftKeepsNobodyWaiting() throws {
        let server = try server { ($0.workers, $0.waiting) = (0, 2) }
        let photograph = try ServedReport.photograph()
        func ask() throws -> Connection {
            let connection = try Connection(server.port)
            try connection.send(
                head(server, "POST", "/api/query?model=pixels", "Content-Length: \(photograph.count)\r\n"))
            try connection.send(photograph)
            return connection
        }
        let waiting = [try ask(), try ask(), try ask()]
        let refused = try Connection.firstAnswered(of: waiting)
        #expect(try refused.answer().status == 503)
        #expect(server.keptBytes >= 2 * photograph.count)
        for connection in waiting { connection.leave() }
        wait { server.keptBytes == 0 && server.connections == 0 }
        // There is room for two again.
        let again = try Connection.firstAnswered(of: [try ask(), try ask(), try ask()])
        #expect(try again.answer().status == 503)
        #expect(server.keptBytes >= 2 * photograph.count)
        server.stop()
    }

    @Test func whatIsKnownIsNotSentAgain() throws {
        let server = try server()
        defer { server.stop() }
        let connection = try Connection(server.port)
        for target in ["/", "/api/evaluations/pixels/faces/0"] {
            try connection.send(head(server, "GET", target))
            let first = try connection.answer()
            let length = try #require(first.headers.first { $0.hasPrefix("content-length: ") })
            try connection.send(head(server, "GET", target, "If-None-Match: *\r\n"))
            let second = try connection.answer(hasBody: false)
            #expect(first.status == 200 && second.status == 304)
            #expect(second.headers.filter { $0.hasPrefix("content-length: ") } == [length])
        }
        try connection.send(head(server, "GET", "/api/session"))
        #expect(try connection.answer().status == 200)
    }

    @Test(arguments: [129, 600, 5000]) func manyParametersAreTold(count: Int) throws {
        let server = try server()
        defer { server.stop() }
        let connection = try Connection(server.port)
        try connection.send(head(server, "GET", "/api/session?" + String(repeating: "a&", count: count)))
        let answer = try connection.answer()
        #expect(answer.status == 414)
        #expect(String(decoding: answer.body, as: UTF8.self).contains("128 parameters"))
        try connection.send(head(server, "GET", "/?" + String(repeating: "a=b&", count: 128)))
        #expect(try connection.answer().status == 200)
        try connection.send("GET http://127.0.0.1:\(server.port)/ HTTP/1.1\r\nHost: evil.example\r\n\r\n")
        #expect(try connection.answer().status == 200)
    }

    @Test func bodiesThatFindNoRoomAreToldToComeAgain() throws {
        let server = try server { $0.bodyBytes = 1000 }
        defer { server.stop() }
        let photograph = try ServedReport.photograph()
        let connection = try Connection(server.port)
        try connection.send(
            head(server, "POST", "/api/query?model=pixels", "Content-Length: \(photograph.count)\r\n"))
        try connection.send(photograph)
        let answer = try connection.answer()
        #expect(answer.status == 503 && answer.headers.contains("retry-after: 1"))
    }

    @Test(arguments: ["nothing", "half a head", "half a body"])
    func whoeverIsTooSlowIsLeft(kind: String) throws {
        let server = try server { ($0.headSeconds, $0.bodySeconds) = (1, 1) }
        defer { server.stop() }
        let connection = try Connection(server.port)
        switch kind {
        case "nothing": break
        case "half a head": try connection.send("GET / HTTP/1.1\r\nHost:")
        default:
            try connection.send(head(server, "POST", "/api/query?model=pixels", "Content-Length: 100\r\n") + "half")
        }
        #expect(try connection.answerIfAny() == nil)
    }

    @Test(arguments: [
        "\r\n\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\nHost\r\n\r\n",
        "\u{0}\u{1}\u{2}\r\n\r\n",
        "POST /api/query HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n",
        "POST /api/query HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 100_000) + "\r\n\r\n",
        "GET /" + String(repeating: "a", count: 100_000) + " HTTP/1.1\r\n\r\n",
    ])
    func whatIsNoRequestHarmsNobody(bytes: String) throws {
        let server = try server { $0.headSeconds = 1 }
        defer { server.stop() }
        let connection = try Connection(server.port)
        try? connection.send(bytes)
        if let answer = try? connection.answerIfAny() { #expect((400..<600).contains(answer.status)) }
        let other = try Connection(server.port)
        try other.send(head(server, "GET", "/"))
        #expect(try other.answer().status == 200)
    }

    @Test func aPortThatIsTakenIsTold() throws {
        let server = try server()
        defer { server.stop() }
        let made = try ServedReport.get()
        func refusal(_ address: String, _ port: UInt16) -> String {
            do throws(ListeningError) {
                try HTTPServer(address: address, port: port) { port in
                    Routes(made.searches, folder: made.project.output, gate: Gate(port: port))
                }.stop()
                return ""
            } catch {
                return error.description
            }
        }
        #expect(refusal("127.0.0.1", server.port).contains("another program listens there"))
        #expect(refusal("localhost", 0).contains("no numeric address"))
        #expect(refusal("192.0.2.1", 0).contains("does not have that address"))
    }
}
