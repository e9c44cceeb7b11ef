extension Ranks {
    /// Chunks of work spread over all ranks, on the first one; their results come in the order of the chunks.
    ///
    /// Whoever has done a chunk is given another, so that slow and fast machines end together; the first rank works too and
    /// looks after the others between its own chunks. The others are in `serveShards`.
    ///
    /// - Parameters:
    ///   - chunks: their numbers.
    ///   - here: does one on this rank.
    ///   - decode: what another rank sent for it; what it throws is told with that rank.
    ///   - took: is handed each chunk's result in order; throws to stop.
    package func shards<Result>(
        _ chunks: Range<Int>, here: (Int) throws -> Result, decode: (_ chunk: Int, _ bytes: [UInt8]) throws -> Result,
        took: (Int, Result) throws -> Void
    ) throws {
        guard let group, count > 1 else {
            for chunk in chunks { try took(chunk, try here(chunk)) }
            return
        }
        var next = chunks.lowerBound
        var wanted = chunks.lowerBound
        var results: [Int: Result] = [:]
        var given = [Int](repeating: 0, count: count)
        var incoming = [Incoming?](repeating: nil, count: count)
        func give(_ rank: Int) throws {
            // Towards the end nobody is given what another could have done by then. Whoever is far behind holds the others up
            // rather than let results pile up here.
            let ahead = min(Self.ahead, max(1, (chunks.upperBound - next) / (2 * count)))
            while given[rank] < ahead, next < min(chunks.upperBound, wanted + Self.kept * count) {
                try group.begin(MessageReader.message(next, []), to: rank, tag: group.tag(stream: 1))
                given[rank] += 1
                next += 1
            }
        }
        func arrives(from rank: Int) throws(RankFailure) -> Bool {
            if incoming[rank] == nil { incoming[rank] = try group.incoming(from: rank, tag: group.tag(stream: 2)) }
            return try incoming[rank]?.isDone() ?? false
        }
        func look() throws {
            for rank in 1..<count {
                while try arrives(from: rank), let message = incoming[rank] {
                    incoming[rank] = nil
                    var reader = MessageReader(message.bytes)
                    let chunk = reader.number()
                    do {
                        results[chunk] = try decode(chunk, reader.bytes())
                    } catch {
                        throw RankFailure(rank: rank, host: group.messenger.hosts[rank], problem: "\(error)")
                    }
                    given[rank] -= 1
                    try give(rank)
                }
            }
            try group.listen()
        }
        func hand() throws {
            while let result = results.removeValue(forKey: wanted) {
                try took(wanted, result)
                wanted += 1
            }
        }
        while wanted < chunks.upperBound {
            for rank in 1..<count { try give(rank) }
            if next < min(chunks.upperBound, wanted + Self.kept * count) {
                let chunk = next
                next += 1
                results[chunk] = try here(chunk)
                try look()
            } else {
                try group.wait { () throws(RankFailure) in
                    for rank in 1..<count where try arrives(from: rank) { return true }
                    return false
                }
                try look()
            }
            try hand()
        }
        for rank in 1..<count { try group.begin([], to: rank, tag: group.tag(stream: 1)) }
    }

    /// Chunks that a rank holds at once: one whose result is on its way, one that it works on, and one for when that is done.
    private static let ahead = 3
    /// Results for each rank that may wait for an earlier chunk.
    private static let kept = 8

    /// Does the chunks that the first rank gives, until it gives no more.
    package func serveShards(_ work: (Int) throws -> [UInt8]) throws {
        guard let group else { return }
        while true {
            let message = try group.receive(from: 0, tag: group.tag(stream: 1))
            if message.isEmpty { return }
            var reader = MessageReader(message)
            let chunk = reader.number()
            let result = try work(chunk)
            try group.listen()
            try group.begin(MessageReader.message(chunk, result), to: 0, tag: group.tag(stream: 2))
        }
    }
}
