import Chapters
import Diagnostics
import Testing

/// Small, fast and the same everywhere: failures must repeat.
private struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

private let sample = """
    # Kết quả {#sec-results}

    Loss $L_{t}$ and `=tuned.top10.accuracy .1%`[^a], see @fig-loss and [a](http://x 'y').

    $$
    L = \\max(0, d^+ - d^- + m)
      + \\lambda
    $$ {#eq-loss}

    - [x] item

      ```train
      id: tuned
      sizes: [1, ${n}, "x"]
      note: >
        folded
      map: {a: 1, b: [c]}
      ```

    > | a | $b|c$ |
    > |:-:|---|
    > | `d` | @tbl-e |

    Setext *em* **st** ~~del~~ <b title="$">html</b>
    ---

    [^a]: A note $x$.

        ~~~
        code
    """

@Suite struct HostileTextTests {
    /// Everything is read, and every place lies in the text.
    private func check(_ source: String) {
        let table = LineTable(source)
        let (chapter, problems) = Chapter.read(source, path: "a.md", slug: "a")
        var diagnostics = problems
        for fence in fences(chapter.blocks) + chapter.footnotes.flatMap({ fences($0.blocks) }) {
            let (block, more) = DirectiveBlock.read(fence)
            diagnostics += more
            #expect(inside(fence.range, table) as Bool, "fence in \(source.debugDescription)")
            guard let block else { continue }
            let sizes = Option.list(of: .integer("sizes", in: 1...9, "Sizes.")).optional
            let parameters = ["n": Settings.Parameter(value: .scalar("3", quoted: false), origin: "report.yml")]
            let (options, last) = Options.read(block, declarations: Declarations(sizes), parameters: parameters)
            diagnostics += last
            _ = options?[sizes]
        }
        for problem in diagnostics {
            guard let range = problem.range else { continue }
            #expect(inside(range, table) as Bool, "\(place(range)) \(problem.code) in \(source.debugDescription)")
        }
        for range in ranges(chapter.blocks) {
            #expect(inside(range, table) as Bool, "\(place(range)) in \(source.debugDescription)")
        }
        _ = DiagnosticFormatter(sources: ["a.md": source], color: false).format(diagnostics)
    }

    private func inside(_ range: SourceRange, _ table: LineTable) -> Bool {
        range.start <= range.end && range.start.line >= 1 && range.start.column >= 1 && range.end.line <= table.count
            && range.start.column <= table.content(ofLine: range.start.line).count + 2
            && range.end.column <= table.content(ofLine: range.end.line).count + 2
    }

    private func ranges(_ blocks: [Block]) -> [SourceRange] {
        blocks.flatMap { block -> [SourceRange] in
            switch block {
            case .heading(_, let text, _, let range): [range] + ranges(text)
            case .paragraph(let text): ranges(text)
            case .math(let math, _): [math.range]
            case .quote(let inner): ranges(inner)
            case .list(let list): list.items.flatMap { ranges($0.blocks) }
            default: []
            }
        }
    }

    private func ranges(_ text: [Inline]) -> [SourceRange] {
        text.flatMap { inline -> [SourceRange] in
            switch inline {
            case .math(let math): [math.range]
            case .value(let value): [value.range]
            case .reference(let reference): [reference.range]
            case .emphasis(let inner), .strong(let inner), .strikethrough(let inner), .link(_, _, let inner, _):
                ranges(inner)
            default: []
            }
        }
    }

    @Test func readsMutatedChapters() {
        var dice = Dice(state: 1)
        let original = Array(sample.utf8)
        let pieces = [
            "$", "$$", "`", "```", "\n", "\r", "\n\n", "> ", "- ", "  ", "\t", "{#", "}", "[", "]", "(", "|", "<", ">",
            "\\", "*", "_", "~~~", "#", "@fig-", "`=", "[^a]", "${", ": ", "&a ", "*a", "!", "'", "\"", "%", "\u{2028}",
            "\u{85}", "é", "面", "\u{FEFF}",
        ]
        for _ in 0..<3000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...6, using: &dice) {
                let at = Int.random(in: 0..<max(1, bytes.count), using: &dice)
                let end = min(bytes.count, at + Int.random(in: 0...20, using: &dice))
                switch Int.random(in: 0..<4, using: &dice) {
                case 0: bytes.removeSubrange(at..<end)
                case 1: bytes.insert(contentsOf: (pieces.randomElement(using: &dice) ?? "").utf8, at: at)
                case 2:
                    bytes.insert(contentsOf: Array(bytes[at..<end]), at: Int.random(in: 0...bytes.count, using: &dice))
                default: if at < bytes.count { bytes[at] = UInt8.random(in: 1...127, using: &dice) }
                }
            }
            check(String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test func readsRandomMarkup() {
        var dice = Dice(state: 2)
        let alphabet = Array("$$$$``==~~~>>--*_[](){}#|\\\n\n\n\n    \t\r:aid&!'\"@12.<^é".unicodeScalars)
        for _ in 0..<3000 {
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...120, using: &dice) {
                if let scalar = alphabet.randomElement(using: &dice) { text.append(scalar) }
            }
            check(String(text))
        }
    }

    @Test func readsRandomBytes() {
        var dice = Dice(state: 3)
        for _ in 0..<1000 {
            let bytes = (0..<Int.random(in: 0...200, using: &dice)).map { _ in UInt8.random(in: 1...255, using: &dice) }
            check(String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test func readsRandomOptions() {
        var dice = Dice(state: 4)
        let alphabet = Array("ab:: \n\n  -[]{},'\"|>?&*!#%$\t~0\\\u{85}\u{2028}é".unicodeScalars)
        for _ in 0..<3000 {
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...60, using: &dice) {
                if let scalar = alphabet.randomElement(using: &dice) { text.append(scalar) }
            }
            check("- ~~~~~~train\n  " + String(text).replacing("\n", with: "\n  ") + "\n  ~~~~~~\n")
        }
    }
}
