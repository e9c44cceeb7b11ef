import Foundation

/// Work that the first rank hands out: what the others need to know of it, and what they do.
///
/// The first rank does its own part in the call of `Ranks.together`; both sides talk in the same order.
package protocol RankJob: Codable, Sendable {
    /// What a rank other than the first does.
    func run(on ranks: Ranks) throws
}

extension Ranks {
    /// Does work in common, on the first rank; alone it is `work` and nothing else.
    ///
    /// - Parameters:
    ///   - job: what the others do meanwhile; made only where there are others.
    ///   - work: the first rank's part; what it throws calls the job off.
    /// - Throws: `RankFailure` where another rank could not do its part; its sentence names rank and host.
    package func together<Result>(
        _ job: @autoclosure () throws -> some RankJob, _ work: (Ranks) throws -> Result
    ) throws -> Result {
        guard let group else { return try work(self) }
        precondition(isFirst, "only the first rank hands out work")
        let job = try job()
        let number = group.nextJob
        let kind = Array("\(type(of: job))\n".utf8)
        let call = MessageReader.message(number, kind + Array(try JSONEncoder().encode(job)))
        group.begin(number)
        defer { group.end() }
        do {
            try group.send(call, to: Array(1..<count), tag: RankGroup.callTag)
            return try work(self)
        } catch {
            for rank in 1..<count {
                // Whoever cannot be reached is told by the error itself, or by the launcher.
                try? group.begin(MessageReader.message(number, []), to: rank, tag: RankGroup.dismissalTag)
            }
            throw error
        }
    }

    /// Tells the others that there is no more work, on the first rank.
    package func dismiss() throws(RankFailure) {
        guard let group, isFirst else { return }
        try group.send([], to: Array(1..<count), tag: RankGroup.callTag)
    }

    /// Does what the first rank hands out until it has no more, on every other rank.
    ///
    /// - Parameter jobs: all kinds of work that there are.
    /// - Throws: `RankFailure` where the first rank cannot be heard any more.
    package func serve(_ jobs: [any RankJob.Type]) throws(RankFailure) {
        guard let group, !isFirst else { return }
        let kinds = Dictionary(jobs.map { ("\($0)", $0) }, uniquingKeysWith: { first, _ in first })
        while true {
            let message = try group.receive(from: 0, tag: RankGroup.callTag, isPatient: true)
            if message.isEmpty { return }
            var reader = MessageReader(message)
            let number = reader.number()
            group.begin(number)
            do {
                let name = String(decoding: reader.line(), as: UTF8.self)
                guard let kind = kinds[name] else { throw UnknownWork(name: name) }
                try JSONDecoder().decode(kind, from: Data(reader.bytes())).run(on: self)
            } catch let failure as RankFailure where failure.rank == nil {
                // Called off: the first rank knows why.
            } catch {
                try group.begin(MessageReader.message(number, Array("\(error)".utf8)), to: 0, tag: RankGroup.failureTag)
            }
            group.end()
        }
    }
}

/// The first rank asked for what this program does not know.
private struct UnknownWork: Error, CustomStringConvertible {
    let name: String

    var description: String {
        "'\(name)' is no work that this program knows; start the same version of it on every host"
    }
}
