import Preview
import Testing

/// Events as they happen: to whom, in which order, and what becomes of those who do not listen.
@Suite(.timeLimit(.minutes(5))) struct EventFeedTests {
    private func text(_ subscription: EventFeed.Subscription, room: Int = 4096, isIdle: Bool = false) -> String? {
        var buffer = [UInt8](repeating: 0, count: room)
        let count = buffer.withUnsafeMutableBytes { subscription.read(into: $0, isIdle: isIdle) }
        return count.map { String(decoding: buffer[..<$0], as: UTF8.self) }
    }

    @Test func whoComesLateHearsWhatHolds() {
        let feed = EventFeed()
        feed.send("a", "1")
        feed.send("b", "2")
        feed.send("a", "3")
        feed.send("c", "4")
        feed.forget("c")
        let subscription = feed.subscribe {}
        #expect(text(subscription) == ":\n\nid: 2\nevent: b\ndata: 2\n\nid: 3\nevent: a\ndata: 3\n\n")
        #expect(text(subscription) == "")
        #expect(text(subscription, isIdle: true) == ":\n\n")
        feed.send("b", "5")
        #expect(text(subscription, isIdle: true) == "id: 5\nevent: b\ndata: 5\n\n")
        subscription.cancel()
    }

    @Test func whoIsSlowHearsTheLast() {
        let feed = EventFeed()
        let subscription = feed.subscribe {}
        feed.send("a", "first")
        #expect(text(subscription, room: 10) == ":\n\nid: 1\ne")
        for number in 2...1000 { feed.send(number % 2 == 0 ? "a" : "b", "\(number)") }
        // What was begun is ended.
        #expect(
            text(subscription)
                == "vent: a\ndata: first\n\nid: 999\nevent: b\ndata: 999\n\nid: 1000\nevent: a\ndata: 1000\n\n")
        subscription.cancel()
    }

    @Test(arguments: [
        ("", "data: "), ("a\nb", "data: a\ndata: b"), ("a\r\nb\rc\n", "data: a\ndata: b\ndata: c\ndata: "),
        ("\r\n\r\n", "data: \ndata: \ndata: "), ("ü\u{2028}", "data: ü\u{2028}"),
        (": no\nid: 7", "data: : no\ndata: id: 7"),
    ])
    func everyLineIsData(data: String, lines: String) {
        let feed = EventFeed()
        feed.send("a", data)
        let subscription = feed.subscribe {}
        #expect(text(subscription) == ":\n\nid: 1\nevent: a\n\(lines)\n\n")
        subscription.cancel()
    }

    @Test func aClosedFeedEndsAfterWhatHolds() {
        let feed = EventFeed()
        let subscription = feed.subscribe {}
        feed.send("a", "1")
        feed.close()
        feed.send("a", "2")
        #expect(text(subscription) == ":\n\nid: 1\nevent: a\ndata: 1\n\n")
        #expect(text(subscription) == nil)
        subscription.cancel()
    }
}

