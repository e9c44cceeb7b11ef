import Chapters
import Diagnostics
import Testing

/// Reads the only fence of a chapter.
private func directive(_ source: String) throws -> (block: DirectiveBlock?, diagnostics: [Diagnostic]) {
    let fence = try #require(fences(read(source).chapter.blocks).first)
    return DirectiveBlock.read(fence)
}

private func body(_ yaml: String) throws -> (block: DirectiveBlock?, diagnostics: [Diagnostic]) {
    try directive("```train\n" + yaml + "\n```\n")
}

private func describe(_ value: OptionValue) -> String {
    switch value {
    case .scalar(let text, let quoted): quoted ? "<\(text)>" : text
    case .list(let items): "[" + items.map { describe($0.value) }.joined(separator: ", ") + "]"
    case .mapping(let entries):
        "{" + entries.map { "\($0.key.value): \(describe($0.value.value))" }.joined(separator: ", ") + "}"
    }
}

@Suite struct DirectiveTests {
    @Test func readsEntriesWithPlaces() throws {
        let source = """
            text

            - in a list

              ```train
              id: resnet50-tuned
              sizes: [10, "20" ,  # many
                 30 ]
              ơ: 'it''s'   # so
              nested: {a: 1, b: [x]}
              long: some words
                that go on
              block:
                - p
                - q: "\\" x"
              last: >
                folded
                text
              ```
            """
        let (block, problems) = try directive(source)
        #expect(problems.isEmpty)
        let found = try #require(block)
        #expect(found.kind.value == "train")
        #expect(excerpt(source, found.kind.range) == "train")
        #expect(
            found.entries.map { "\($0.key.value)=\(describe($0.value.value))" } == [
                "id=resnet50-tuned", "sizes=[10, <20>, 30]", "ơ=<it's>", "nested={a: 1, b: [x]}",
                "long=some words that go on", "block=[p, {q: <\" x>}]", "last=<folded text\n>",
            ])
        #expect(
            found.entries.map { excerpt(source, $0.key.range) } == [
                "id", "sizes", "ơ", "nested", "long", "block", "last",
            ])
        #expect(
            found.entries.map { excerpt(source, $0.value.range) } == [
                "resnet50-tuned", "[10, \"20\" ,  # many\n     30 ]", "'it''s'", "{a: 1, b: [x]}",
                "some words\n    that go on", "- p\n    - q: \"\\\" x\"", ">",
            ])
        #expect(place(found.entries.first?.value.range) == "6:7-6:21")
    }

    @Test(arguments: ["", "# nothing yet", "\n\n"])
    func anEmptyBodyHasNoEntries(yaml: String) throws {
        let (block, problems) = try body(yaml)
        #expect(block?.entries.isEmpty == true)
        #expect(problems.isEmpty)
    }

    @Test(arguments: [
        ("- a", "2:1-2:4 not-a-mapping: the options of 'train' are lines of 'name: value'"),
        ("just text", "2:1-2:10 not-a-mapping: the options of 'train' are lines of 'name: value'"),
        ("id: a\nid: b", "3:1-3:3 duplicate-key: 'id' is given twice"),
        ("a: {x: 1, x: 2}", "2:11-2:12 duplicate-key: 'x' is given twice"),
        ("1: a\n\"1\": b", "3:1-3:4 duplicate-key: '1' is given twice"),
        ("a: &x 1", "2:4-2:6 yaml-anchor: anchors (&name) and aliases (*name) are not read here; write the value out"),
        ("a: *x", "2:4-2:6 yaml-anchor: anchors (&name) and aliases (*name) are not read here; write the value out"),
        ("a: !!int 1", "2:4-2:9 yaml-tag: tags (!name) are not read here; the option decides the type"),
        ("a: ! 1", "2:4-2:5 yaml-tag: tags (!name) are not read here; the option decides the type"),
        ("a: !x [1]", "2:4-2:6 yaml-tag: tags (!name) are not read here; the option decides the type"),
        ("? [a]\n: b", "2:3-2:6 yaml-key: a name is expected here, not a list or mapping"),
        (
            "a: b: c",
            "2:5-2:6 yaml-syntax: this is not valid YAML: there is a second ': ' here; put quotes around the value"
        ),
        ("a: 1\nb", "3:2-3:2 yaml-syntax: this is not valid YAML: write 'name: value', with a blank after the colon"),
        ("a: \"x", "2:6-2:6 yaml-syntax: this is not valid YAML: a quote is not closed"),
        (
            "a: @x",
            "2:4-2:6 yaml-syntax: this is not valid YAML: a value cannot start with this character (nor a line with a tab); put quotes around it"
        ),
        ("a: 1\n---\nb: 2", "3:1-3:4 yaml-syntax: only one YAML document is read; remove the line '---'"),
        ("a: \u{7}", "2:4-2:5 invisible-character: a control character (U+0007) stands here; delete it"),
    ])
    func refusesWithAPlace(yaml: String, expected: String) throws {
        let (block, problems) = try body(yaml)
        #expect(block == nil)
        #expect(lines(problems) == [expected])
    }

    @Test func refusesDeepNesting() throws {
        let deep = "a: " + String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        #expect(lines(try body(deep).diagnostics) == ["2:35-2:35 yaml-too-deep: options may be nested 32 deep"])
        #expect(
            try body("a: " + String(repeating: "[", count: 30) + String(repeating: "]", count: 30)).diagnostics.isEmpty)
        for unit in ["[", "{", "- ", "? ", "[a: "] {
            #expect(try body("a:\n  " + String(repeating: unit, count: 20_000)).diagnostics.count == 1, "\(unit)")
        }
    }

    @Test func refusesLargeBodies() throws {
        let problems = try body("a: " + String(repeating: "x", count: 65_536)).diagnostics
        #expect(lines(problems) == ["2:1-2:1 yaml-too-large: at most 64 kB of options can be read"])
    }

    /// Expanded, they would never end.
    @Test func refusesExpandingAliases() throws {
        var yaml = "a0: &a0 [x, x]\n"
        for level in 1..<40 { yaml += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        yaml += "? *a39\n: x"
        #expect(try body(yaml).diagnostics.map(\.code) == ["yaml-anchor"])
    }

    @Test func refusesWordsAfterTheName() throws {
        let (block, problems) = try directive("~~~ train  nope now\nid: x\n~~~")
        #expect(block == nil)
        #expect(
            lines(problems) == [
                "1:12-1:20 directive-words: nothing may follow the name 'train'; options stand below, one 'name: value' a line"
            ])
    }
}
