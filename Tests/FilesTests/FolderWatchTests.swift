import Files
import Foundation
import Synchronization
import TestSupport
import Testing

/// What the kernel tells of files and folders.
@Suite struct FolderWatchTests {
    /// What was told so far.
    private final class Told: Sendable {
        private let roots = Mutex<[Set<String>]>([])

        func add(_ more: Set<String>) { roots.withLock { $0.append(more) } }

        var all: Set<String> { roots.withLock { $0.reduce(into: []) { $0.formUnion($1) } } }

        /// Waits until a root is told; the bound is for a watch that tells nothing.
        func comes(_ root: String) -> Bool {
            let limit = Date().addingTimeInterval(120)
            while !all.contains(root), Date() < limit { usleep(1000) }
            return all.contains(root)
        }

        func forget() { roots.withLock { $0 = [] } }
    }

    private func watching(_ roots: [String], _ body: (Told, FolderWatch) throws -> Void) throws {
        let told = Told()
        let watch = try FolderWatch { told.add($0) }
        defer { watch.close() }
        watch.watch(Set(roots))
        try body(told, watch)
    }

    @Test func filesAtWhateverDepthAreSeenAndOthersAreNot() throws {
        let place = try TemporaryFolder(["a/b/c/old.txt": "1", "other/x": "1", "next/y": "1"])
        let (a, next) = (place.path + "/a", place.path + "/next")
        try watching([a, next]) { told, _ in
            try place.put("2", "a/b/c/old.txt")
            #expect(told.comes(a))
            // One write makes several events; those of another root come after all of them.
            try place.put("2", "next/y")
            #expect(told.comes(next))
            told.forget()
            try place.put("2", "other/x")
            try place.put("1", "a/.hidden")
            // Events come in order: what was to be seen before would have been.
            try place.put("3", "next/y")
            #expect(told.comes(next))
            #expect(told.all == [next])
        }
    }

    @Test func newFoldersAreWatchedWithWhatIsInThem() throws {
        let place = try TemporaryFolder(["a/x": "1"])
        let a = place.path + "/a"
        try watching([a]) { told, _ in
            try place.put("1", "a/new/deep/file")
            #expect(told.comes(a))
            // The folder may have been listed before or after the file came; a later change is seen in any case.
            let limit = Date().addingTimeInterval(120)
            var isSeen = false
            for number in 0... where !isSeen && Date() < limit {
                told.forget()
                try place.put("\(number)", "a/new/deep/file")
                let soon = Date().addingTimeInterval(0.2)
                while Date() < soon, !isSeen {
                    isSeen = told.all.contains(a)
                    usleep(1000)
                }
                if isSeen { break }
            }
            #expect(isSeen)
        }
    }

    @Test func aRootMayComeGoAndBeReplaced() throws {
        let place = try TemporaryFolder(["x": "1"])
        let root = place.path + "/later/root"
        try watching([root]) { told, _ in
            try place.put("1", "later/root/file")
            #expect(told.comes(root))
            try FileManager.default.moveItem(atPath: root, toPath: place.path + "/later/former")
            told.forget()
            try place.put("1", "later/root/file")
            #expect(told.comes(root))
        }
    }

    @Test func aFileAndWhatALinkLeadsTo() throws {
        let place = try TemporaryFolder(["real/chapter.md": "1", "file.pth": "1", "beside.pth": "1"])
        try place.link("link", to: place.path + "/real")
        let (link, file) = (place.path + "/link", place.path + "/file.pth")
        try watching([link, file]) { told, watch in
            try place.put("2", "real/chapter.md")
            #expect(told.comes(link))
            try place.put("2", "file.pth")
            #expect(told.comes(file))
            told.forget()
            try place.put("2", "beside.pth")
            try place.put("3", "file.pth")
            #expect(told.comes(file))
            #expect(told.all == [file])
            try place.put("4", "real/chapter.md")
            #expect(told.comes(link))
            watch.watch([link])
            told.forget()
            try place.put("3", "file.pth")
            try place.put("3", "real/chapter.md")
            #expect(told.comes(link))
            #expect(told.all == [link])
        }
    }
}
