import Faults
import Files
import Foundation
import Pages
import TestSupport
import Testing

/// Every system call of a publication fails in turn.
struct FaultTests {
    private static let codes = [ENOSPC, EIO, EACCES, EMFILE]

    private func site(_ seed: Int) throws -> Site {
        let gallery = Exhibit(
            id: "g", numbering: .figure, caption: "Picture \(seed)",
            parts: [.gallery(Gallery(groups: [.init(items: [.init(picture: Sample.face(seed), title: "")])]))])
        let chapters = ["index", "models", "data"]
        return try Site(
            Report(
                book: Sample.book(chapters.map { Sample.chapter($0, [.fence(Sample.fence("x", line: 3))]) }),
                exhibits: ["g": gallery], directives: [Sample.range(3): "g"]))
    }

    @Test func thePreviousReportStaysUntilTheNewOneIsComplete() throws {
        let (old, new) = (try site(1), try site(2))
        let counting = Faults()
        let scratch = TemporaryFolder()
        try old.publish(to: scratch.path)
        try new.publish(to: scratch.path, with: counting.operations)
        #expect(counting.count > 30)
        for index in 0..<counting.count {
            for code in Self.codes { try tryFailure(of: index, code, old, new) }
        }
        print("failing system calls of a publication: \(counting.count * Self.codes.count), all told and healed")
    }

    private func tryFailure(of index: Int, _ code: Int32, _ old: Site, _ new: Site) throws {
        let place = TemporaryFolder()
        try old.publish(to: place.path)
        let faults = Faults(failing: index, code: code)
        let error = #expect(throws: FileError.self) { try new.publish(to: place.path, with: faults.operations) }
        let call = try #require(faults.failed)
        let name = "\(call.name) of \(call.path ?? "?")"
        #expect(error?.description.contains(String(cString: strerror(code))) == true, "\(name)")
        #expect(error?.path.hasPrefix(place.path) == true, "\(name)")

        // Each page is the old one or the new one, and the pictures it shows are there.
        let pages = old.files.filter { !$0.path.contains("/") }
        let isOld = pages.map { place.bytes($0.path) == $0.bytes }
        for (page, isOld) in zip(pages, isOld) where !isOld {
            #expect(
                new.files.contains { $0.path == page.path && $0.bytes == place.bytes(page.path) },
                "\(name): \(page.path)")
        }
        // Until pages are renamed, all are the old ones; the first page is the last to go.
        let isRenaming = call.name == "rename" && call.path?.hasSuffix(".html") == true
        if isRenaming { #expect(isOld[pages.count - 1], "\(name)") }
        #expect(isRenaming || Set(isOld).count == 1, "\(name)")
        for site in [isOld.contains(true) ? old : nil, isOld.contains(false) ? new : nil].compactMap({ $0 }) {
            for file in site.files where file.path.contains("/") {
                #expect(place.bytes(file.path) == file.bytes, "\(name): \(file.path)")
            }
        }

        try new.publish(to: place.path)
        for file in new.files { #expect(place.bytes(file.path) == file.bytes, "\(name): \(file.path)") }
        let names = try FileManager.default.subpathsOfDirectory(atPath: place.path).filter { $0.contains(".") }
        #expect(Set(names) == Set(new.files.map(\.path) + [".likeness-site.json"]), "\(name)")
    }
}
