import Diagnostics

/// The report's source as one value: settings and chapters, every construct with its place in the text.
///
/// A book knows no directive by name. A fence is a `Fence`; whether it is a directive is decided by `Plan`.
package struct Book: Sendable {
    package var settings: Settings
    /// In reading order: by file name.
    package var chapters: [Chapter]

    package init(settings: Settings, chapters: [Chapter]) {
        self.settings = settings
        self.chapters = chapters
    }
}

/// One Markdown file.
package struct Chapter: Sendable {
    /// As the reader of a message should see it: `chapters/03-models.md`.
    package var path: String
    /// The page's name: the file name without number prefix and extension; `index` for the first chapter.
    package var slug: String
    /// The front matter's title, the text of the first level-1 heading, or the file name.
    package var title: Prose
    /// The file's text, for excerpts in messages.
    package var source: String
    /// Everything below (and with) the first heading, in order.
    package var blocks: [Block]
    /// Footnote definitions by label, in the order of first use.
    package var footnotes: [Footnote]
    /// What looks like a fence where Markdown reads none, in the order of the text.
    package var buried: [BuriedFence] = []
    /// Values, parameters and references in blocks of raw HTML, which nothing reads.
    package var unread: [Located<String>] = []

    /// The name of its file: `03-models.md`.
    package var file: String { path.utf8.split(separator: UInt8(ascii: "/")).last.flatMap { String($0) } ?? path }

    package init(
        path: String, slug: String, title: Prose, source: String, blocks: [Block], footnotes: [Footnote] = []
    ) {
        self.path = path
        self.slug = slug
        self.title = title
        self.source = source
        self.blocks = blocks
        self.footnotes = footnotes
    }
}

package struct Footnote: Sendable {
    package var label: String
    package var blocks: [Block]

    package init(label: String, blocks: [Block]) {
        self.label = label
        self.blocks = blocks
    }
}

/// A block of a chapter.
package indirect enum Block: Sendable {
    /// `id` is the anchor: from `{#sec-name}` or made from the text; unique within the chapter.
    case heading(level: Int, text: [Inline], id: String, range: SourceRange)
    case paragraph([Inline])
    case list(List)
    case quote([Block])
    /// A quote that begins with `[!NOTE]`.
    case callout(Callout)
    case fence(Fence)
    case table(TextTable)
    /// `![…](photo.jpg){#fig-name}` alone in its paragraph.
    case figure(TextFigure)
    /// `$$ … $$ {#eq-name}`
    case math(Math, label: String?)
    case rule
    /// Raw HTML as written; pages escape it unless the book is trusted.
    case html(String)
}

package struct List: Sendable {
    package var start: Int?  // nil: bulleted
    package var tight: Bool
    package var items: [Item]

    package struct Item: Sendable {
        package var blocks: [Block]
        package var task: Bool?  // nil: no check box

        package init(blocks: [Block], task: Bool? = nil) {
            self.blocks = blocks
            self.task = task
        }
    }

    package init(start: Int?, tight: Bool, items: [Item]) {
        self.start = start
        self.tight = tight
        self.items = items
    }
}

/// A box set apart from the text, as GitHub writes it: a quote whose first line is `[!NOTE]`.
package struct Callout: Sendable {
    package enum Kind: String, Sendable, CaseIterable { case note, tip, important, warning, caution, question }

    package var kind: Kind
    /// What stands behind the marker in its line; empty where the kind's own word is the title.
    package var title: [Inline]
    package var blocks: [Block]
    /// Of a question: what is shown when a reader asks for it.
    package var answer: [Block]

    package init(kind: Kind, title: [Inline] = [], blocks: [Block], answer: [Block] = []) {
        self.kind = kind
        self.title = title
        self.blocks = blocks
        self.answer = answer
    }
}

/// A table written in the text (GFM pipes).
package struct TextTable: Sendable {
    package enum Alignment: Sendable { case natural, left, center, right }

    package var alignments: [Alignment]
    package var header: [[Inline]]
    package var rows: [[[Inline]]]
    /// The paragraph beside it that begins with `Table: `.
    package var caption: [Inline]
    /// What follows `tbl-` in the label at the caption's end; the table has a number then.
    package var label: Located<String>?

    package init(
        alignments: [Alignment], header: [[Inline]], rows: [[[Inline]]], caption: [Inline] = [],
        label: Located<String>? = nil
    ) {
        self.alignments = alignments
        self.header = header
        self.rows = rows
        self.caption = caption
        self.label = label
    }
}

/// A picture of the author's own with a number.
package struct TextFigure: Sendable {
    /// What follows `fig-` in its label.
    package var label: Located<String>
    package var source: String
    package var title: String
    package var caption: Prose
    /// Of the text's width, in percent.
    package var width: Int?
    package var range: SourceRange?

    package init(
        label: Located<String>, source: String, title: String = "", caption: Prose, width: Int? = nil,
        range: SourceRange? = nil
    ) {
        self.label = label
        self.source = source
        self.title = title
        self.caption = caption
        self.width = width
        self.range = range
    }

    /// The picture alone.
    package var picture: Inline {
        .image(source: source, title: title, alternative: caption, width: width, range: range)
    }
}

