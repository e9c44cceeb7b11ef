import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A file fetched from the web: what an earlier attempt left is continued, and it takes its place only when it is whole.
package struct Download {
    package let address: URL
    package let path: String
    /// Largest file that is fetched.
    package var byteLimit = 1 << 30

    package init(address: URL, path: String) { (self.address, self.path) = (address, path) }

    private var part: String { path + ".part" }

    /// Fetches, verifies, and moves the file to its place.
    ///
    /// - Parameters:
    ///   - accept: judges the whole file's digest; what it refuses is removed.
    ///   - progress: told bytes so far and, when known, in all.
    package func run(accept: (Digest) -> Bool, progress: @escaping @Sendable (Int, Int?) -> Void) async throws {
        try Files.makeFolder(Files.folder(of: path))
        let lock = try FileLock(Files.folder(of: path))
        defer { withExtendedLifetime(lock) {} }
        let kept = (try? FileManager.default.attributesOfItem(atPath: part)[.size] as? Int) ?? 0
        try await Transfer(address: address, part: part, from: kept, byteLimit: byteLimit, progress: progress).run()
        let bytes = try Files.read(part, limit: byteLimit)
        let digest = Digest(of: bytes)
        guard accept(digest) else {
            try? FileManager.default.removeItem(atPath: part)
            throw DownloadError(
                "\(address): is not the file that was expected: its SHA-256 begins with \(digest.short); try again, or fetch it from another place")
        }
        try Files.write(bytes, to: path)
        try? FileManager.default.removeItem(atPath: part)
    }
}

/// Why a file was not fetched: address, problem, what to do.
package struct DownloadError: Error, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

/// One request whose body is appended to a file as it comes.
private final class Transfer: NSObject, URLSessionDataDelegate, Sendable {
    private let address: URL
    private let part: String
    private let kept: Int
    private let byteLimit: Int
    private let progress: @Sendable (Int, Int?) -> Void
    private let state = Mutex(State())

    private struct State {
        var file: FileHandle?
        var done = 0
        var total: Int?
        var refusal: DownloadError?
        var continuation: CheckedContinuation<Void, any Error>?
    }

    init(
        address: URL, part: String, from kept: Int, byteLimit: Int, progress: @escaping @Sendable (Int, Int?) -> Void
    ) {
        (self.address, self.part, self.kept, self.byteLimit, self.progress) = (address, part, kept, byteLimit, progress)
    }

    func run() async throws {
        let session = URLSession(configuration: .ephemeral, delegate: self, delegateQueue: nil)
        defer { session.finishTasksAndInvalidate() }
        var request = URLRequest(url: address, timeoutInterval: 60)
        if kept > 0 { request.setValue("bytes=\(kept)-", forHTTPHeaderField: "Range") }
        let task = session.dataTask(with: request)
        try await withCheckedThrowingContinuation { continuation in
            state.withLock { $0.continuation = continuation }
            task.resume()
        }
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        let allowed = state.withLock { state in
            do {
                try begin(&state, response)
                return true
            } catch {
                state.refusal = error as? DownloadError ?? DownloadError("\(error)")
                return false
            }
        }
        completionHandler(allowed ? .allow : .cancel)
    }

    /// 206 goes on behind what is kept; 200 starts anew; 416 says that what is kept is all there is.
    private func begin(_ state: inout State, _ response: URLResponse) throws {
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        guard [200, 206, 416].contains(status) else {
            throw DownloadError("\(address): the server answered \(status); check the address, or try again later")
        }
        if status == 416 { return }
        if !Files.exists(part) { try Files.write([], to: part) }
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: part))
        let start = status == 206 ? kept : 0
        try file.truncate(atOffset: UInt64(start))
        try file.seekToEnd()
        let length = Int(exactly: response.expectedContentLength).flatMap { $0 >= 0 ? $0 : nil }
        (state.file, state.done, state.total) = (file, start, length.map { start + $0 })
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let moment = state.withLock { state -> (Int, Int?)? in
            do {
                guard state.refusal == nil, let file = state.file else { return nil }
                guard state.done + data.count <= byteLimit else {
                    throw DownloadError("\(address): sends more than \(byteLimit >> 20) MB; check the address")
                }
                try file.write(contentsOf: data)
                state.done += data.count
                return (state.done, state.total)
            } catch {
                state.refusal = error as? DownloadError ?? DownloadError("\(part): cannot be written: \(error)")
                dataTask.cancel()
                return nil
            }
        }
        if let moment { progress(moment.0, moment.1) }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        state.withLock { state in
            try? state.file?.close()
            if let refusal = state.refusal {
                state.continuation?.resume(throwing: refusal)
            } else if let error {
                state.continuation?.resume(
                    throwing: DownloadError(
                        "\(address): \(error.localizedDescription); what came is kept, the same command goes on"))
            } else {
                state.continuation?.resume()
            }
            state.continuation = nil
        }
    }
}
