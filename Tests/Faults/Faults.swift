import Files
import Glibc
import Synchronization

/// System calls that work, save for the one that is told to fail. Counts them all.
package final class Faults: Sendable {
    package struct Call: Sendable {
        package var name: String
        /// nil for calls on descriptors.
        package var path: String?
    }

    private let failing: Int?
    private let code: Int32
    private let state = Mutex(State())

    private struct State {
        var count = 0
        var failed: Call?
        var paths: [Int32: String] = [:]
    }

    /// - Parameters:
    ///   - failing: which call fails, from 0; nil for none.
    ///   - code: what `errno` is then.
    package init(failing: Int? = nil, code: Int32 = EIO) {
        self.failing = failing
        self.code = code
    }

    package var count: Int { state.withLock { $0.count } }
    /// The call that failed, by now.
    package var failed: Call? { state.withLock { $0.failed } }

    package var operations: FileOperations {
        let system = FileOperations.system
        return FileOperations(
            open: { [self] path, flags in
                let descriptor = fails("open", path) ? -1 : system.open(path, flags)
                if descriptor >= 0 { state.withLock { $0.paths[descriptor] = path } }
                return descriptor
            },
            write: { [self] descriptor, bytes in
                fails("write", path(of: descriptor)) ? -1 : system.write(descriptor, bytes)
            },
            sync: { [self] descriptor in fails("fsync", path(of: descriptor)) ? -1 : system.sync(descriptor) },
            rename: { [self] old, new in fails("rename", new) ? -1 : system.rename(old, new) },
            makeFolder: { [self] path in
                if Files.isFolder(path) { return 0 }
                return fails("mkdir", path) ? -1 : system.makeFolder(path)
            },
            openBelow: { [self] folder, name, flags in
                let path = path(of: folder).map { $0 + "/" + name }
                let descriptor = fails("openat", path) ? -1 : system.openBelow(folder, name, flags)
                if descriptor >= 0, let path { state.withLock { $0.paths[descriptor] = path } }
                return descriptor
            },
            examine: system.examine,
            remove: { [self] folder, name, isFolder in
                fails("unlinkat", path(of: folder).map { $0 + "/" + name }) ? -1 : system.remove(folder, name, isFolder)
            })
    }

    private func path(of descriptor: Int32) -> String? { state.withLock { $0.paths[descriptor] } }

    private func fails(_ name: String, _ path: String?) -> Bool {
        let fails = state.withLock { state in
            defer { state.count += 1 }
            guard state.count == failing else { return false }
            state.failed = Call(name: name, path: path)
            return true
        }
        if fails { errno = code }
        return fails
    }
}
