import Foundation

/// What a rank knows of work in common: which job runs, who has failed, and what is on its way.
///
/// Every message carries a tag of its job, so that what a job that was called off leaves behind meets no later one.
/// Used by one thread at a time, but for `messenger`.
final class RankGroup: @unchecked Sendable {
    let messenger: any Messenger
    /// Of the running job, from 1; 0 between jobs.
    private(set) var job = 0
    /// Of the last one.
    private var lastJob = 0
    /// Messages that nobody waits for, with the memory that they need for as long as they are on their way.
    private var unattended: [(transfers: [any Transfer], memory: AnyObject)] = []

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
    ///
    /// - Parameter memory: whose bytes these are.
    func exchange(
        with partner: Int, tag: Int, sending: UnsafeMutableRawBufferPointer, receiving: UnsafeMutableRawBufferPointer,
        of memory: AnyObject
    ) throws(RankFailure) {
        try attend(to: memory) { transfers throws(RankFailure) in
            if receiving.count > 0 { transfers.append(try messenger.receive(receiving, from: partner, tag: tag)) }
            if sending.count > 0 {
                transfers.append(try messenger.send(UnsafeRawBufferPointer(sending), to: partner, tag: tag))
            }
        }
    }

    /// Bytes of any length, to several ranks.
    func send(_ bytes: [UInt8], to ranks: [Int], tag: Int) throws(RankFailure) {
        let memory = MessageMemory(bytes)
        try attend(to: memory) { transfers throws(RankFailure) in
            for rank in ranks { transfers.append(try messenger.send(memory.sent, to: rank, tag: tag)) }
        }
    }

    /// The same without waiting.
    func begin(_ bytes: [UInt8], to rank: Int, tag: Int) throws(RankFailure) {
        let memory = MessageMemory(bytes)
        leave([try messenger.send(memory.sent, to: rank, tag: tag)], of: memory)
    }

    /// Waits for the messages that `begin` begins; where that fails, they are left.
    private func attend(
        to memory: AnyObject, _ begin: (inout [any Transfer]) throws(RankFailure) -> Void
    ) throws(RankFailure) {
        var transfers: [any Transfer] = []
        do {
            try begin(&transfers)
            try wait { () throws(RankFailure) in try Self.areDone(&transfers) }
        } catch {
            leave(transfers, of: memory)
            throw error
        }
    }

    /// Nobody waits any longer for these messages: what has not begun to arrive is called off, and the memory stays until
    /// nothing reads or writes it.
    func leave(_ transfers: [any Transfer], of memory: AnyObject) {
        for transfer in transfers { transfer.callOff() }
        unattended.append((transfers, memory))
        unattended = unattended.compactMap { entry in
            var left = entry.transfers
            // What fails stays for good.
            let areDone = (try? Self.areDone(&left)) ?? false
            return areDone ? nil : (left, entry.memory)
        }
    }

    /// Removes those that are done; whether all are.
    static func areDone(_ transfers: inout [any Transfer]) throws(RankFailure) -> Bool {
        var left: [any Transfer] = []
        for transfer in transfers where !(try transfer.isDone()) { left.append(transfer) }
        transfers = left
        return left.isEmpty
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
        let memory = MessageMemory(count: length)
        try attend(to: memory) { transfers throws(RankFailure) in
            transfers.append(try messenger.receive(memory.bytes, from: rank, tag: tag))
        }
        return Array(memory.bytes)
    }

    /// Begins to take the next message from that rank; nil where none has been announced. Its bytes may come only when
    /// the other rank next talks to anybody.
    func incoming(from rank: Int, tag: Int) throws(RankFailure) -> Incoming? {
        guard let length = try messenger.waiting(from: rank, tag: tag) else { return nil }
        let memory = MessageMemory(count: length)
        return Incoming(try messenger.receive(memory.bytes, from: rank, tag: tag), memory, self)
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

/// A message's bytes.
private final class MessageMemory {
    let bytes: UnsafeMutableRawBufferPointer

    init(count: Int) {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, count), alignment: 16)
        bytes = UnsafeMutableRawBufferPointer(rebasing: memory[..<count])
    }

    convenience init(_ content: [UInt8]) {
        self.init(count: content.count)
        bytes.copyBytes(from: content)
    }

    deinit { bytes.baseAddress?.deallocate() }

    var sent: UnsafeRawBufferPointer { UnsafeRawBufferPointer(bytes) }
}

/// A message that is arriving.
final class Incoming {
    private var transfers: [any Transfer]
    private let memory: MessageMemory
    private let group: RankGroup

    fileprivate init(_ transfer: any Transfer, _ memory: MessageMemory, _ group: RankGroup) {
        (transfers, self.memory, self.group) = ([transfer], memory, group)
    }

    deinit { if !transfers.isEmpty { group.leave(transfers, of: memory) } }

    func isDone() throws(RankFailure) -> Bool { try RankGroup.areDone(&transfers) }

    /// Once it is done.
    var bytes: [UInt8] { Array(memory.bytes) }
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
