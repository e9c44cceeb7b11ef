import Foundation

/// What a rank knows of work in common: which job runs, who has failed, and what is on its way.
///
/// Every message carries a tag of its job, so that what a job that was called off leaves behind meets no later one.
/// Used by one thread at a time.
final class RankGroup: @unchecked Sendable {
    let messenger: any Messenger
    /// Of the running job, from 1; 0 between jobs.
    private(set) var job = 0
    /// Of the last one.
    private var lastJob = 0
    /// Sent bytes that nobody will fetch, which must stay.
    private var abandoned: [Outgoing] = []

    init(_ messenger: any Messenger) { self.messenger = messenger }

    // Tags: what is not of a job, then so many streams for each job; numbers come again after as many jobs as fit.
    static let (callTag, dismissalTag, failureTag) = (0, 1, 2)
    private static let (firstJobTag, streams) = (16, 500)

    /// Of the running job. Stream 0 is that of calls which all ranks make in one order.
    func tag(stream: Int = 0) -> Int {
        precondition(job > 0, "ranks talk in a job")
        let jobs = (messenger.tagLimit - Self.firstJobTag) / Self.streams
        return Self.firstJobTag + job % jobs * Self.streams + stream % Self.streams
    }

    // Jobs

    func begin(_ number: Int) { (job, lastJob) = (number, number) }
    func end() { job = 0 }
    var nextJob: Int { lastJob + 1 }

    // Bytes

    /// Of known length on both sides.
    func exchange(
        with partner: Int, tag: Int, sending: UnsafeMutableRawBufferPointer, receiving: UnsafeMutableRawBufferPointer,
        meanwhile: RankSums? = nil
    ) throws(RankFailure) {
        var transfers: [any Transfer] = []
        if receiving.count > 0 { transfers.append(try messenger.receive(receiving, from: partner, tag: tag)) }
        if sending.count > 0 {
            transfers.append(try messenger.send(UnsafeRawBufferPointer(sending), to: partner, tag: tag))
        }
        try wait(for: transfers, meanwhile: meanwhile)
    }

    /// Bytes of any length, to several ranks.
    func send(_ bytes: [UInt8], to ranks: [Int], tag: Int) throws(RankFailure) {
        let outgoing = try Outgoing(bytes, to: ranks, tag: tag, over: messenger)
        do {
            try wait { () throws(RankFailure) in try outgoing.isDone() }
        } catch {
            abandoned.append(outgoing)
            throw error
        }
    }

    /// The same without waiting: `done` is asked now and then.
    func begin(_ bytes: [UInt8], to rank: Int, tag: Int) throws(RankFailure) {
        abandoned.removeAll { (try? $0.isDone()) == true }
        abandoned.append(try Outgoing(bytes, to: [rank], tag: tag, over: messenger))
    }

    func receive(from rank: Int, tag: Int, isPatient: Bool = false) throws(RankFailure) -> [UInt8] {
        var length = 0
        try wait(isPatient: isPatient) { () throws(RankFailure) in
            guard let found = try messenger.waiting(from: rank, tag: tag) else { return false }
            length = found
            return true
        }
        return try fetch(length, from: rank, tag: tag)
    }

    /// A message that has arrived from any rank under that tag.
    func arrived(tag: Int, from ranks: Range<Int>) throws(RankFailure) -> (rank: Int, bytes: [UInt8])? {
        for rank in ranks where rank != messenger.index {
            if let length = try messenger.waiting(from: rank, tag: tag) {
                return (rank, try fetch(length, from: rank, tag: tag))
            }
        }
        return nil
    }

    private func fetch(_ length: Int, from rank: Int, tag: Int) throws(RankFailure) -> [UInt8] {
        let incoming = try Incoming(length, from: rank, tag: tag, over: messenger)
        try wait { () throws(RankFailure) in try incoming.isDone() }
        return incoming.bytes
    }

    /// Begins to take the next message from that rank; nil where none has been announced. Its bytes may come only when
    /// the other rank next talks to anybody.
    func incoming(from rank: Int, tag: Int) throws(RankFailure) -> Incoming? {
        guard let length = try messenger.waiting(from: rank, tag: tag) else { return nil }
        return try Incoming(length, from: rank, tag: tag, over: messenger)
    }

    // Waiting

