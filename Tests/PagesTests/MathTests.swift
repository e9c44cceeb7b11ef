import Chapters
import Diagnostics
import Pages
import Testing

struct MathTests {
    private func render(_ tex: String) throws -> (page: String, diagnostics: [Diagnostic]) {
        let site = try Sample.site([.math(Sample.math(tex), label: nil)])
        let text = site.text()
        let start = try #require(text.range(of: "<math display=\"block\">"))
        let end = try #require(text.range(of: "</math>"))
        return (String(text[start.upperBound..<end.lowerBound]), site.diagnostics)
    }

    @Test func thousandsOfPrimesDoNotNest() throws {
        let tex = "x" + String(repeating: "'_b", count: 3000)
        let site = try Sample.site([.paragraph([.math(Sample.math(tex))])])
        #expect(site.text().contains("′"))
    }

    @Test(arguments: [
        (#"\frac{1}{k}"#, "<mfrac><mn>1</mn><mi>k</mi></mfrac>"),
        ("x_i^2", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>"),
        ("x^2_i", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>"),
        ("x^10", "<msup><mi>x</mi><mn>1</mn></msup><mn>0</mn>"),
        ("0.485", "<mn>0.485</mn>"),
        ("f''", "<msup><mi>f</mi><mo lspace=\"0\" rspace=\"0\" stretchy=\"false\">′′</mo></msup>"),
        (#"\sum_{i=1}^k"#, "<munderover><mo movablelimits=\"true\">∑</mo><mrow>"),
        (#"\max_i x"#, "<munder><mo lspace=\"0\" rspace=\"0\" movablelimits=\"true\">max</mo><mi>i</mi></munder>"),
        (#"\bigcup_{L}"#, "<munder><mo movablelimits=\"true\">⋃</mo><mi>L</mi></munder>"),
        (#"\log x"#, "<mo lspace=\"0\" rspace=\"0\">log</mo><mspace width=\"0.1667em\">"),
        (#"\exp(x)"#, ">exp</mo><mo stretchy=\"false\" form=\"prefix\">(</mo>"),
        (#"\text{ if } x"#, "<mtext>\u{A0}if\u{A0}</mtext>"),
        (#"\mathrm{Sign}"#, "<mi>Sign</mi>"), (#"\mathrm{d}"#, "<mi mathvariant=\"normal\">d</mi>"),
        (#"\mathbf{W}"#, "<mi>𝐖</mi>"), (#"\mathbb{R}^k"#, "<msup><mi>ℝ</mi><mi>k</mi></msup>"),
        (#"\mathcal{L}"#, "<mi>ℒ</mi>"), (#"\operatorname{Sigmoid}"#, ">Sigmoid</mo>"),
        (#"\alpha\Sigma"#, "<mi>α</mi><mi mathvariant=\"normal\">Σ</mi>"),
        (#"\left(\frac{a}{b}\right]"#, "form=\"prefix\">(</mo><mfrac>"),
        (
            #"\lVert x \rVert_2"#,
            ">‖</mo><mi>x</mi><msub><mo stretchy=\"false\" form=\"postfix\">‖</mo><mn>2</mn></msub>"
        ),
        (#"\|x\|"#, ">‖</mo><mi>x</mi>"), (#"\{a\}"#, ">{</mo><mi>a</mi>"),
        (#"a \cdot b \times c"#, ">⋅</mo>"), (#"a \in B"#, ">∈</mo>"), (#"a \geq b \leq c \neq d"#, ">≥</mo>"),
        (#"x \approx y \to \infty"#, ">→</mo><mi mathvariant=\"normal\">∞</mi>"),
        (#"a, \dots, b \ldots"#, ">…</mo>"), (#"a \quad b"#, "<mspace width=\"1.0000em\"></mspace>"),
        (#"\sqrt{x}"#, "<msqrt><mi>x</mi></msqrt>"), (#"\sqrt[3]{x}"#, "<mroot><mi>x</mi><mn>3</mn></mroot>"),
        (#"\hat{y}"#, "<mover accent=\"true\"><mi>y</mi><mo stretchy=\"false\">^</mo></mover>"),
        (#"\overline{AB}"#, "<mrow class=\"overline\"><mrow><mi>A</mi><mi>B</mi></mrow></mrow>"),
        (#"\bar x"#, ">¯</mo></mover>"), (#"\vec{v}"#, ">→</mo></mover>"),
        (#"\underbrace{a+b}_{c}"#, "<munder><munder><mrow>"),
        (#"\begin{cases} a & b \\ c & d \end{cases}"#, "<mtable class=\"cases\"><mtr><mtd><mi>a</mi></mtd><mtd>"),
        (#"\begin{matrix} a \end{matrix}"#, "<mtable class=\"matrix\">"),
        (#"\begin{pmatrix} a \\ b \end{pmatrix}"#, ">(</mo><mtable class=\"matrix\">"),
        (#"\begin{bmatrix} a \end{bmatrix}"#, ">[</mo><mtable class=\"matrix\">"),
        (#"\begin{aligned} a &= b \\ &= c \end{aligned}"#, "<mtable class=\"aligned\" displaystyle=\"true\">"),
        ("-x", "<mo form=\"prefix\">−</mo>"), ("a - x", "<mo lspace=\"0.2222em\" rspace=\"0.2222em\">−</mo>"),
        (#"a<b \text{<i>}"#, "<mtext>&lt;i&gt;</mtext>"),
    ])
    func everyConstructHasItsElement(_ tex: String, _ markup: String) throws {
        let (page, diagnostics) = try render(tex)
        #expect(page.contains(markup), "\(page)")
        #expect(diagnostics.isEmpty)
        #expect(!page.contains("\\"))
    }

    /// The formulas of the slides that this report rebuilds.
    @Test(arguments: [
        #"\mu = [0.485, 0.456, 0.406], \quad \sigma = [0.229, 0.224, 0.225]."#, #"218\times218"#, "p = 0.5", "N = 64",
        "(a, p, n)", "H(x) = F(x) + x", "(N, C, 1, 1)", #"D = \{f_1, f_2, \dots, f_n\}, f_i \in \mathbb{R}^k"#,
        #"S = \text{Sign}(\text{Sigmoid}(W_i \cdot f_i - t) - t)."#, #"S \geq 0"#, "S < 0",
        #"d(q, f_i) = \|q - f_i\|_2^2"#,
        #"\text{Result} = \bigcup_{LNode} \{f_i \in LNode : f_i \text{ thỏa mãn tiêu chí gần nhất}\}."#,
        #"\mathcal{L} = \max\left(d(f(a), f(p)) - d(f(a), f(n)) + \alpha, 0\right)"#,
        #"\text{Accuracy} = \frac{\text{Number of matching attributes}}{\text{Total number of attributes}}."#,
        #"\text{Distance} = \frac{\sum_j |\text{attr}_{j,\text{query}} - \text{attr}_{j,\text{gallery}}|}{\text{Total number of attributes}}."#,
        #"\text{Top-}k \text{ Accuracy} = \frac{1}{k} \sum_{i=1}^k \text{Accuracy}_i,"#,
        #"\text{Mean Distance} = \frac{1}{k} \sum_{i=1}^k \text{Distance}_i."#,
    ])
    func formulasOfTheSlidesRender(_ tex: String) throws {
        let (page, diagnostics) = try render(tex)
        #expect(diagnostics.isEmpty)
        #expect(isBalanced(page), "\(page)")
        #expect(!page.contains("\\") && !page.contains("merror"))
    }

    @Test func anUnknownCommandIsReportedAtItsOwnPlaceAndNeverShownAsTeX() throws {
        let (page, diagnostics) = try render(#"a + \fraq{b}"#)
        let diagnostic = try #require(diagnostics.first)
        #expect(diagnostic.code == "unknown-math-command")
        #expect(diagnostic.message.contains("did you mean \\frac?"))
        #expect(diagnostic.range?.start == Position(line: 1, column: 6))
        #expect(diagnostic.range?.end == Position(line: 1, column: 11))
        #expect(page.contains("<merror><mtext>fraq</mtext></merror>") && !page.contains("\\"))
    }

    @Test(arguments: [
        #"\frac{a"#, #"a}"#, #"\frac{a}"#, #"\left( a"#, #"a \right)"#, #"\begin{cases} a"#,
        #"\begin{cases} a \end{matrix}"#,
        #"\end{cases}"#, "a & b", "x^", "x_a_b", "x^a^b", #"\text x"#, #"\left\foo x \right)"#,
        #"\begin{nope} a \end{nope}"#,
        "\\", #"\sqrt"#, #"\sqrt[3"#, "{{{", #"\text{a"#,
    ])
    func malformedFormulasAreReportedAndStayBalanced(_ tex: String) throws {
        let (page, diagnostics) = try render(tex)
        #expect(!diagnostics.isEmpty)
        #expect(isBalanced(page), "\(page)")
    }

    @Test func deepNestingIsReportedInsteadOfExhaustingTheStack() throws {
        for piece in ["{", #"\sqrt"#, #"\left("#, #"\frac1"#, #"\begin{matrix}"#] {
            let (_, diagnostics) = try render(String(repeating: piece, count: 5000))
            #expect(diagnostics.contains { $0.message.contains("nested too deeply") }, "\(piece)")
        }
    }

    @Test func aLineDoesNotBreakBetweenAFormulaAndItsComma() throws {
        let page = try Sample.site([.paragraph([.math(Sample.math("k")), .text("), which")])]).text()
        #expect(page.contains("<span class=\"nowrap\"><math><mi>k</mi></math>),</span> which"))
    }

    private func isBalanced(_ markup: String) -> Bool {
        var open: [Substring] = []
        for tag in markup.split(separator: "<").compactMap({
            $0.split(separator: ">", omittingEmptySubsequences: false).first
        }) {
            if tag.hasPrefix("/") {
                guard open.popLast() == tag.dropFirst() else { return false }
            } else {
                open.append(tag.prefix { $0 != " " })
            }
        }
        return open.isEmpty
    }
}
