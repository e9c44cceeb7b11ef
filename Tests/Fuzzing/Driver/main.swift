import CFuzzer
import Foundation
import FuzzTargets

/// `fuzz TARGET [libFuzzer's options] [folders of inputs]`; without a target, the names of all.

/// What libFuzzer calls: a C function, which can take nothing along.
nonisolated(unsafe) var chosen: (target: FuzzTarget, scratch: Scratch)?

guard CommandLine.arguments.count > 1, let target = FuzzTarget.named(CommandLine.arguments[1]) else {
    for target in FuzzTarget.all { print(target.name, target.longest) }
    exit(CommandLine.arguments.count > 1 ? 1 : 0)
}
chosen = (target, try Scratch())

// libFuzzer sees the program's name and what stands behind the target's.
var arguments = Array(UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc)))
arguments.remove(at: 1)
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
