import Chapters

/// What links need to know of the HTML that a trusted book brings along.
enum RawHTML {
    /// The values of `id` and `name` attributes in a chapter's raw HTML.
    static func ids(in chapter: Chapter) -> [String] {
        var ids: [String] = []
        func add(_ html: String) {
            for match in html.matches(of: /(?i)\s(?:id|name)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/) {
                let value = match.1 ?? match.2 ?? match.3 ?? ""
                if !value.isEmpty { ids.append(String(value)) }
            }
        }
        chapter.forEachRawHTML(add)
        return ids
    }
}

extension Chapter {
    /// Visits raw HTML, in blocks and in lines.
    fileprivate func forEachRawHTML(_ visit: (String) -> Void) {
        forEachInline { if case .html(let html) = $0 { visit(html) } }
        var pending = blocks + footnotes.flatMap(\.blocks)
        while let block = pending.popLast() {
            if case .html(let html) = block { visit(html) }
            pending += block.children
        }
    }
}
