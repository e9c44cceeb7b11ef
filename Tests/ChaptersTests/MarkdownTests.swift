import Chapters
import Diagnostics
import Testing

@Suite struct MarkdownTests {
    @Test func readsBlocksAndInlines() {
        #expect(
            outline("Some *em* **strong** ~~del~~ `code` and\nmore  \nend")
                == "p Some em<em> strong<strong> del<del> code<code> and↵more⏎end")
        #expect(outline("[t](http://x 'T') ![alt *e*](i.png)") == "p link<http://x,T,t> image<i.png,,alt e>")
        #expect(outline("- a\n- b") == "ul{p a}{p b}")
        #expect(outline("3. a\n\n4. b") == "ol3 loose{p a}{p b}")
        #expect(outline("- [x] done\n- [ ] open") == "ul{[x]p done}{[ ]p open}")
        #expect(outline("> q\n\n---") == "quote{p q}\nrule")
        #expect(outline("<div>\n*x*\n</div>") == "html \"<div>\\n*x*\\n</div>\\n\"")
        #expect(outline("a <b>c</b>") == "p a html<<b>>chtml<</b>>")
        #expect(
            outline("see https://example.org/x_y_z.")
                == "p see link<https://example.org/x_y_z,,https://example.org/x_y_z>.")
        #expect(outline("\"quotes\" -- stay...") == "p \"quotes\" -- stay...")
    }

    @Test func readsTables() {
        #expect(
            outline("|a|b|c|d|\n|-|:-|:-:|-:|\n|*1*|2|")
                == "table [Chapters.TextTable.Alignment.natural, Chapters.TextTable.Alignment.left, Chapters.TextTable.Alignment.center, Chapters.TextTable.Alignment.right] a|b|c|d / em<1>|2||"
        )
    }

    @Test func readsFootnotesInOrderOfUse() {
        let (chapter, problems) = read(
            "a[^two] b[^one] c[^two]\n\n[^one]: first $x_1$ @fig-a\n[^two]: second\n[^none]: unused\n")
        #expect(
            lines(problems) == [
                "5:1-5:8 unused-footnote: the footnote 'none' is mentioned nowhere and is left out; write [^none] in the text"
            ])
        #expect(chapter.blocks.map(describe) == ["p anote<two> bnote<one> cnote<two>"])
        #expect(chapter.footnotes.map(\.label) == ["two", "one"])
        #expect(chapter.footnotes.map { $0.blocks.map(describe) } == [["p second"], ["p first math<x_1> ref<fig:a>"]])
    }

    @Test func placesHeadings() {
        let source = "# One *x* \n\nText\n\nTwo\nlines\n---\n> ### Three\n"
        let headings = read(source).chapter.blocks.flatMap { block -> [Block] in
            if case .quote(let inner) = block { inner } else { [block] }
        }
        let places = headings.compactMap { block in
            if case .heading(let level, _, _, let range) = block { "\(level) \(excerpt(source, range))" } else { nil }
        }
        #expect(places == ["1 # One *x*", "2 Two\nlines", "3 ### Three"])
    }

    @Test func takesTheTitleFromTheFirstTopHeading() {
        #expect(read("## Sub\n\n# The *title*\n\n# Other").chapter.title == "The title")
        #expect(read("text").chapter.title == "a.md")
    }

    @Test func makesAnchorsFromHeadings() {
        #expect(outline("## Kết quả: Độ chính xác!") == "h2#kết-quả-độ-chính-xác Kết quả: Độ chính xác!")
        #expect(
            outline("## Loss\n## Loss\n## Loss-2\n## ?!\n## 损失 函数")
                == "h2#loss Loss\nh2#loss-2 Loss\nh2#loss-2-2 Loss-2\nh2#section ?!\nh2#损失-函数 损失 函数")
        #expect(outline("## The loss {#sec-a_b_c}\n## Two {#sec-x} ##") == "h2#sec-a_b_c The loss\nh2#sec-x Two")
        #expect(outline("Setext {#sec-s}\n===") == "h1#sec-s Setext")
        #expect(outline("## Loss\n## Other {#loss}") == "h2#loss-2 Loss\nh2#loss Other")
    }

    @Test func reportsAnAnchorUsedTwice() {
        let problems = read("# A {#sec-x}\n\n## B {#sec-x}\n").diagnostics
        #expect(lines(problems) == ["3:8-3:13 duplicate-label: the label 'sec-x' is used twice"])
        #expect(problems.first?.notes.first.map { place($0.range) } == "1:7-1:12")
    }

    @Test func keepsAddressesAsTheyAreWrittenAndKnowsWhereTheyStand() {
        let (chapter, problems) = read("[a](x.md) `x.md` [b](x.md)\n[c](a&amp;b) ![d](<e f.png>) [g][r]\n\n[r]: h.csv")
        #expect(problems.isEmpty)
        var places: [String] = []
        chapter.forEachInline { inline in
            switch inline {
            case .link(let destination, _, _, let range), .image(let destination, _, _, _, let range):
                places.append("\(destination) \(place(range))")
            default: break
            }
        }
        #expect(places == ["x.md 1:5-1:9", "x.md 1:22-1:26", "a&b 2:1-2:36", "e f.png 2:20-2:27", "h.csv 2:1-2:36"])
    }

    @Test func aLabelIsUsedOnceInTheBookAlsoInFootnotesAndQuotes() throws {
        let files = [
            "01-a.md": "# A[^n]\n\n$$ a $$ {#eq-x}\n\n[^n]: $$ b $$ {#eq-y}\n",
            "02-b.md": "> $$ c $$ {#eq-x}\n\n$$ d $$ {#eq-y}\n",
        ]
        let loaded = try withFolder(files) { Book.load(contentsOf: $0, displayedAs: "chapters") }
        #expect(
            lines(loaded.diagnostics.filter { $0.code == "duplicate-label" }) == [
                "1:3-1:10 duplicate-label: the label 'eq-x' is used twice",
                "3:1-3:8 duplicate-label: the label 'eq-y' is used twice",
            ])
    }

    @Test func survivesDeepNesting() {
        for unit in [">", "> ", "- ", "* 1. ", "*a ", "**a ", "[", "![", "~~a ", "<b>"] {
            let (_, problems) = read(String(repeating: unit, count: 10_000) + "x")
            #expect(problems.count <= 1, "\(unit)")
        }
        let (_, problems) = read(String(repeating: ">", count: 10_000) + "x")
        #expect(
            lines(problems) == [
                "1:65-1:65 nested-too-deeply: blocks and emphasis may be nested 64 deep; the rest is left out"
            ])
        let stars = String(repeating: "**a ", count: 5000) + String(repeating: "b** ", count: 5000)
        #expect(read(stars).diagnostics.map(\.code) == ["nested-too-deeply"])
    }

    @Test func replacesReservedCharacters() throws {
        let reserved = String(decoding: [0xEF, 0xB7, 0x90, 0x30, 0xEF, 0xB7, 0x91], as: UTF8.self)
        let (chapter, problems) = read("$x$ \(reserved)")
        #expect(chapter.blocks.map(describe) == ["p math<x> \u{FFFD}0\u{FFFD}"])
        #expect(problems.map(\.code) == ["reserved-character"])
    }
}

