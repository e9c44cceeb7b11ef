import Foundation
import Markup

/// Writes a formula as MathML Core, the subset that browsers draw without help.
///
/// Space follows TeX: the writer sees a row's neighbours and marks signs, thin spaces after operator names and closed
/// delimiters itself, where MathML's operator dictionary would guess from the position alone.
package struct MathMLWriter {
    private var out = ""

    package static func write(_ formula: Formula, display: Bool) -> String {
        var writer = MathMLWriter()
        writer.out = display ? "<math display=\"block\">" : "<math>"
        writer.row(items(formula))
        writer.out += "</math>"
        return writer.out
    }

    private static func items(_ formula: Formula) -> [Formula] {
        if case .row(let items) = formula { items } else { [formula] }
    }

    private mutating func row(_ items: [Formula]) {
        var previous: Formula.Class?
        for (index, item) in items.enumerated() {
            let kind = item.kind
            if kind == .function, previous == .ordinary || previous == .closing { space(0.1667) }
            write(item, leading: Self.startsTerm(after: previous))
            let next = index + 1 < items.count ? items[index + 1] : nil
            if kind == .function, let next, Self.needsSpace(before: next) { space(0.1667) }
            if kind != .space { previous = kind }
        }
    }

    /// Whether a `−` here is a sign and not a subtraction.
    private static func startsTerm(after previous: Formula.Class?) -> Bool {
        switch previous {
        case nil, .binary, .relation, .opening, .punctuation, .function: true
        default: false
        }
    }

    private static func needsSpace(before next: Formula) -> Bool {
        if case .fenced = next { return false }
        return next.kind == .ordinary || next.kind == .function
    }

    /// An element with exactly one child.
    private mutating func single(_ formula: Formula) {
        switch formula {
        case .row(let items) where items.count != 1: wrap("mrow") { $0.row(items) }
        case .row(let items): single(items[0])
        case .fenced, .styled: wrap("mrow") { $0.write(formula, leading: true) }
        default: write(formula, leading: true)
        }
    }

    private mutating func wrap(_ element: String, _ attributes: String = "", _ body: (inout MathMLWriter) -> Void) {
        out += "<\(element)\(attributes)>"
        body(&self)
        out += "</\(element)>"
    }

    private mutating func write(_ formula: Formula, leading: Bool) {
        switch formula {
        case .row(let items): wrap("mrow") { $0.row(items) }
        case .identifier(let text, let upright):
            // One plain letter is italic by default; a word and the letters of the mathematical alphabets are not.
            let attribute =
                upright && text.count == 1
                && text.unicodeScalars.allSatisfy { $0.value < 0x2100 || (0x2150..<0x1D400).contains($0.value) }
            leaf("mi", text, attribute ? " mathvariant=\"normal\"" : "")
        case .number(let text): leaf("mn", text)
        case .symbol(let text, let kind): symbol(text, kind, leading: leading)
        case .delimiter(let text, let kind, let height): delimiter(text, kind, height)
        case .large(let text): leaf("mo", text, " movablelimits=\"true\"")
        case .named(let text, let limits):
            leaf("mo", text, " lspace=\"0\" rspace=\"0\"" + (limits ? " movablelimits=\"true\"" : ""))
        case .fenced(let open, let body, let close):
            wrap("mrow") { writer in
                if !open.isEmpty { writer.leaf("mo", open, " fence=\"true\" stretchy=\"true\" form=\"prefix\"") }
                writer.single(body)
                if !close.isEmpty { writer.leaf("mo", close, " fence=\"true\" stretchy=\"true\" form=\"postfix\"") }
            }
        case .fraction(let above, let below, let line):
            wrap("mfrac", line ? "" : " linethickness=\"0\"") {
                $0.single(above)
                $0.single(below)
            }
        case .root(let body, nil): wrap("msqrt") { $0.single(body) }
        case .root(let body, let index?):
            wrap("mroot") {
                $0.single(body)
                $0.single(index)
            }
        case .scripts(let base, let below, let above): scripts(base, below, above)
        case .accent("¯", let base, under: false, wide: true): wrap("mrow", " class=\"overline\"") { $0.single(base) }
        case .accent("_", let base, under: true, wide: true): wrap("mrow", " class=\"underline\"") { $0.single(base) }
        case .accent(let mark, let base, let under, let wide):
            wrap(under ? "munder" : "mover", under ? "" : " accent=\"true\"") {
                $0.single(base)
                $0.leaf("mo", mark, " stretchy=\"\(wide)\"")
            }
        case .stacked(let base, let above):
            wrap("mover") {
                $0.single(base)
                $0.single(above)
            }
        case .text(let text): leaf("mtext", Self.keepingSpaces(text))
        case .space(let width): space(width)
        case .table(let rows, let columns): table(rows, columns)
        case .styled(let body, let display):
            wrap("mstyle", " displaystyle=\"\(display)\" scriptlevel=\"0\"") { $0.row(Self.items(body)) }
        case .failure(let text): wrap("merror") { $0.leaf("mtext", text) }
        }
    }

    private mutating func leaf(_ element: String, _ text: String, _ attributes: String = "") {
        out += "<\(element)\(attributes)>\(HTML.escape(text))</\(element)>"
    }

    private mutating func space(_ width: Double) {
        out += "<mspace width=\"\(em(width, digits: 4))\"></mspace>"
    }

    /// A length as CSS reads it, with an ASCII minus.
    private func em(_ value: Double, digits: Int) -> String { String(format: "%.\(digits)fem", value) }

    private mutating func symbol(_ text: String, _ kind: Formula.Class, leading: Bool) {
        switch kind {
        case .opening: leaf("mo", text, " stretchy=\"false\" form=\"prefix\"")
        case .closing: leaf("mo", text, " stretchy=\"false\" form=\"postfix\"")
        case .binary where leading: leaf("mo", text, " form=\"prefix\"")
        case .relation: leaf("mo", text, " lspace=\"0.2778em\" rspace=\"0.2778em\" stretchy=\"false\"")
        case .punctuation: leaf("mo", text, " lspace=\"0\" rspace=\"0.1667em\"")
        case .ordinary: leaf("mo", text, " lspace=\"0\" rspace=\"0\" stretchy=\"false\"")
        case .binary, .function, .space: leaf("mo", text, " lspace=\"0.2222em\" rspace=\"0.2222em\"")
        }
    }

    private mutating func delimiter(_ text: String, _ kind: Formula.Class, _ height: Double?) {
        guard !text.isEmpty else { return }
        let space = kind == .relation ? "0.2em" : "0"
        let size = height.map { value -> String in
            let em = em(value, digits: 1)
            return " minsize=\"\(em)\" maxsize=\"\(em)\""
        }
        leaf("mo", text, " stretchy=\"true\" symmetric=\"true\" lspace=\"\(space)\" rspace=\"\(space)\"\(size ?? "")")
    }

    private mutating func scripts(_ base: Formula, _ below: Formula?, _ above: Formula?) {
        let limits = Self.takesLimits(base)
        let element: String
        switch (below != nil, above != nil) {
        case (true, true): element = limits ? "munderover" : "msubsup"
        case (true, false): element = limits ? "munder" : "msub"
        case (false, true): element = limits ? "mover" : "msup"
        case (false, false): return single(base)
        }
        wrap(element) { writer in
            writer.single(base)
            if let below { writer.single(below) }
            if let above { writer.single(above) }
        }
    }

    private static func takesLimits(_ base: Formula) -> Bool {
        switch base {
        case .large(let symbol): !["∫", "∬", "∮"].contains(symbol)
        case .named(_, let limits): limits
        case .accent(let mark, _, _, _): mark == "⏟" || mark == "⏞"
        case .row(let items) where items.count == 1: takesLimits(items[0])
        default: false
        }
    }

    private mutating func table(_ rows: [[Formula]], _ columns: Formula.Columns) {
        let name =
            switch columns {
            case .centered: "matrix"
            case .left: "cases"
            case .alternating: "aligned"
            }
        wrap("mtable", " class=\"\(name)\"" + (columns == .alternating ? " displaystyle=\"true\"" : "")) { writer in
            for row in rows {
                writer.wrap("mtr") { writer in
                    for cell in row { writer.wrap("mtd") { $0.row(Self.items(cell)) } }
                }
            }
        }
    }

    // MathML trims spaces at the ends of a text.
    private static func keepingSpaces(_ text: String) -> String {
        var text = text
        if text.first == " " { text = "\u{A0}" + text.dropFirst() }
        if text.last == " " { text = text.dropLast() + "\u{A0}" }
        return text
    }
}
