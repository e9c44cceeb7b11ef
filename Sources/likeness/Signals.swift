import Dispatch
import Execution
import Foundation

/// Turns SIGINT and SIGTERM into a request to stop; the second one leaves at once.
final class Signals {
    let interruption = Interruption()
    private let sources: [any DispatchSourceSignal]

    init() {
        let interruption = interruption
        signal(SIGPIPE, SIG_IGN)
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if interruption.requestedSignal != nil { _exit(128 + number) }
                interruption.request(signal: number)
            }
            source.resume()
            return source
        }
    }

    /// 130 or 143, once a signal asked.
    var exitStatus: Int32 { 128 + (interruption.requestedSignal ?? SIGINT) }
}