@Suite struct FenceTests {
    @Test func keepsInfoBodyAndPlaces() throws {
        let source = "text\n\n```train nope  \nid: x\n  y\n```\nafter\n"
        let fence = try #require(fences(read(source).chapter.blocks).first)
        #expect(fence.info == "train nope")
        #expect(excerpt(source, fence.infoRange) == "train nope")
        #expect(fence.body == "id: x\n  y\n")
        #expect(fence.bodyStart == Position(line: 4, column: 1))
        #expect(excerpt(source, fence.range) == "```train nope  \nid: x\n  y\n```")
    }

    @Test func placesIndentedFences() throws {
        let source = "- item\n\n    ~~~~ swift\n    a\n      b\n\n    ~~~~\n"
        let fence = try #require(fences(read(source).chapter.blocks).first)
        #expect(fence.info == "swift")
        #expect(fence.body == "a\n  b\n\n")
        #expect(fence.bodyStart == Position(line: 4, column: 5))
        #expect(fence.bodyColumns == [5, 5, 1])
        #expect(place(fence.range) == "3:5-7:9")
    }

    @Test func placesQuotedFences() throws {
        let source = "> ```x\n> a\n>  b\n> ```\n"
        let fence = try #require(fences(read(source).chapter.blocks).first)
        #expect(fence.body == "a\n b\n")
        #expect(fence.bodyColumns == [3, 3])
        #expect(place(fence.range) == "1:3-4:6")
    }

