import CMicroHTTPD
import Foundation

/// What a server bears at once, and how long it waits.
package struct ServerLimits: Sendable {
    package var connections: UInt32 = 800
    package var connectionsPerAddress: UInt32 = 800
    /// Of a request's line and headers.
    package var headBytes: UInt32 = 32 << 10
    package var idleSeconds: UInt32 = 15
    package var headSeconds: UInt32 = 10
    package var bodySeconds: UInt32 = 60
    package var answerSeconds: UInt32 = 300
    /// Of all bodies together.
    package var bodyBytes: UInt64 = 256 << 20
    /// Computing requests at once, and how many may wait, and how long; of others likewise.
    package var workers = max(1, ProcessInfo.processInfo.activeProcessorCount)
    package var waiting = 256
    package var waitingSeconds = 5
    package var lightWorkers = 2
    package var lightWaiting = 256
    /// Who listens to events at once, and how long it may be silent there.
    package var subscribers: UInt32 = 64
    package var silentSeconds: UInt32 = 15

    package init() {}
}

/// The address that cannot be listened to, and why.
package struct ListeningError: Error, CustomStringConvertible {
    package let description: String

    init(_ address: String, _ port: UInt16, code: Int32) {
        let advice =
            switch code {
            case EADDRINUSE: "another program listens there; name another port, or --port 0 for a free one"
            case EACCES: "this port is for the system; name one from 1024 up"
            case EINVAL: "this is no numeric address; name one such as 127.0.0.1"
            case EADDRNOTAVAIL: "this machine does not have that address"
            default: String(cString: strerror(code))
            }
        description = "cannot listen to \(address), port \(port): \(advice)"
    }
}

/// A routing table behind a socket. Callbacks make values of requests and nothing else; answers are made on lanes.
package final class HTTPServer: Sendable {
    package let port: UInt16
    private let handler: Handler
    nonisolated(unsafe) private let server: OpaquePointer

    /// Listens, and answers from then on.
    ///
    /// - Parameters:
    ///   - port: 0 takes a free one.
    ///   - routes: the table for the port that was taken.
    package init(
        address: String = "127.0.0.1", port: UInt16 = 0, limits: ServerLimits = ServerLimits(),
        routes: (UInt16) -> Routes
    ) throws(ListeningError) {
        var taken = port
        let listener = http_listen(address, &taken)
        guard listener >= 0 else { throw ListeningError(address, port, code: errno) }
        self.port = taken
        let handler = Handler(routes(taken), limits)
        self.handler = handler
        let handlers = http_handlers(
            context: Unmanaged.passUnretained(handler).toOpaque(),
            admit: { context, exchange in
                guard let context, let exchange else { return 0 }
                return Unmanaged<Handler>.fromOpaque(context).takeUnretainedValue().admit(exchange)
            },
            receive: { context, exchange in
                guard let context, let exchange else { return }
                Unmanaged<Handler>.fromOpaque(context).takeUnretainedValue().receive(exchange)
            },
            tick: { context in
                guard let context else { return }
                Unmanaged<Handler>.fromOpaque(context).takeUnretainedValue().tick()
            })
        let bounds = http_limits(
            connections: limits.connections, connections_per_address: limits.connectionsPerAddress,
            head_bytes: limits.headBytes, idle_seconds: limits.idleSeconds, head_seconds: limits.headSeconds,
            body_seconds: limits.bodySeconds, answer_seconds: limits.answerSeconds, body_bytes: limits.bodyBytes,
            discarded_bytes: UInt64(Routes.discarded), streams: limits.subscribers,
            stream_idle_seconds: limits.silentSeconds)
        guard let server = http_start(listener, bounds, handlers) else {
            handler.stop()
            throw ListeningError(address, port, code: errno)
        }
        self.server = server
    }

    /// Ends every connection at once; to be called once.
    package func stop() {
        handler.stop()
        http_stop(server)
    }

    package var connections: Int { Int(http_connections(server)) }
    /// Bytes of bodies that are kept at present.
    package var keptBytes: Int { Int(http_kept_bytes(server)) }
    /// Who listens to events at present.
    package var subscribers: Int { Int(http_streams(server)) }
}

/// What the library calls.
private final class Handler: Sendable {
    private let routes: Routes
    private let light: Lane
    private let heavy: Lane

