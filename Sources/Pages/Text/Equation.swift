import Chapters
import Diagnostics
import Markup
import Math

/// A formula of the text turned into markup, with what was wrong in it.
struct Equation {
    var markup: HTML
    var diagnostics: [Diagnostic]

    init(_ math: Math, display: Bool) {
        let (formula, problems) = TeXReader.read(math.tex)
        markup = MathMLWriter.write(formula, display: display)
        diagnostics = problems.map { problem in
            Diagnostic.error(problem.code.rawValue, problem.message, at: Equation.place(of: problem, in: math))
        }
    }

    /// The problem's own columns where the formula stands on one line between its dollar signs, else the whole formula.
    private static func place(of problem: TeXReader.Problem, in math: Math) -> SourceRange {
        let range = math.range
        let rest = range.end.column - range.start.column - math.tex.utf8.count
        guard range.start.line == range.end.line, rest >= 0, rest % 2 == 0, rest <= 4 else { return range }
        var start = range.start
        start.column += rest / 2 + problem.offset
        var end = start
        end.column += max(problem.length, 1)
        return SourceRange(path: range.path, start: start, end: end)
    }
}
