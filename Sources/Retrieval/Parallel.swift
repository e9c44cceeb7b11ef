import Dispatch

/// Runs `work` over chunks of `0..<count` on all cores; chunks do not depend on the number of cores. Once `stop` is wanted, no
/// chunk begins any more.
func inParallel(_ count: Int, chunk: Int, stop: StopRequest, _ work: (Range<Int>) -> Void) {
    let chunks = (count + chunk - 1) / chunk
    if chunks <= 1 {
        if count > 0, !stop.isWanted() { work(0..<count) }
        return
    }
    withoutActuallyEscaping(work) { work in
        nonisolated(unsafe) let work = work  // every chunk writes to its own rows
        DispatchQueue.concurrentPerform(iterations: chunks) { index in
            guard !stop.isWanted() else { return }
            work(index * chunk..<min(count, (index + 1) * chunk))
        }
    }
}
