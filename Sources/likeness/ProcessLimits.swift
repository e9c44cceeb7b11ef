import CLimits
import Directives
import Foundation
import Tensors

/// What the system allows this process, asked before the libraries meet it: where they get less than they take for granted
/// they trap (Dispatch without descriptors) or try for ever (OpenBLAS without address space).
enum ProcessLimits {
    /// Descriptors of Dispatch, of the standard streams, and of a few files at once.
    static let fewestFiles: UInt64 = 16
    private static let enoughFiles: UInt64 = 4096

    /// Takes the descriptors that may be taken.
    ///
    /// - Throws: after a sentence, where these are too few to begin with.
    static func checkFiles() throws {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        if limit.rlim_cur < enoughFiles {
            limit.rlim_cur = rlim_t(min(enoughFiles, UInt64(limit.rlim_max)))
            _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        guard limit.rlim_cur < fewestFiles else { return }
        throw Console.fail(
            Refusal(
                "only \(limit.rlim_cur) files may be open at once, and \(fewestFiles) are needed; raise the limit (ulimit -n 1024)"
            ))
    }

    /// - Throws: after a sentence, where the main thread's stack would run over.
    static func checkStack() throws {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_STACK.rawValue), &limit) == 0 else { return }
        guard UInt64(limit.rlim_cur) < smallestStack else { return }
        throw Console.fail(
            Refusal(
                "the stack may take \(limit.rlim_cur >> 10) kB, and \(smallestStack >> 10) are needed; raise the limit (ulimit -s 8192)"
            ))
    }

    /// Twice what the deepest command was seen to need.
    static let smallestStack: UInt64 = 256 << 10

    /// - Throws: after a sentence, where libraries would wait for ever for threads that the system does not give.
    static func checkThreads() throws {
        let needed = Threads.count + 6
        guard !Threads.canStart(needed) else { return }
        throw Console.fail(
            Refusal(
                "the system gives this process fewer than \(needed) more threads; raise the limit (ulimit -u, or a container's "
                    + "limit of processes), or use fewer cores (taskset)"))
    }

    /// Says why a command ends where memory is refused: to a tensor, to any other allocation, to a library.
    ///
    /// - Parameter computes: whether libraries' threads need memory, too.
    static func tellShortages(computes: Bool) {
        limits_watch(computes ? 1 : 0)
        MemoryShortage.tell.withLock {
            $0 = { bytes in
                Console.say(
                    "error: \(byteCount(bytes)) more memory are needed than this process may use; raise the limit "
                        + "(ulimit -v, ulimit -d), or use fewer cores (taskset) or a smaller batch")
            }
        }
    }

    /// - Throws: after a sentence, where numeric work could only wait for memory that never comes.
    static func checkMemory() throws {
        let threads = Threads.count
        let needs = [
            (RLIMIT_AS, "address space", "-v", programSpace + threads * threadSpace),
            (RLIMIT_DATA, "data", "-d", ownData + threads * threadSpace),
        ]
        for (resource, kind, flag, needed) in needs {
            var limit = rlimit()
            guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0,
                UInt64(limit.rlim_cur) < UInt64(needed)
            else {
                continue
            }
            throw Console.fail(
                Refusal(
                    """
                    this process may use \(byteCount(Int(limit.rlim_cur))) of \(kind), and on \(threads) cores \
                    \(byteCount(needed)) are needed; raise the limit (ulimit \(flag) unlimited), or use fewer cores (taskset)
                    """))
        }
    }

    /// Program, libraries and their data.
    private static let programSpace = 600_000_000
    /// What of that is neither code nor shared.
    private static let ownData = 50_000_000
    /// Every thread's stack, its heap's reservation and OpenBLAS's buffer.
    private static let threadSpace = (8 + 64 + 128) << 20
}

/// A command that computes, with the numeric libraries.
protocol Computing {}

extension New: Computing {}
extension Build: Computing {}
extension Detect: Computing {}
extension Embed: Computing {}
extension Search: Computing {}
extension Synthesize: Computing {}
extension WeightsInspect: Computing {}
extension BenchNetwork: Computing {}
extension BenchTrain: Computing {}
extension BenchDetect: Computing {}
extension BenchSearch: Computing {}
extension BenchQuery: Computing {}
extension Query: Computing {}
extension Preview: Computing {}