    @Test func emptyFencesHaveAPlace() throws {
        let fence = try #require(fences(read("```x\n```").chapter.blocks).first)
        #expect(fence.body == "")
        #expect(place(fence.range) == "1:1-2:4")
    }

    @Test(arguments: [
        ("```train\nid: x\n", "1:1-1:9"), ("a\n\n~~~~\nx\n~~~\n\n\n", "3:1-3:5"), ("```", "1:1-1:4"),
        ("- ```x\n  a\ntext\n", "1:3-1:7"), ("> ```\n> a\n\ntext", "1:3-1:6"),
    ])
    func warnsOfAnUnclosedFence(source: String, where range: String) {
        let problems = read(source).diagnostics
        #expect(problems.map(\.code) == ["unclosed-fence"])
        #expect(problems.first?.severity == .warning)
        #expect(place(problems.first?.range) == range)
    }

    @Test func namesTheFenceThatCloses() {
        #expect(read("~~~~x\na").diagnostics.map(\.message) == ["this fence is not closed; end it with a line of ~~~~"])
    }

    @Test func readsIndentedCodeAsCode() {
        #expect(outline("    $x$\n    `=a.b`\n") == "fence() \"$x$\\n`=a.b`\\n\"")
    }
}

@Suite struct MathTests {
    @Test func keepsFormulasFromMarkdown() {
        #expect(
            outline("A $a_1 * b_2$ *c* $x^{*}_{\\{i\\}} \\\\ y$")
                == "p A math<a_1 * b_2> em<c> math<x^{*}_{\\{i\\}} \\\\ y>")
        #expect(outline("*$x$* and **$y$**") == "p em<math<x>> and strong<math<y>>")
        #expect(outline("$a <b> c$ and $[x](y)$") == "p math<a <b> c> and math<[x](y)>")
    }

    @Test func followsTheRuleOfTheDollarSign() {
        #expect(outline("costs $5 and $10") == "p costs $5 and $10")
        #expect(outline("a $ x$ b $y $ c") == "p a $ x$ b $y $ c")
        #expect(outline("$20,000 or $30") == "p $20,000 or $30")
        #expect(outline("\\$a$ and \\$") == "p $a$ and $")
        #expect(outline("$a \\$ b$") == "p math<a \\$ b>")
        #expect(outline("`$x$` and ``a`$y$`` $z$") == "p code<$x$> and code<a`$y$> math<z>")
        #expect(outline("<a href=\"$x$\">$y$</a>") == "p html<<a href=\"$x$\">>math<y>html<</a>>")
        #expect(outline("$a\nb$ c") == "p math<a\nb> c")
    }

    @Test func readsDisplayedFormulas() {
        #expect(outline("$$x_1$$") == "math() \"x_1\"")
        #expect(outline("$$\na\n+ b\n= c\n---\n$$ {#eq-loss}") == "math(eq-loss) \"a\\n+ b\\n= c\\n---\"")
        #expect(outline("Before\n$$ a $$\nafter") == "p Before\nmath() \"a\"\np after")
        #expect(outline("Before $$ a $$ {#eq-x}. After") == "p Before\nmath(eq-x) \"a\"\np . After")
        #expect(outline("> $$\n> a\n> - b\n> $$\n> c") == "quote{math() \"a\\n- b\"; p c}")
        #expect(outline("- $$\n  # a\n  > b\n  $$\n- c") == "ul{math() \"# a\\n> b\"}{p c}")
        #expect(outline("1. $$\n   a\n   $$") == "ol1{math() \"a\"}")
        #expect(outline("$$\na\n\nb\n$$").contains("math") == false)
        #expect(outline("```\n$$\nx\n$$\n```") == "fence() \"$$\\nx\\n$$\\n\"")
        #expect(outline("*$$x$$* t") == "p em<math<x>> t")
        #expect(
            outline("|a|\n|-|\n|$|x|$ $$y$$|") == "table [Chapters.TextTable.Alignment.natural] a / math<|x|> math<y>")
    }

    @Test func placesFormulas() throws {
        let source = "> Ơ $a_1$ and\n> $b\n> c$.\n\n  $$\n  d\n  $$ {#eq-d}\n"
        let chapter = read(source).chapter
        var found: [String] = []
        for block in chapter.blocks {
            if case .quote(let inner) = block, case .paragraph(let text)? = inner.first {
                for case .math(let math) in text { found.append("\(place(math.range)) \(excerpt(source, math.range))") }
            }
            if case .math(let math, _) = block { found.append("\(place(math.range)) \(excerpt(source, math.range))") }
        }
        #expect(found == ["1:6-1:11 $a_1$", "2:3-3:5 $b\n> c$", "5:3-7:5 $$\n  d\n  $$"])
    }

    @Test func asksForTheEquationPrefix() {
        #expect(
            lines(read("$$x$$ {#loss}").diagnostics) == [
                "1:9-1:13 malformed-label: an equation's label starts with 'eq-': write {#eq-loss}"
            ])
    }

    @Test func leavesAddressesAlone() {
        #expect(
            outline("[a](http://x/$b$) https://y/$c$/@fig-z")
                == "p link<http://x/$b$,,a> link<https://y/$c$/@fig-z,,https://y/$c$/@fig-z>")
        #expect(outline("![$x$ @fig-y](p$q$.png)") == "p image<p$q$.png,,x fig-y>")
    }
}