    /// Looks at a condition until it holds: at once, then with pauses that grow, so that a rank which has nothing to do
    /// leaves its core to others.
    ///
    /// - Parameter isPatient: whether minutes may pass, as between two jobs.
    func wait(isPatient: Bool = false, until holds: () throws(RankFailure) -> Bool) throws(RankFailure) {
        var looks = 0
        while !(try holds()) {
            looks += 1
            if looks % 32 == 0 { try listen() }
            if looks > 20_000 || isPatient && looks > 200 {
                usleep(isPatient ? UInt32(min(5_000, looks)) : 50)
            } else if looks > 100 {
                sched_yield()
            }
        }
    }

    func wait(for transfers: [any Transfer], meanwhile: RankSums? = nil) throws(RankFailure) {
        var open = transfers
        try wait { () throws(RankFailure) in
            var left: [any Transfer] = []
            for transfer in open where !(try transfer.isDone()) { left.append(transfer) }
            open = left
            if !open.isEmpty { try meanwhile?.progress() }
            return open.isEmpty
        }
    }

    /// Throws where the running job has been called off, or another rank could not do its part.
    func listen() throws(RankFailure) {
        guard job > 0 else { return }
        if messenger.index == 0 {
            while let (rank, bytes) = try arrived(tag: Self.failureTag, from: 1..<messenger.count) {
                var reader = MessageReader(bytes)
                guard reader.number() == job else { continue }
                throw RankFailure(rank: rank, host: messenger.hosts[rank], problem: reader.text())
            }
        } else {
            while let (_, bytes) = try arrived(tag: Self.dismissalTag, from: 0..<1) {
                var reader = MessageReader(bytes)
                guard reader.number() == job else { continue }
                throw RankFailure(rank: nil, host: "", problem: "called off by the first rank")
            }
        }
    }
}

/// Bytes on their way to some ranks, which stay until all have them.
private final class Outgoing {
    private let memory: UnsafeMutableRawBufferPointer
    private var transfers: [any Transfer] = []

    init(_ bytes: [UInt8], to ranks: [Int], tag: Int, over messenger: any Messenger) throws(RankFailure) {
        memory = .allocate(byteCount: max(1, bytes.count), alignment: 16)
        memory.copyBytes(from: bytes)
        let sent = UnsafeRawBufferPointer(rebasing: memory[..<bytes.count])
        for rank in ranks { transfers.append(try messenger.send(sent, to: rank, tag: tag)) }
    }

    func isDone() throws(RankFailure) -> Bool {
        var left: [any Transfer] = []
        for transfer in transfers where !(try transfer.isDone()) { left.append(transfer) }
        transfers = left
        return left.isEmpty
    }

    // Only where all have them: until then the group keeps this.
    deinit { memory.deallocate() }
}

/// A message that is arriving.
final class Incoming {
    private let memory: UnsafeMutableRawBufferPointer
    private let length: Int
    private var transfer: (any Transfer)?

    init(_ length: Int, from rank: Int, tag: Int, over messenger: any Messenger) throws(RankFailure) {
        self.length = length
        memory = .allocate(byteCount: max(1, length), alignment: 16)
        do {
            let place = UnsafeMutableRawBufferPointer(rebasing: memory[..<length])
            transfer = try messenger.receive(place, from: rank, tag: tag)
        } catch {
            memory.deallocate()
            throw error
        }
    }

    deinit {
        // Called off first, where it is not done.
        transfer = nil
        memory.deallocate()
    }

    func isDone() throws(RankFailure) -> Bool { try transfer?.isDone() ?? true }

    /// Once it is done.
    var bytes: [UInt8] { Array(memory[..<length]) }
}

/// What ranks tell each other about a job: its number, then text or bytes.
struct MessageReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func number() -> Int {
        let bytes = rest.prefix(8)
        rest = rest.dropFirst(8)
        return Int(truncatingIfNeeded: bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    /// Up to a line break, which goes with it.
    mutating func line() -> [UInt8] {
        let line = rest.prefix { $0 != UInt8(ascii: "\n") }
        rest = rest.dropFirst(line.count + 1)
        return Array(line)
    }

    mutating func text() -> String { String(decoding: bytes(), as: UTF8.self) }

    mutating func bytes() -> [UInt8] {
        defer { rest = [] }
        return Array(rest)
    }

    static func message(_ number: Int, _ rest: some Collection<UInt8>) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } + rest
    }
}
