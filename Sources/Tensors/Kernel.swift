import COneDNN

/// oneDNN could not make a kernel; names the operation and says why.
package struct KernelError: Error, CustomStringConvertible {
    package let operation: String
    package let reason: String
    package var description: String { "\(operation): \(reason)" }
}

/// One compiled oneDNN operation. Holds no buffers but a reference to the scratch memory it shares with its neighbours.
///
/// Runs on any thread, on one at a time.
final class Kernel {
    let handle: OpaquePointer
    private let scratch: Scratch
    private let argumentCount: Int

    init(
        _ operation: String, scratch: Scratch,
        make: (UnsafeMutablePointer<OpaquePointer?>) -> onednn_status
    ) throws(KernelError) {
        var made: OpaquePointer?
        let status = make(&made)
        guard status == onednn_ok, let made else {
            throw KernelError(operation: operation, reason: String(cString: onednn_message(status)))
        }
        handle = made
        self.scratch = scratch
        argumentCount = Int(onednn_argument_count(made))
        scratch.reserve(onednn_scratch_bytes(made))
    }

    deinit { onednn_free(handle) }

    /// The implementation that oneDNN chose, for tests and reports.
    var implementation: String { String(cString: onednn_implementation(handle)) }

    /// Runs with the buffers in the order that COneDNN.h gives for the operation.
    func run(_ buffers: UnsafeMutableRawPointer?...) {
        precondition(buffers.count == argumentCount)
        let status = buffers.withUnsafeBufferPointer { onednn_run(handle, $0.baseAddress, scratch.start) }
        precondition(status == onednn_ok, String(cString: onednn_message(status)))
    }
}

/// Working memory that kernels use one after another; grows to the largest need.
package final class Scratch {
    private var memory = AlignedMemory(byteCount: 0)

    package init() {}

    func reserve(_ byteCount: Int) {
        if byteCount > memory.byteCount { memory = AlignedMemory(byteCount: byteCount) }
    }

    var start: UnsafeMutableRawPointer { memory.start }
}