@Suite struct ReferenceTests {
    @Test func readsQuotedValues() throws {
        let source = "é `=resnet50-tuned.top10.accuracy .1%` and `=run`"
        #expect(outline(source) == "p é value<resnet50-tuned:top10/accuracy:.1%> and value<run::>")
        guard case .paragraph(let text)? = read(source).chapter.blocks.first else { return #expect(Bool(false)) }
        let values = text.compactMap { if case .value(let value) = $0 { excerpt(source, value.range) } else { nil } }
        #expect(values == ["`=resnet50-tuned.top10.accuracy .1%`", "`=run`"])
    }

    @Test func leavesOtherCodeAlone() {
        #expect(
            outline("`==` `=` `= x` `=>` ``=a.b`` `a = b`")
                == "p code<==> code<=> code<= x> code<=>> code<=a.b> code<a = b>")
    }

    @Test func reportsMalformedValues() {
        #expect(
            lines(read("x `=SUM(A1)` `=a.b .3x`").diagnostics) == [
                "1:3-1:13 malformed-value: `=SUM(A1)` names no value; write `=id.path` or `=id.path .3f`, or ``=SUM(A1)`` for code",
                "1:14-1:24 unknown-format: '.3x' is no number format; use one such as '.3f', '.1%', ',d' or '.2e'",
            ])
        #expect(
            read("`=a..b` `=A.b` `=a.b c d`").diagnostics.map(\.code) == Array(repeating: "malformed-value", count: 3))
    }

    @Test func readsCrossReferences() {
        #expect(
            outline("@fig-loss, (@tbl-after) and @eq-x_1. See @sec-kết-quả: @sec-a-.")
                == "p ref<fig:loss>, (ref<tbl:after>) and ref<eq:x_1>. See ref<sec:kết-quả>: ref<sec:a>-.")
        #expect(
            outline("`@fig-a` a@fig-b.org ộ@fig-b @figure @fig- \\@fig-c")
                == "p code<@fig-a> link<mailto:a@fig-b.org,,a@fig-b.org> ộ@fig-b @figure @fig- @fig-c")
        #expect(outline("[see @fig-a](x)") == "p link<x,,see ref<fig:a>>")
        #expect(outline("*@fig-a*\n@fig-b") == "p em<ref<fig:a>>↵ref<fig:b>")
    }

    @Test func placesCrossReferences() throws {
        let source = "- a\n  b @fig-x\n\n  |ü @tbl-y|c|\n  |-|-|\n  |d|@eq-z|\n"
        var found: [String] = []
        func walk(_ text: [Inline]) {
            for case .reference(let reference) in text {
                found.append("\(place(reference.range)) \(excerpt(source, reference.range))")
            }
        }
        for case .list(let list) in read(source).chapter.blocks {
            for block in list.items.flatMap(\.blocks) {
                if case .paragraph(let text) = block { walk(text) }
                if case .table(let table) = block { (table.header + table.rows.flatMap { $0 }).forEach(walk) }
            }
        }
        #expect(found == ["2:5-2:11 @fig-x", "4:7-4:13 @tbl-y", "6:6-6:11 @eq-z"])
    }
}
