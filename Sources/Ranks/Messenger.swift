/// What carries bytes between processes that compute together: MPI, or threads of one process in tests.
///
/// Used from any thread. Messages from one rank to another under one tag arrive in the order in which they were sent, at
/// the places that were given for them first.
package protocol Messenger: Sendable {
    /// From 0.
    var index: Int { get }
    var count: Int { get }
    /// On which machine each rank runs, for people to read.
    var hosts: [String] { get }
    /// Tags lie below it; at least 32,767.
    var tagLimit: Int { get }

    /// Begins to send; the bytes must stay as they are until it is done.
    func send(_ bytes: UnsafeRawBufferPointer, to rank: Int, tag: Int) throws(RankFailure) -> any Transfer
    /// Begins to receive exactly so many bytes.
    func receive(
        _ bytes: UnsafeMutableRawBufferPointer, from rank: Int, tag: Int
    ) throws(RankFailure) -> any Transfer
    /// The length of the next message from that rank under that tag; nil where none has arrived.
    func waiting(from rank: Int, tag: Int) throws(RankFailure) -> Int?
}

/// A message on its way, which is kept until it is done. Used by one thread at a time.
package protocol Transfer: AnyObject {
    /// Whether the bytes have left, or arrived; does not wait.
    func isDone() throws(RankFailure) -> Bool
    /// Asks not to receive what has not begun to arrive; it is done some time later. What is sent goes on.
    func callOff()
}

/// Work in common that one of the ranks could not do.
package struct RankFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// Who; nil where the work was called off by the first rank.
    package var rank: Int?
    package var host: String
    package var problem: String

    package init(rank: Int?, host: String, problem: String) {
        (self.rank, self.host, self.problem) = (rank, host, problem)
    }

    package var description: String {
        guard let rank else { return problem }
        return "rank \(rank) on \(host): \(problem)"
    }
}
