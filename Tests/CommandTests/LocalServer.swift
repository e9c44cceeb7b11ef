import Foundation
import Synchronization

/// A web server on 127.0.0.1 for one file, which understands ranges, can hang up in the middle, and can lie.
///
/// Without https: whoever fetches from it must know the file's whole digest.
final class LocalServer: Sendable {
    let port: Int
    private let socket: Int32
    private let content: [UInt8]
    private let state: Mutex<State>

    /// What the server does that it should not.
    enum Lie: Equatable, Sendable {
        /// Says that the body is compressed in this way.
        case encoding(String)
        /// Sends bytes from there on, whatever was asked for.
        case otherRange(Int)
        /// Says nothing about the length.
        case noLength
        case redirect(String)
    }

    private let lie: Lie?

    private struct State {
        /// Bytes of the body after which the next answers break off.
        var breaks: [Int]
        var ranges: [String?] = []
        var isOver = false
    }

    init(_ content: [UInt8], breakingOffAfter breaks: [Int] = [], lie: Lie? = nil) throws {
        self.content = content
        self.lie = lie
        state = Mutex(State(breaks: breaks))
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.socket = socket
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(socket, generic, length) == 0 && listen(socket, 8) == 0
                    && getsockname(socket, generic, &length) == 0
            }
        }
        guard bound else { throw POSIXError(.EADDRNOTAVAIL) }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [self] in serve() }
    }

    /// The `Range` headers of all requests, in order.
    var ranges: [String?] { state.withLock { $0.ranges } }

    func stop() {
        state.withLock { $0.isOver = true }
        shutdown(socket, Int32(SHUT_RDWR))
    }

    private func serve() {
        while true {
            let connection = accept(socket, nil, nil)
            if connection < 0 { break }
            answer(connection)
            close(connection)
        }
        close(socket)
    }

    private func answer(_ connection: Int32) {
        var request: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !String(decoding: request, as: UTF8.self).contains("\r\n\r\n") {
            let count = recv(connection, &buffer, buffer.count, 0)
            if count <= 0 { return }
            request += buffer[..<count]
        }
        let lines = String(decoding: request, as: UTF8.self).split(separator: "\r\n")
        let range = lines.first { $0.lowercased().hasPrefix("range: bytes=") }.map {
            $0.dropFirst("range: bytes=".count)
        }
        let first = range.flatMap { Int($0.dropLast()) } ?? 0
        let limit = state.withLock { state -> Int? in
            state.ranges.append(range.map(String.init))
            return state.breaks.isEmpty ? nil : state.breaks.removeFirst()
        }
        if case .redirect(let address) = lie {
            return send(
                "HTTP/1.1 302 Found\r\nLocation: \(address)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", [],
                connection)
        }
        if first >= content.count, range != nil {
            return send(
                "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", [], connection)
        }
        let body = content[first...]
        let status = range == nil ? "200 OK" : "206 Partial Content"
        var begin = first
        if case .otherRange(let other) = lie { begin = other }
        let extent = range == nil ? "" : "Content-Range: bytes \(begin)-\(content.count - 1)/\(content.count)\r\n"
        let length = lie == .noLength ? "" : "Content-Length: \(body.count)\r\n"
        var encoding = ""
        if case .encoding(let name) = lie { encoding = "Content-Encoding: \(name)\r\n" }
        send(
            "HTTP/1.1 \(status)\r\n\(length)\(extent)\(encoding)Connection: close\r\n\r\n",
            Array(body.prefix(limit ?? body.count)), connection)
    }

    private func send(_ head: String, _ body: [UInt8], _ connection: Int32) {
        let bytes = Array(head.utf8) + body
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return }
            sent += count
        }
        shutdown(connection, Int32(SHUT_WR))
        // Until the other side has closed too: a reset would take away what it has not read.
        var rest = [UInt8](repeating: 0, count: 256)
        while recv(connection, &rest, rest.count, 0) > 0 {}
    }
}
