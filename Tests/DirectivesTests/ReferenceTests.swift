import Chapters
import Directives
import Foundation
import Testing

@Suite struct ReferenceTests {
    /// docs/directives.md is made from the declarations; `RECORD=1 swift test` writes it anew.
    @Test func theReferencePageIsWhatTheDeclarationsSay() throws {
        let page = referencePage()
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/directives.md")
        if ProcessInfo.processInfo.environment["RECORD"] == "1" { try Data(page.utf8).write(to: path) }
        let written = try String(contentsOf: path, encoding: .utf8)
        #expect(page == written, "docs/directives.md is not up to date; RECORD=1 makes it so")
    }
}
