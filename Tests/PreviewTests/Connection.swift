import Foundation

/// Waits until something holds that another thread brings about.
func wait(for condition: () -> Bool, after attempt: () -> Void = {}) {
    while !condition() {
        attempt()
        usleep(1000)
    }
}

/// A client that says exactly what it is told to say.
final class Connection {
    struct Answer {
        var status: Int
        /// In lower case, a line each.
        var headers: [String]
        var body: [UInt8]
    }

    private let socket: Int32
    private var read: [UInt8] = []
    private var isOpen = true

    init(_ port: UInt16) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw POSIXError(.ECONNREFUSED) }
    }

    deinit { leave() }

    /// Closes the socket, whatever is still to be read.
    func leave() {
        if isOpen { close(socket) }
        isOpen = false
    }

    /// Waits until one of them has something to read.
    static func firstAnswered(of connections: [Connection]) throws -> Connection {
        var polled = connections.map { pollfd(fd: $0.socket, events: Int16(POLLIN), revents: 0) }
        guard poll(&polled, nfds_t(polled.count), -1) > 0,
            let place = polled.firstIndex(where: { $0.revents != 0 })
        else { throw POSIXError(.EINTR) }
        return connections[place]
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw POSIXError(.EPIPE) }
            sent += count
        }
    }

    func answer(hasBody: Bool = true) throws -> Answer {
        guard let answer = try answerIfAny(hasBody: hasBody) else { throw POSIXError(.ECONNRESET) }
        return answer
    }

    /// The next answer; nil where the connection ends without one.
    func answerIfAny(hasBody: Bool = true) throws -> Answer? {
        let end = Array("\r\n\r\n".utf8)
        var place: Int?
        while true {
            place = read.indices.first { read[$0...].starts(with: end) }
            if place != nil { break }
            guard receive() else { return nil }
        }
        guard let place else { return nil }
        let lines = String(decoding: read[..<place], as: UTF8.self).split(separator: "\r\n").map(String.init)
        read.removeSubrange(..<(place + 4))
        let headers = lines.dropFirst().map { $0.lowercased() }
        let length = headers.first { $0.hasPrefix("content-length: ") }.flatMap { Int($0.dropFirst(16)) } ?? 0
        let status = Int(lines.first?.split(separator: " ").dropFirst().first ?? "") ?? 0
        while hasBody, read.count < length { guard receive() else { return nil } }
        let body = hasBody ? Array(read.prefix(length)) : []
        read.removeFirst(body.count)
        return Answer(status: status, headers: Array(headers), body: body)
    }

    /// The next line without its break; nil where the connection ends before it.
    func line() -> String? {
        while true {
            if let end = read.firstIndex(of: 0x0A) {
                let line = read[..<end]
                read.removeSubrange(...end)
                return String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
            }
            guard receive() else { return nil }
        }
    }

    private func receive() -> Bool {
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(socket, &piece, piece.count, 0)
        guard count > 0 else { return false }
        read += piece[..<count]
        return true
    }
}
