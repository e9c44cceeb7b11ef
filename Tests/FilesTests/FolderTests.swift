import Files
import Foundation
import TestSupport
import Testing

/// Folders that two threads or programs make at once.
@Suite struct FolderTests {
    private enum Moment: CaseIterable {
        /// Somebody makes the folder before we do.
        case before
        /// Somebody makes the folder above right after ours could not be made for want of it.
        case after
    }

    @Test(arguments: Moment.allCases) private func aFolderThatSomebodyElseMakesIsAsGood(moment: Moment) throws {
        let place = TemporaryFolder()
        defer { withExtendedLifetime(place) {} }
        let root = place.path
        var operations = FileOperations.system
        operations.makeFolder = { path in
            if moment == .before { mkdir(path, 0o755) }
            let result = mkdir(path, 0o755)
            let code = errno
            if result != 0, code == ENOENT { mkdir(Files.folder(of: path), 0o755) }
            errno = code
            return result
        }
        try Files.makeFolder(root)
        try Files.makeFolder(root + "/objects/2e", with: operations)
        #expect(Files.isFolder(root + "/objects/2e"))
        try Files.makeFolder(root + "/a/b/c/d", with: operations)
        #expect(Files.isFolder(root + "/a/b/c/d"))
    }

    @Test func whatStandsInTheWayIsNamed() throws {
        let place = TemporaryFolder()
        defer { withExtendedLifetime(place) {} }
        let root = place.path
        try Files.write([1], to: root + "/file")
        for path in ["/file", "/file/a", "/file/a/b"] {
            let error = #expect(throws: FileError.self) { try Files.makeFolder(root + path) }
            #expect(error?.path == root + "/file", "\(path)")
            #expect(error?.description.contains("is not a folder") == true, "\(path)")
        }
    }

    @Test func threadsMakeOneFolderAtOnce() throws {
        let place = TemporaryFolder()
        defer { withExtendedLifetime(place) {} }
        let root = place.path
        for round in 0..<200 {
            let gate = NSCondition()
            nonisolated(unsafe) var (present, failures) = (0, [String]())  // guarded by `gate`
            let ended = DispatchGroup()
            for number in 0..<4 {
                ended.enter()
                Thread.detachNewThread {
                    gate.withLock {
                        present += 1
                        gate.broadcast()
                        while present < 4 { gate.wait() }
                    }
                    do {
                        try Files.makeFolder("\(root)/\(round)/objects/\(number)")
                    } catch {
                        gate.withLock { failures.append("\(error)") }
                    }
                    ended.leave()
                }
            }
            ended.wait()
            #expect(failures == [])
        }
    }
}
