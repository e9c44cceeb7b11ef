import Chapters
import Directives
import Foundation
import TestSupport
import Testing

@Suite struct ReferenceTests {
    /// docs/directives.md is made from the declarations; `RECORD=1 swift test` writes it anew.
    @Test func theReferencePageIsWhatTheDeclarationsSay() throws {
        let page = referencePage()
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            try Data(page.utf8).write(to: URL(fileURLWithPath: Repository.root + "/docs/directives.md"))
        }
        let written = try Repository.read("docs/directives.md")
        #expect(page == written, "docs/directives.md is not up to date; RECORD=1 makes it so")
    }
}
