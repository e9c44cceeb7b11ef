import Files
import Foundation
import Glibc

/// An answer as a value.
package struct Response: Sendable {
    package enum Body: Sendable {
        case bytes([UInt8])
        case file(ServedFile)
        /// Without an end: events as they happen.
        case feed(EventFeed)
    }

    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: Body

    package init(_ status: Int, headers: [(name: String, value: String)] = [], body: Body = .bytes([])) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package init(_ status: Int = 200, type: String, _ bytes: [UInt8]) {
        self.init(status, headers: [("Content-Type", type)], body: .bytes(bytes))
    }

    /// Events as they happen, until the feed is closed or nobody listens.
    package init(_ feed: EventFeed) {
        let headers = [("Content-Type", "text/event-stream"), ("Cache-Control", "no-store")]
        self.init(200, headers: headers, body: .feed(feed))
    }

    /// The value of a header.
    package func value(of name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }

    /// A value as JSON, which nobody keeps.
    static func json(_ value: some Encodable, status: Int = 200) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        var response = Response(status, type: "application/json", Array(try encoder.encode(value)))
        response.headers.append(("Cache-Control", "no-store"))
        return response
    }

    /// A refusal with its sentence, in the form of RFC 9457.
    static func problem(_ status: Int, _ sentence: String, headers: [(name: String, value: String)] = []) -> Response {
        let problem = Problem(status: status, title: title(of: status), detail: sentence)
        var response = (try? json(problem, status: status)) ?? Response(status)
        response.headers[0].value = "application/problem+json"
        response.headers += headers
        return response
    }

    private struct Problem: Encodable {
        var status: Int
        var title: String
        var detail: String
    }

    private static func title(of status: Int) -> String {
        switch status {
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 409: "Conflict"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 422: "Unprocessable Content"
        case 503: "Service Unavailable"
        default: "Internal Server Error"
        }
    }
}

/// A regular file held open for an answer.
package final class ServedFile: Sendable {
    private let descriptor: Int32
    package let size: Int
    /// Changes with every change of the file.
    let tag: String

    /// Takes over the descriptor; nil, and it is closed, where it is no regular file.
    init?(descriptor: Int32) {
        self.descriptor = descriptor
        var status = stat()
        let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        size = Int(status.st_size)
        tag = "\"\(status.st_ino)-\(status.st_size)-\(Files.nanoseconds(status.st_mtim))\""
        if !isFile { return nil }
    }

    deinit { close(descriptor) }

    /// A descriptor of the caller's own; negative where there is none to be had.
    func duplicate() -> Int32 { fcntl(descriptor, F_DUPFD_CLOEXEC, 0) }

    /// The bytes, for who needs them in memory.
    package func bytes() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: size)
        var done = 0
        while done < size {
            let count = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress.map { $0 + done }, size - done, off_t(done))
            }
            if count <= 0 { break }
            done += count
        }
        return Array(bytes[..<done])
    }
}
