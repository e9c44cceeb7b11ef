import Foundation
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// One request whose body is appended to a file as it comes: as many bytes as were announced, as they are sent.
final class Transfer: NSObject, URLSessionDataDelegate, Sendable {
    private let download: Download
    private let file: PartialFile
    /// Bytes of an earlier attempt.
    private let kept: Int
    private let progress: @Sendable (Int, Int?) -> Void
    private let state = Mutex(State())

    private struct State {
        var isOpen = false
        var done = 0
        var total: Int?
        var refusal: (any Error)?
        var continuation: CheckedContinuation<Void, any Error>?
    }

    init(_ download: Download, _ file: PartialFile, progress: @escaping @Sendable (Int, Int?) -> Void) {
        (self.download, self.file) = (download, file)
        kept = file.size
        self.progress = progress
    }

    func run() async throws {
        let session = URLSession(configuration: .ephemeral, delegate: self, delegateQueue: download.queue)
        defer { session.finishTasksAndInvalidate() }
        var request = URLRequest(url: download.address, timeoutInterval: 60)
        // Digest and length are those of the file, and a compressed body may be of any size.
        request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        if kept > 0 { request.setValue("bytes=\(kept)-", forHTTPHeaderField: "Range") }
        let task = session.dataTask(with: request)
        try await withCheckedThrowingContinuation { continuation in
            state.withLock { $0.continuation = continuation }
            task.resume()
        }
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        guard let target = request.url, download.expected.allows(target) else {
            let place = request.url?.absoluteString ?? "nowhere"
            state.withLock {
                $0.refusal = DownloadError(
                    "\(download.address): leads on to \(place), which is not https; check the address")
            }
            // The redirect itself is the answer then, which is refused as one; the task must not be cancelled from here.
            return completionHandler(nil)
        }
        completionHandler(request)
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        let allowed = state.withLock { state in
            guard state.refusal == nil else { return false }
            do {
                try begin(&state, response)
                return true
            } catch {
                state.refusal = error
                return false
            }
        }
        completionHandler(allowed ? .allow : .cancel)
    }

    /// 206 goes on behind what is kept; 200 starts anew; 416 says that what is kept is all there is.
    private func begin(_ state: inout State, _ response: URLResponse) throws {
        let answer = response as? HTTPURLResponse
        let status = answer?.statusCode ?? 0
        guard [200, 206, 416].contains(status) else {
            throw DownloadError(
                "\(download.address): the server answered \(status); check the address, or try again later")
        }
        if let encoding = answer?.value(forHTTPHeaderField: "Content-Encoding"), encoding.lowercased() != "identity" {
            throw DownloadError(
                "\(download.address): the server sends the file compressed, though it was asked not to; "
                    + "fetch it from another place")
        }
        if status == 416 { return }
        let start = status == 206 ? kept : 0
        if status == 206, answer?.value(forHTTPHeaderField: "Content-Range")?.hasPrefix("bytes \(kept)-") != true {
            file.remove()
            throw DownloadError("\(download.address): the server sent another part than it was asked for; try again")
        }
        let length = Int(exactly: response.expectedContentLength).flatMap { $0 >= 0 ? $0 : nil }
        if let length, length > download.byteLimit - start { throw tooLarge }
        try file.cut(to: start)
        (state.isOpen, state.done, state.total) = (true, start, length.map { start + $0 })
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let moment = state.withLock { state -> (Int, Int?)? in
            do {
                guard state.refusal == nil, state.isOpen else { return nil }
                guard data.count <= (state.total ?? download.byteLimit) - state.done else {
                    // Of no use: the file that was announced is shorter.
                    file.remove()
                    throw state.total == nil
                        ? tooLarge
                        : DownloadError("\(download.address): sends more than it announced; check the address")
                }
                for region in data.regions { try region.withUnsafeBytes { try file.append($0) } }
                state.done += data.count
                return (state.done, state.total)
            } catch {
                state.refusal = error
                // Not from here: it waits for the connection, which may wait for this queue.
                DispatchQueue.global().async { dataTask.cancel() }
                return nil
            }
        }
        if let moment { progress(moment.0, moment.1) }
    }

    private var tooLarge: DownloadError {
        DownloadError("\(download.address): sends more than \(download.byteLimit >> 20) MB; check the address")
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        state.withLock { state in
            if let refusal = state.refusal {
                state.continuation?.resume(throwing: refusal)
            } else if let error {
                state.continuation?.resume(
                    throwing: DownloadError(
                        "\(download.address): \(error.localizedDescription); what came is kept, the same command goes on"
                    ))
            } else {
                state.continuation?.resume()
            }
            state.continuation = nil
        }
    }
}
