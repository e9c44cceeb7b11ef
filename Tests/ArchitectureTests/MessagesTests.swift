import Foundation
import TestSupport
import Testing

/// docs/messages.md explains every code that a message can have, and no other.
@Suite struct MessagesTests {
    /// Where a source gives a message its code: the first word of what makes one, behind a severity or an option; an argument or
    /// a member of that name; a problem with a formula.
    private let places = [
        #"(?:error|warning|note|fail|refuse|missing|Diagnostic|OptionProblem)\(\s*(?:[^"()]*(?:\([^()]*\))?[^"()]*,\s*)?"([a-z0-9-]+)""#,
        #"code(?:: String)?(?::| =) "([a-z0-9-]+)""#,
        #"case \w+ = "((?:unknown|malformed)-math[a-z-]*)""#,
    ].map { try! Regex($0, as: (Substring, Substring).self) }

    private func codes(in source: String) -> Set<String> {
        Set(places.flatMap { source.matches(of: $0).map { String($0.1) } })
    }

    @Test func everyCodeIsExplained() throws {
        let root = URL(fileURLWithPath: Repository.root + "/Sources")
        let files = try #require(FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
        var given: Set<String> = []
        for case let file as URL in files where file.pathExtension == "swift" {
            given.formUnion(codes(in: try String(contentsOf: file, encoding: .utf8)))
        }
        let page = try Repository.read("docs/messages.md")
        let explained = page.matches(of: #/(?m)^`([a-z0-9-]+)`: /#).map { String($0.1) }
        #expect(given.subtracting(explained).sorted() == [], "docs/messages.md lacks these")
        #expect(Set(explained).subtracting(given).sorted() == [], "no message has these")
        #expect(Set(explained).count == explained.count, "docs/messages.md explains some twice")
    }

    @Test(arguments: [
        (#".error("no-chapters", "\(name) has none")"#, "no-chapters"),
        (#"Diagnostic(isMild ? .warning : .error, "stray-caption", text)"#, "stray-caption"),
        (#"throw OptionProblem(k, "k-too-large", "k is \(k)")"#, "k-too-large"),
        (#"return missing(reference, "unknown-value", "no")"#, "unknown-value"),
        (#"Problem(code: "unknown-file", message: "none")"#, "unknown-file"),
        (#"name: String, code: String = "wrong-type""#, "wrong-type"),
        (#"error(\n    "cycle", "in a circle")"#.replacing(#"\n"#, with: "\n"), "cycle"),
        (#"case malformed = "malformed-math""#, "malformed-math"),
        (#"case fineTuning = "fine-tuning""#, nil), (#".init("fresh", position)"#, nil),
    ])
    func codesAreRecognised(source: String, code: String?) {
        #expect(codes(in: source) == Set([code].compactMap(\.self)))
    }
}
