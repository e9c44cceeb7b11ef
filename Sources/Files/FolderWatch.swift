import Foundation
import Glibc
import Synchronization

/// Tells when something changes in files, and in folders at whatever depth, as the kernel sees it (inotify(7)).
///
/// A root may come, go and be replaced: the folder in which it lies is watched too. What another machine changes on a
/// shared file system, the kernel does not see. Beyond `most` folders, and where the kernel allows no more, the rest is
/// not watched; `unwatched` counts it.
package final class FolderWatch: Sendable {
    private let events: Int32
    /// A pipe: who closes its end ends the thread.
    private let ending: (read: Int32, write: Int32)
    private let tell: @Sendable (Set<String>) -> Void
    private let state = Mutex(State())

    /// Watched folders at most, of all roots together.
    package static let most = 8192

    private struct State {
        var roots: Set<String> = []
        /// By the kernel's number of a watched folder.
        var places: [Int32: [Place]] = [:]
        var unwatched = 0
        var isClosed = false
    }

    /// Why a folder is watched.
    private struct Place: Hashable {
        var root: String
        /// The folder.
        var path: String
        /// The only name in it that matters; nil where all do.
        var name: String?
    }

    /// - Parameter tell: called from a thread of its own with the roots below which something changed, visible names alone.
    /// - Throws: `FileError` where the kernel gives no watch.
    package init(tell: @escaping @Sendable (Set<String>) -> Void) throws(FileError) {
        events = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        guard events >= 0 else { throw .last(.unreadable, "inotify", "gives no watch over folders") }
        var pipe: [Int32] = [-1, -1]
        guard Glibc.pipe(&pipe) == 0 else {
            let error = FileError.last(.unreadable, "a pipe", "cannot be made")
            Glibc.close(events)
            throw error
        }
        for end in pipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        ending = (pipe[0], pipe[1])
        self.tell = tell
        // The thread holds what it reads; the watch itself may go.
        let thread = Thread { [self] in run() }
        thread.start()
    }

    /// Watches these files and folders and no others; those that are not there yet, too. O(folders below them).
    package func watch(_ roots: Set<String>) {
        state.withLock { state in
            guard !state.isClosed, roots != state.roots else { return }
            let gone = state.roots.subtracting(roots)
            let new = roots.subtracting(state.roots)
            state.roots = roots
            for root in gone { forget(root, &state) }
            for root in new.sorted() { add(root, &state) }
        }
    }

    /// Folders that could not be watched.
    package var unwatched: Int { state.withLock { $0.unwatched } }

    /// Nothing is told any more.
    package func close() {
        let isFirst = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        if isFirst { Glibc.close(ending.write) }
    }

    // The caller of what follows holds the lock.

    private func forget(_ root: String, _ state: inout State) {
        for (number, places) in state.places {
            let rest = places.filter { $0.root != root }
            if rest.isEmpty {
                inotify_rm_watch(events, number)
                state.places[number] = nil
            } else {
                state.places[number] = rest
            }
        }
    }

    private func add(_ root: String, _ state: inout State) {
        // A link may be turned, and what it leads to may be replaced.
        for path in Set([root, Files.resolvedPlace(root)]) {
            var path = path
            // What is not there yet is seen coming from the nearest folder that is.
            while !Files.isFolder(Files.folder(of: path)), path.contains("/") { path = Files.folder(of: path) }
            let name = path.split(separator: "/").last.map(String.init)
            add(Place(root: root, path: Files.folder(of: path), name: name), &state)
        }
        if Files.isFolder(root) { addTree(root, of: root, &state) }
    }

    private func addTree(_ folder: String, of root: String, _ state: inout State) {
        var waiting = [folder]
        while let path = waiting.popLast() {
            // A folder that is there already is one that a link leads back to.
            guard add(Place(root: root, path: path, name: nil), &state) else { continue }
            for entry in (try? Files.list(path).entries) ?? [] where entry.kind == .folder {
                waiting.append(path + "/" + entry.name)
            }
        }
    }

    /// - Returns: whether the folder is watched for this reason only now.
    @discardableResult
    private func add(_ place: Place, _ state: inout State) -> Bool {
        guard state.places.count < Self.most else {
            state.unwatched += 1
            return false
        }
        let number = inotify_add_watch(events, place.path, Self.interest)
        guard number >= 0 else {
            if errno == ENOSPC { state.unwatched += 1 }
            return false
        }
        if place.name == nil, state.places[number]?.contains(where: { $0.root == place.root && $0.name == nil }) == true
        {
            return false
        }
        if state.places[number]?.contains(place) != true { state.places[number, default: []].append(place) }
        return true
    }

    private static let interest = UInt32(
        IN_CLOSE_WRITE | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF
            | IN_ONLYDIR)

    private func run() {
        defer {
            Glibc.close(events)
            Glibc.close(ending.read)
        }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            var waiting = [
                pollfd(fd: events, events: Int16(POLLIN), revents: 0),
                pollfd(fd: ending.read, events: Int16(POLLIN), revents: 0),
            ]
            let ready = poll(&waiting, 2, -1)
            if waiting[1].revents != 0 || (ready < 0 && errno != EINTR) { return }
            let count = read(events, &buffer, buffer.count)
            guard count > 0 else { continue }
            let roots = state.withLock { state in
                state.isClosed ? Set<String>() : touched(buffer[..<count], &state)
            }
            if !roots.isEmpty { tell(roots) }
        }
    }

    /// The roots that some events are about. New folders among them are watched from now on.
    private func touched(_ bytes: ArraySlice<UInt8>, _ state: inout State) -> Set<String> {
        var touched: Set<String> = []
        var rest = bytes
        let head = 16
        while rest.count >= head {
            let event = rest.withUnsafeBytes { raw in
                (
                    number: raw.loadUnaligned(fromByteOffset: 0, as: Int32.self),
                    mask: raw.loadUnaligned(fromByteOffset: 4, as: UInt32.self),
                    length: Int(raw.loadUnaligned(fromByteOffset: 12, as: UInt32.self))
                )
            }
            guard rest.count >= head + event.length else { break }
            let name = String(
                decoding: rest.dropFirst(head).prefix(event.length).prefix { $0 != 0 }, as: UTF8.self)
            rest = rest.dropFirst(head + event.length)
            if event.mask & UInt32(IN_Q_OVERFLOW) != 0 {
                for root in state.roots {
                    forget(root, &state)
                    add(root, &state)
                }
                return state.roots
            }
            let places = state.places[event.number] ?? []
            if event.mask & UInt32(IN_IGNORED) != 0 { state.places[event.number] = nil }
            for place in places {
                if let only = place.name {
                    guard name == only else { continue }
                    // The root has come, gone, or is another one now.
                    forget(place.root, &state)
                    add(place.root, &state)
                } else if name.hasPrefix(".") {
                    continue
                } else if event.mask & UInt32(IN_ISDIR) != 0,
                    event.mask & UInt32(IN_CREATE | IN_MOVED_TO) != 0
                {
                    addTree(place.path + "/" + name, of: place.root, &state)
                }
                touched.insert(place.root)
            }
        }
        return touched
    }
}