/// The same over connections.
@Suite(.timeLimit(.minutes(5))) struct EventStreamTests {
    private func server(_ feed: EventFeed, _ change: (inout ServerLimits) -> Void = { _ in }) throws -> HTTPServer {
        var limits = ServerLimits()
        change(&limits)
        return try HTTPServer(limits: limits) { port in
            let events = Route(method: "GET", path: "/events") { _, _ in Response(feed) }
            return Routes(
                gate: Gate(port: port), routes: [events], files: StaticFiles(folder: "/nowhere/at/all").answer)
        }
    }

    /// Somebody who listens, and has heard that the answer begins.
    private func listener(_ server: HTTPServer, version: String = "1.0") throws -> Connection {
        let connection = try Connection(server.port)
        try connection.send("GET /events HTTP/\(version)\r\nHost: 127.0.0.1:\(server.port)\r\n\r\n")
        #expect(connection.line()?.hasPrefix("HTTP/1.1 200 ") == true)
        var headers: [String] = []
        while let line = connection.line(), !line.isEmpty { headers.append(line.lowercased()) }
        #expect(headers.contains("content-type: text/event-stream") && headers.contains("cache-control: no-store"))
        return connection
    }

    /// What comes up to an event's end, without lines that say nothing; nil where the connection ends.
    private func event(_ connection: Connection) -> [String]? {
        var lines: [String] = []
        while let line = connection.line() {
            if line.hasPrefix(":") { continue }
            if !line.isEmpty { lines.append(line) } else if !lines.isEmpty { return lines }
        }
        return nil
    }

    @Test func allWhoListenHearTheSame() throws {
        let feed = EventFeed()
        let server = try server(feed)
        defer { server.stop() }
        feed.send("before", "0")
        let listeners = try (0..<3).map { _ in try listener(server) }
        for listener in listeners { #expect(event(listener) == ["id: 1", "event: before", "data: 0"]) }
        #expect(server.subscribers == 3)
        for number in 2...20 {
            feed.send("a", "\(number)")
            for listener in listeners {
                #expect(event(listener) == ["id: \(number)", "event: a", "data: \(number)"])
            }
        }
    }

    @Test func whoReadsNothingHoldsNobodyUp() throws {
        let feed = EventFeed()
        let server = try server(feed) { $0.idleSeconds = 600 }
        defer { server.stop() }
        let (idle, busy) = (try listener(server), try listener(server))
        let large = String(repeating: "x", count: 1 << 16)
        for number in 1...400 {
            feed.send("a", "\(number) \(large)")
            #expect(event(busy) == ["id: \(number)", "event: a", "data: \(number) \(large)"])
        }
        // What it hears in the end is whole, in order, and ends with the last.
        var last = 0
        while last < 400, let lines = event(idle) {
            let number = lines.first.flatMap { Int($0.dropFirst(4)) } ?? 0
            #expect(number > last && lines == ["id: \(number)", "event: a", "data: \(number) \(large)"])
            last = number
        }
        #expect(last == 400)
    }

    @Test func whoLeavesIsNoticed() throws {
        let feed = EventFeed()
        let server = try server(feed)
        defer { server.stop() }
        let (first, second) = (try listener(server), try listener(server))
        second.leave()
        wait {
            server.subscribers == 1
        } after: {
            feed.send("a", "1")
        }
        feed.send("end", "")
        while let lines = event(first), lines[1] != "event: end" {}
        #expect(server.subscribers == 1)
        // Without an event as well.
        first.leave()
        wait { server.subscribers == 0 }
    }

    @Test func soManyMayListen() throws {
        let feed = EventFeed()
        feed.send("a", "1")
        let server = try server(feed)
        defer { server.stop() }
        var listeners = try (0..<64).map { _ in try listener(server) }
        for listener in listeners { #expect(event(listener) != nil) }
        let refused = try Connection(server.port)
        try refused.send("GET /events HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n\r\n")
        let answer = try refused.answer()
        #expect(answer.status == 503 && answer.headers.contains("retry-after: 1"))
        listeners.removeLast().leave()
        wait {
            server.subscribers == 63
        } after: {
            feed.send("a", "2")
        }
        #expect(event(try listener(server)) != nil)
    }

    @Test func aHeadHasNoEvents() throws {
        let feed = EventFeed()
        feed.send("a", "1")
        let server = try server(feed) { $0.subscribers = 0 }
        defer { server.stop() }
        let connection = try Connection(server.port)
        try connection.send("HEAD /events HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n\r\n")
        let answer = try connection.answer(hasBody: false)
        #expect(answer.status == 200 && answer.headers.contains("content-type: text/event-stream"))
        #expect(!answer.headers.contains { $0.hasPrefix("content-length") || $0.hasPrefix("transfer-encoding") })
        #expect(connection.line() == nil)
    }

    @Test func aServerThatStopsLeavesNobodyBehind() throws {
        let feed = EventFeed()
        let server = try server(feed)
        let listeners = try (0..<10).map { _ in try listener(server, version: "1.1") }
        feed.send("a", "1")
        server.stop()
        for listener in listeners { while listener.line() != nil {} }
        feed.send("a", "2")
    }

    @Test func aClosedFeedEndsTheAnswerAndLeavesTheConnection() throws {
        let feed = EventFeed()
        let server = try server(feed)
        defer { server.stop() }
        let (old, new) = (try listener(server), try listener(server, version: "1.1"))
        feed.send("a", "1")
        feed.close()
        #expect(event(old) == ["id: 1", "event: a", "data: 1"])
        #expect(event(old) == nil)
        // In chunks: their sizes stand between.
        while let line = new.line(), line != "0" {}
        #expect(new.line() == "")
        try new.send("GET /events HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n\r\n")
        #expect(new.line()?.hasPrefix("HTTP/1.1 200 ") == true)
    }

    @Test func silenceIsBroken() throws {
        let server = try server(EventFeed()) { $0.silentSeconds = 1 }
        defer { server.stop() }
        let connection = try listener(server)
        for _ in 0..<3 {
            #expect(connection.line() == ":")
            #expect(connection.line() == "")
        }
    }
}
