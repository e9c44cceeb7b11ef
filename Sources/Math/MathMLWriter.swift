import Foundation
import Markup

/// Writes a formula as MathML Core, the subset that browsers draw without help.
///
/// Space follows TeX: the writer sees a row's neighbours and marks signs, thin spaces after operator names and closed
/// delimiters itself, where MathML's operator dictionary would guess from the position alone.
package enum MathMLWriter {
    package static func write(_ formula: Formula, display: Bool) -> HTML {
        .element("math", ["display": display ? "block" : nil], row(items(formula)))
    }

    private static func items(_ formula: Formula) -> [Formula] {
        if case .row(let items) = formula { items } else { [formula] }
    }

    private static func row(_ items: [Formula]) -> HTML {
        var nodes: [HTML] = []
        var previous: Formula.Class?
        for (index, item) in items.enumerated() {
            let kind = item.kind
            if kind == .function, previous == .ordinary || previous == .closing { nodes.append(space(0.1667)) }
            nodes.append(node(item, leading: startsTerm(after: previous)))
            let next = index + 1 < items.count ? items[index + 1] : nil
            if kind == .function, let next, needsSpace(before: next) { nodes.append(space(0.1667)) }
            if kind != .space { previous = kind }
        }
        return .group(nodes)
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
    private static func single(_ formula: Formula) -> HTML {
        switch formula {
        case .row(let items) where items.count != 1: .element("mrow", row(items))
        case .row(let items): single(items[0])
        case .fenced, .styled: .element("mrow", node(formula, leading: true))
        default: node(formula, leading: true)
        }
    }

    private static func node(_ formula: Formula, leading: Bool) -> HTML {
        switch formula {
        case .row(let items): .element("mrow", row(items))
        case .identifier(let text, let upright): identifier(text, upright)
        case .number(let text): .element("mn", .text(text))
        case .symbol(let text, let kind): operation(text, attributes(of: kind, leading: leading))
        case .delimiter("", _, _): .empty
        case .delimiter(let text, let kind, let height): delimiter(text, kind, height)
        case .large(let text): operation(text, ["movablelimits": "true"])
        case .named(let text, let limits):
            operation(text, ["lspace": "0", "rspace": "0", "movablelimits": limits ? "true" : nil])
        case .fenced(let open, let body, let close):
            .element("mrow", fence(open, "prefix"), single(body), fence(close, "postfix"))
        case .fraction(let above, let below, let line):
            .element("mfrac", ["linethickness": line ? nil : "0"], single(above), single(below))
        case .root(let body, nil): .element("msqrt", single(body))
        case .root(let body, let index?): .element("mroot", single(body), single(index))
        case .scripts(let base, let below, let above): scripts(base, below, above)
        case .accent("¯", let base, under: false, wide: true): .element("mrow", ["class": "overline"], single(base))
        case .accent("_", let base, under: true, wide: true): .element("mrow", ["class": "underline"], single(base))
        case .accent(let mark, let base, let under, let wide):
            .element(
                under ? "munder" : "mover", ["accent": under ? nil : "true"], single(base),
                operation(mark, ["stretchy": "\(wide)"]))
        case .stacked(let base, let above): .element("mover", single(base), single(above))
        case .text(let text): .element("mtext", .text(keepingSpaces(text)))
        case .space(let width): space(width)
        case .table(let rows, let columns): table(rows, columns)
        case .styled(let body, let display):
            .element("mstyle", ["displaystyle": "\(display)", "scriptlevel": "0"], row(items(body)))
        case .failure(let text): .element("merror", .element("mtext", .text(text)))
        }
    }

    private static func identifier(_ text: String, _ upright: Bool) -> HTML {
        // One plain letter is italic by default; a word and the letters of the mathematical alphabets are not.
        let isMarked =
            upright && text.count == 1
            && text.unicodeScalars.allSatisfy { $0.value < 0x2100 || (0x2150..<0x1D400).contains($0.value) }
        return .element("mi", ["mathvariant": isMarked ? "normal" : nil], .text(text))
    }

    private static func operation(_ text: String, _ attributes: Attributes) -> HTML {
        .element("mo", attributes, .text(text))
    }

    private static func fence(_ text: String, _ form: String) -> HTML {
        text.isEmpty ? .empty : operation(text, ["fence": "true", "stretchy": "true", "form": form])
    }

    private static func space(_ width: Double) -> HTML { .element("mspace", ["width": em(width, digits: 4)]) }

    /// A length as CSS reads it, with an ASCII minus.
    private static func em(_ value: Double, digits: Int) -> String { String(format: "%.\(digits)fem", value) }

    private static func attributes(of kind: Formula.Class, leading: Bool) -> Attributes {
        switch kind {
        case .opening: ["stretchy": "false", "form": "prefix"]
        case .closing: ["stretchy": "false", "form": "postfix"]
        case .binary where leading: ["form": "prefix"]
        case .relation: ["lspace": "0.2778em", "rspace": "0.2778em", "stretchy": "false"]
        case .punctuation: ["lspace": "0", "rspace": "0.1667em"]
        case .ordinary: ["lspace": "0", "rspace": "0", "stretchy": "false"]
        case .binary, .function, .space: ["lspace": "0.2222em", "rspace": "0.2222em"]
        }
    }

    private static func delimiter(_ text: String, _ kind: Formula.Class, _ height: Double?) -> HTML {
        let space = kind == .relation ? "0.2em" : "0"
        let size = height.map { em($0, digits: 1) }
        return operation(
            text,
            [
                "stretchy": "true", "symmetric": "true", "lspace": space, "rspace": space, "minsize": size,
                "maxsize": size,
            ])
    }

    private static func scripts(_ base: Formula, _ below: Formula?, _ above: Formula?) -> HTML {
        let limits = takesLimits(base)
        let name: String
        switch (below != nil, above != nil) {
        case (true, true): name = limits ? "munderover" : "msubsup"
        case (true, false): name = limits ? "munder" : "msub"
        case (false, true): name = limits ? "mover" : "msup"
        case (false, false): return single(base)
        }
        return .element(name, single(base), below.map(single) ?? .empty, above.map(single) ?? .empty)
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

    private static func table(_ rows: [[Formula]], _ columns: Formula.Columns) -> HTML {
        let name =
            switch columns {
            case .centered: "matrix"
            case .left: "cases"
            case .alternating: "aligned"
            }
        let rows = rows.map { cells in
            HTML.element("mtr", .group(cells.map { .element("mtd", row(items($0))) }))
        }
        return .element(
            "mtable", ["class": name, "displaystyle": columns == .alternating ? "true" : nil], .group(rows))
    }

    // MathML trims spaces at the ends of a text.
    private static func keepingSpaces(_ text: String) -> String {
        var text = text
        if text.first == " " { text = "\u{A0}" + text.dropFirst() }
        if text.last == " " { text = text.dropLast() + "\u{A0}" }
        return text
    }
}
