import Dispatch
import Execution
import Foundation

/// Writes that nobody can take, and files larger than the user allows, are errors of their calls, told like every other:
/// without this the system ends the process without a word.
func ignoreWriteSignals() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
}

/// Turns SIGINT, SIGTERM and the end of the terminal, SIGHUP, into a request to stop; the second one leaves at once.
///
/// Work asks about twice a second. What is inside a library for longer is left where it is, as a kill may leave it at any
/// moment: the store and the pages bear that.
final class Signals {
    let interruption = Interruption()
    private let sources: [any DispatchSourceSignal]

    /// - Parameters:
    ///   - remark: what is said where work did not come to say it.
    ///   - patience: how long work may take to come and ask.
    init(leaving remark: String, patience: DispatchTimeInterval = .seconds(3)) {
        let interruption = interruption
        // Of its own: all threads of the shared ones may be busy computing.
        let queue = DispatchQueue(label: "signals", qos: .userInteractive)
        sources = [SIGHUP, SIGINT, SIGTERM].compactMap { number in
            // What was ignored from the start, as under nohup or in a script's background, stays so.
            let former = unsafeBitCast(signal(number, SIG_IGN), to: Int.self)
            guard former != unsafeBitCast(SIG_IGN, to: Int.self) else { return nil }
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                if interruption.requestedSignal != nil { _exit(128 + number) }
                interruption.request(signal: number)
                queue.asyncAfter(deadline: .now() + patience) {
                    Console.say(remark)
                    _exit(128 + number)
                }
            }
            source.resume()
            return source
        }
    }

    /// 129, 130 or 143, once a signal asked.
    var exitStatus: Int32 { 128 + (interruption.requestedSignal ?? SIGINT) }
}