/// A fenced code block: a directive's carrier, or code.
package struct Fence: Sendable {
    /// The whole info string, trimmed: `train`, `swift`, `train nope`.
    package var info: String
    package var infoRange: SourceRange
    /// The lines between the fences, as written.
    package var body: String
    /// Where the body's first character stands; further lines start at `bodyStart.column` (an indented fence).
    package var bodyStart: Position
    /// The column at which each line of the body starts, where that is known better than by `bodyStart`; less than 1
    /// where the body has blanks instead of a part of a tab.
    package var bodyColumns: [Int]
    /// From the opening to the closing fence.
    package var range: SourceRange

    package init(
        info: String, infoRange: SourceRange, body: String, bodyStart: Position, range: SourceRange,
        bodyColumns: [Int] = []
    ) {
        self.info = info
        self.infoRange = infoRange
        self.body = body
        self.bodyStart = bodyStart
        self.range = range
        self.bodyColumns = bodyColumns
    }
}

/// The opening line of a fence that is not read as one, because of what it stands in.
package struct BuriedFence: Sendable {
    package enum Container: Sendable {
        /// `<!-- … -->`
        case comment
        /// `<pre>`, `<script>`, `<style>`, `<textarea>`: nothing in them is Markdown.
        case verbatim
        /// Any other HTML, which lasts until an empty line.
        case html
        /// Four blanks or more before the line make it code.
        case indentation
        /// The lines go on a paragraph, or fewer than three backticks open them.
        case paragraph
    }

    package var info: String
    package var range: SourceRange
    package var container: Container
    /// The line at which the container begins.
    package var start: Position

    package init(info: String, range: SourceRange, container: Container, start: Position) {
        self.info = info
        self.range = range
        self.container = container
        self.start = start
    }
}

/// A piece of running text.
package indirect enum Inline: Sendable {
    case text(String)
    case code(String)
    case emphasis([Inline])
    case strong([Inline])
    case strikethrough([Inline])
    /// `range` is where the address is written, or the line that holds the link.
    case link(destination: String, title: String, text: [Inline], range: SourceRange? = nil)
    /// `width` is in percent of the text's.
    case image(source: String, title: String, alternative: Prose, width: Int? = nil, range: SourceRange? = nil)
    case softBreak
    case lineBreak
    /// `$ … $`
    case math(Math)
    /// `` `=resnet50-tuned.top10.accuracy .1%` ``
    case value(ValueReference)
    /// `@fig-loss`
    case reference(CrossReference)
    case footnote(label: String)
    case html(String)
}

/// A formula as written, without its dollar signs.
package struct Math: Sendable, Hashable {
    package var tex: String
    package var range: SourceRange

    package init(tex: String, range: SourceRange) {
        self.tex = tex
        self.range = range
    }
}

/// A result quoted in prose: the directive's id, the path of the value in it, an optional format.
package struct ValueReference: Sendable, Hashable {
    package var id: String
    package var path: [String]
    /// Python's and D3's: `.3f`, `.1%`, `,d`; nil lets the value decide.
    package var format: String?
    package var range: SourceRange

    package init(id: String, path: [String], format: String?, range: SourceRange) {
        self.id = id
        self.path = path
        self.format = format
        self.range = range
    }
}

/// `@fig-…`, `@tbl-…`, `@eq-…`, `@sec-…`, after Quarto.
package struct CrossReference: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        case figure = "fig"
        case table = "tbl"
        case equation = "eq"
        case section = "sec"
        case claim = "claim"
    }

    package var kind: Kind
    /// The label without its prefix: `loss` of `@fig-loss`.
    package var target: String
    package var range: SourceRange
    /// What stands in the text where it is only nearly a reference, such as `@Fig-loss`; it stays there.
    package var written: String?

    package init(kind: Kind, target: String, range: SourceRange, written: String? = nil) {
        self.kind = kind
        self.target = target
        self.range = range
        self.written = written
    }
}

/// `report.yml`, with the profile and `--set` already applied.
package struct Settings: Sendable {
    package var title: Prose
    package var subtitle: Prose?
    package var authors: [Prose]
    package var date: Prose?
    package var language: String
    /// The languages into which the book is translated: a folder each, beside the chapters.
    package var translations: [String] = []
    /// Raw HTML in chapters is passed through only when true.
    package var trust: Bool
    /// The name of the profile in force, nil when the book has none.
    package var profile: String?
    /// Whether the profile in force computes less than the report should.
    package var reduced: Bool
    /// Values for `${name}`, each with the place it came from where that is a file.
    package var parameters: [String: Parameter]
    /// False where `report.yml` could not be read: then no parameter can be called unknown.
    package var areParametersKnown = true

    package struct Parameter: Sendable {
        package var value: OptionValue
        /// `report.yml`, `profile quick`, `--set`.
        package var origin: String
        /// Whether a reduced profile gave it: what uses it is marked wherever it appears.
        package var isReduced: Bool

        package init(value: OptionValue, origin: String, isReduced: Bool = false) {
            self.value = value
            self.origin = origin
            self.isReduced = isReduced
        }
    }

    package init(
        title: Prose, subtitle: Prose? = nil, authors: [Prose] = [], date: Prose? = nil, language: String = "en",
        trust: Bool = false, profile: String? = nil, reduced: Bool = false, parameters: [String: Parameter] = [:]
    ) {
        self.title = title
        self.subtitle = subtitle
        self.authors = authors
        self.date = date
        self.language = language
        self.trust = trust
        self.profile = profile
        self.reduced = reduced
        self.parameters = parameters
    }
}
