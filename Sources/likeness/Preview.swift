import ArgumentParser
import Directives
import Dispatch
import Execution
import Foundation
import Preview

/// `likeness preview`: the report and its query interface in the browser.
struct Preview: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows the report in the browser while it is written and computed, and answers queries about faces.",
        discussion: """
            The address is printed on standard output. Chapters, settings and data are watched: what is stale is computed, \
            and open pages are brought up to date in place. The whole report is published like that of 'build'. \
            /api/openapi.json describes what programs can ask. Photographs are decoded in memory and never kept. \
            Ctrl-C ends it; a training goes on from there next time.
            """)

    @Option(help: "The port; 0 takes a free one.")
    var port: UInt16 = 0

    @Flag(help: "Opens the report in the browser.")
    var open = false

    @Option(help: "The numeric address to listen to; another than this machine's own needs --access or --i-know.")
    var host = "127.0.0.1"

    @Flag(help: "Answers only who has the address that is printed, which carries a new access token.")
    var access = false

    @Flag(
        help:
            "Serves to a network without a token: whoever reaches this machine sees the report, its faces, and may ask."
    )
    var iKnow = false

    @OptionGroup var book: BookOptions

    @Option(help: "The folder that the whole report is published in.")
    var output = "output"

    private var isOpen: Bool { !host.hasPrefix("127.") && host != "::1" }

    func validate() throws {
        guard isOpen, !iKnow, !access else { return }
        throw ValidationError(
            "--host \(host) opens the report to a network: everybody who reaches this machine could read its pages and "
                + "the faces of its datasets, and have photographs compared, over a connection that anybody between "
                + "can read. Give --access to let in only who has the address that is printed, or --i-know if "
                + "everybody is meant")
    }

    func run() throws {
        let signals = Signals(leaving: "ended", patience: .milliseconds(800))
        do {
            let project = book.project(output: output)
            let searches = FaceSearches(project)
            let pages = LivePages(folder: output)
            let report = LiveReport(project, listener: Reporter(format: .text, opens: false), reader: pages)
            let names = isOpen ? [ProcessInfo.processInfo.hostName] : []
            let token = access ? Gate.newToken() : nil
            let server = try HTTPServer(address: host, port: port, limits: limits) { port in
                Routes(searches, pages, gate: Gate(port: port, names: names, isOpen: isOpen, access: token))
            }
            let work = WorkerThreads(1) { report.run() }
            let address =
                "http://\(host.contains(":") ? "[\(host)]" : host):\(server.port)/"
                + (token.map { "?access=\($0)" } ?? "")
            try Console.results.print(address)
            try Console.results.flush()
            if isOpen {
                let who = access ? "whoever has this address, or listens on the way to it," : "whoever reaches \(host)"
                Console.say(
                    "warning: \(who) sees this report and the faces of its datasets, and may ask about photographs")
            }
            if open, !Browser.open(address) { Console.say("no browser was found; open \(address)") }
            // What will be asked is made ready meanwhile; what cannot be is told to who asks.
            Thread.detachNewThread { searches.prepare() }
            while signals.interruption.requestedSignal == nil { Thread.sleep(forTimeInterval: 0.05) }
            report.stop()
            server.stop()
            work.join()
            throw ExitCode(signals.exitStatus)
        } catch {
            throw Console.fail(error)
        }
    }

    /// As many connections as there may be files, twice: each may be sent one.
    private var limits: ServerLimits {
        var limits = ServerLimits()
        var files = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files) == 0 {
            limits.connections = UInt32(clamping: min(800, max(8, (Int(clamping: files.rlim_cur) - 64) / 2)))
        }
        limits.connectionsPerAddress = isOpen ? max(8, limits.connections / 8) : limits.connections
        return limits
    }
}