    init(_ routes: Routes, _ limits: ServerLimits) {
        self.routes = routes
        light = Lane(threads: limits.lightWorkers, waiting: limits.lightWaiting, seconds: limits.waitingSeconds)
        heavy = Lane(threads: limits.workers, waiting: limits.waiting, seconds: limits.waitingSeconds)
    }

    func stop() {
        light.stop()
        heavy.stop()
    }

    func tick() {
        light.endAbandoned()
        heavy.endAbandoned()
    }

    func admit(_ exchange: OpaquePointer) -> UInt64 {
        switch routes.admit(Request(headOf: exchange)) {
        case .read(let limit): return UInt64(limit)
        case .answer(let response):
            response.send(exchange)
            return 0
        }
    }

    func receive(_ exchange: OpaquePointer) {
        // Whoever has it in hand is the only one.
        nonisolated(unsafe) let exchange = exchange
        let head = Request(headOf: exchange)
        let lane = routes.isHeavy(head) ? heavy : light
        let work: Lane.Work = { [routes] isWanted in
            guard isWanted else {
                routes.busy().send(exchange)
                return
            }
            var request = head
            request.body = Request.Body(of: exchange)
            if !routes.answer(request).send(exchange) { routes.busy().send(exchange) }
        }
        let isTaken = lane.add(work, isAwaited: { http_is_awaited(exchange) })
        if !isTaken { routes.busy().send(exchange) }
    }
}

extension Request {
    fileprivate init(headOf exchange: OpaquePointer) {
        let headers = (0..<http_header_count(exchange)).map { index in
            (
                name: String(cString: http_header_name(exchange, index)),
                value: String(cString: http_header_value(exchange, index))
            )
        }
        self.init(
            String(cString: http_method(exchange)), String(cString: http_target(exchange)), headers: headers)
    }
}

extension Request.Body {
    fileprivate init(of exchange: OpaquePointer) {
        var bytes: UnsafePointer<UInt8>?
        var count = 0
        switch http_body(exchange, &bytes, &count) {
        case HTTP_BODY_TOO_LARGE: self = .tooLarge
        case HTTP_BODY_NO_ROOM: self = .noRoom
        default: self = .whole(Array(UnsafeBufferPointer(start: bytes, count: bytes == nil ? 0 : count)))
        }
    }
}

extension Response {
    /// - Returns: false, and nothing is sent, where too many listen already.
    @discardableResult
    fileprivate func send(_ exchange: OpaquePointer) -> Bool {
        // Header lines are ours, but for what a page's bytes are named after.
        let strings = headers.flatMap { [strdup($0.name), strdup($0.value)] }
        defer { for string in strings { free(string) } }
        let list = stride(from: 0, to: strings.count, by: 2).map {
            http_header(name: strings[$0].map { UnsafePointer($0) }, value: strings[$0 + 1].map { UnsafePointer($0) })
        }
        let code = UInt16(clamping: status)
        switch body {
        case .bytes(let bytes):
            http_answer(exchange, code, list, list.count, bytes, bytes.count, -1)
        case .file(let file):
            let descriptor = file.duplicate()
            guard descriptor >= 0 else {
                http_answer(exchange, 503, list, list.count, nil, 0, -1)
                return true
            }
            http_answer(exchange, code, list, list.count, nil, file.size, descriptor)
        case .feed(let feed):
            return http_answer_stream(exchange, code, list, list.count, feed.source(of: exchange))
        }
        return true
    }
}

extension EventFeed {
    /// A listener behind an exchange, which is there until the source is released.
    fileprivate func source(of exchange: OpaquePointer) -> http_source {
        nonisolated(unsafe) let exchange = exchange
        let subscription = subscribe { http_wake(exchange) }
        return http_source(
            context: Unmanaged.passRetained(subscription).toOpaque(),
            read: { context, bytes, capacity, isIdle in
                guard let context else { return -1 }
                let subscription = Unmanaged<EventFeed.Subscription>.fromOpaque(context).takeUnretainedValue()
                let buffer = UnsafeMutableRawBufferPointer(start: bytes, count: capacity)
                return subscription.read(into: buffer, isIdle: isIdle) ?? -1
            },
            release: { context in
                guard let context else { return }
                Unmanaged<EventFeed.Subscription>.fromOpaque(context).takeRetainedValue().cancel()
            })
    }
}
