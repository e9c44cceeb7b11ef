import FuzzTargets
import Pages
import Testing

/// The check of pages is no use unless it sees what must not be there.
@Suite struct PageCheckTests {
    private func check(_ body: String, title: String = "Faces") throws {
        let text = "<!DOCTYPE html><html><head><title>\(title)</title></head><body>\(body)</body></html>"
        try PageCheck(Site.File(path: "index.html", bytes: Array(text.utf8)), titles: ["Faces"]).checkMarkup()
    }

    @Test(
        arguments: [
            "<p>a <em>b</em></p>", "<a href=\"02-b.html#sec\">x</a>", "<a href=\"HTTPS://example.org\">x</a>",
            "<a href=\"part/a:b\">x</a>", "<math><mi>x</mi><mo stretchy=\"false\">=</mo></math>",
            "<svg viewBox=\"0 0 1 1\"><rect x=\"0\"/></svg>", "<div class=\"group cell-85 count-3\"></div>",
        ])
    func whatWritersWritePasses(body: String) throws {
        try check(body)
    }

    @Test(
        arguments: [
            "<iframe></iframe>", "<b>x</b>", "<p onclick=\"x\">y</p>", "<p/onclick=x>y</p>",
            "<svg><script>x</script></svg>",
            "<a href=\"javascript:x\">y</a>", "<a href=\" java\tscript&colon;x\">y</a>",
            "<a href=\"JaVaScRiPt:x\">y</a>",
            "<a href=\"&#1;vbscript:x\">y</a>", "<a href=\"data:text/html,x\">y</a>",
            "<img src=\"https://example.org/x\">",
            "<img src=\"//example.org/x\">", "<p id=\"a\"></p><p id=\"a\"></p>", "<math><maction>x</maction></math>",
            "<div style=\"background: url(x)\"></div>", "<noscript></noscript>", "<base href=\"x\">",
        ])
    func whatWritersDoNotWriteIsNoticed(body: String) {
        #expect(throws: BrokenPromise.self) { try check(body) }
    }

    @Test func aTitleThatSaysSomethingElseIsNoticed() {
        #expect(throws: BrokenPromise.self) { try check("", title: "Others") }
        #expect(throws: BrokenPromise.self) { try check("", title: "Faces</title><b>x</b>") }
    }
}
