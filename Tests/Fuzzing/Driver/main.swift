import CFuzzer
import Foundation
import FuzzTargets

/// `fuzz TARGET [libFuzzer's options] [folders of inputs]`; without a target, the names of all.

/// What libFuzzer calls: a C function, which can take nothing along.
nonisolated(unsafe) var chosen: (target: FuzzTarget, scratch: Scratch)?

// libFuzzer sees the program's name and what stands behind the target's. Where it starts the program again, as for
// making an input small, the target comes from the environment.
var arguments = Array(UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc)))
if CommandLine.arguments.count > 1, FuzzTarget.named(CommandLine.arguments[1]) != nil {
    setenv("FUZZ_TARGET", CommandLine.arguments[1], 1)
    arguments.remove(at: 1)
}
guard let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"], let target = FuzzTarget.named(name) else {
    for target in FuzzTarget.all { print(target.name, target.longest) }
    exit(CommandLine.arguments.count > 1 ? 1 : 0)
}
chosen = (target, try Scratch())

var count = CInt(arguments.count)
arguments.append(nil)
let status = arguments.withUnsafeMutableBufferPointer { buffer in
    var start = buffer.baseAddress
    return LLVMFuzzerRunDriver(&count, &start) { start, count in
        guard let chosen else { return 0 }
        do {
            try chosen.target.check(Array(UnsafeBufferPointer(start: start, count: count)), chosen.scratch)
        } catch {
            fatalError("\(chosen.target.name): \(error)")
        }
        return 0
    }
}
chosen = nil  // removes the scratch folder
exit(status)
