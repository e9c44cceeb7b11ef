import Chapters
import Diagnostics
import Imaging
import Markup

// Links and pictures that the author wrote.

extension PageWriter {
    mutating func link(_ written: String, _ title: String, _ text: [Inline], at range: SourceRange?) -> HTML {
        // Markdown makes an address that stands in a link's text a link of its own.
        guard !isInsideLink else { return inlines(text) }
        isInsideLink = true
        let content = inlines(text)
        isInsideLink = false
        let address: String
        var relation: String?
        switch destinations.link(written, from: chapter) {
        case .outside(let outside):
            address = outside
            relation = "noopener noreferrer"
        case .place(let page, let anchor): address = self.address(ofPage: page, anchor)
        case .file(let file): address = hand(out: file)
        case .nowhere(let problem):
            report(problem, at: range ?? place(of: written))
            return content
        }
        return .element("a", ["href": address, "title": title.isEmpty ? nil : title, "rel": relation], content)
    }

    private func address(ofPage page: String, _ anchor: String?) -> String {
        if page == chapter.page { return "#" + (anchor ?? PageID.text) }
        return anchor.map { page + "#" + $0 } ?? page
    }

    /// Puts a file into the report, under its own name and the mark of its content.
    private mutating func hand(out file: Attachments.File) -> String {
        let copy = Site.File.asset(file)
        figures.images.add(copy)
        return copy.path
    }

    /// - Parameter width: of the text's, in percent; nil for the picture's own.
    mutating func image(
        _ source: String, _ title: String, _ alternative: String, width: Int?, at range: SourceRange?
    ) -> HTML {
        let place = range ?? place(of: source)
        switch destinations.picture(source) {
        case .file(let file):
            do {
                return picture(
                    try Image(decoding: file.bytes, name: file.path),
                    isPhotograph: file.bytes.starts(with: [0xFF, 0xD8]),
                    title, alternative, width)
            } catch {
                report(
                    .error("damaged-picture", "the picture '\(source)' cannot be shown: \(error.problem)", at: place))
            }
        case .nowhere(let problem): report(problem, at: place)
        case .outside, .place: break
        }
        return missing(alternative.isEmpty ? source : alternative)
    }

    /// A picture as wide as the text at most, which opens in its full size.
    private mutating func picture(
        _ image: Image, isPhotograph: Bool, _ title: String, _ alternative: String, _ width: Int?
    ) -> HTML {
        // In a proof it is enough to know that it can be read.
        guard !isProof else { return .empty }
        let medium = isPhotograph ? Medium.photograph : .picture
        let shown = image.fitting(width: max(1, Self.widestPicture * (width ?? 100) / 100))
        let size = width.map { "sized width-\($0)" }
        let path = figures.file(shown, medium)
        let img = figures.img(
            path, Picture(image: shown, alternative: alternative.verbatim), title: title.isEmpty ? nil : title,
            classes: isInsideLink ? size : nil)
        if isInsideLink { return img }
        guard shown.width < image.width else { return figures.zoomable(img, path, classes: size) }
        // Not counted into the page's weight: it is fetched when it is asked for.
        return figures.zoomable(
            img, figures.images.path(of: image, medium), size: (image.width, image.height), classes: size)
    }

    /// Two pixels for each one that the column of text has.
    private static let widestPicture = 1360

    mutating func report(_ problem: Destinations.Problem, at place: SourceRange) {
        let near = problem.wanted.isEmpty ? nil : near(problem.wanted, problem.candidates)
        let hint = near.map { "; did you mean '\($0)'?" } ?? ""
        report(Diagnostic(problem.severity, problem.code, problem.message + hint, at: place))
    }

    /// What may be meant, for the first mistakes of a chapter: among thousands, looking for each costs more than it tells.
    mutating func near(_ wanted: String, _ candidates: () -> [String]) -> String? {
        guard compared < Self.mostCompared else { return nil }
        let candidates = candidates().sorted()
        compared += candidates.count
        return nearest(to: wanted, among: candidates)
    }

    private static let mostCompared = 5000
}

extension Image {
    /// The image, or a smaller one of this width.
    fileprivate func fitting(width limit: Int) -> Image {
        guard width > limit else { return self }
        return resized(width: limit, height: max(1, Int((Double(height) * Double(limit) / Double(width)).rounded())))
    }
}

extension Site.File {
    /// A file beside the chapters as the report carries it.
    static func asset(_ file: Attachments.File) -> Site.File {
        let name = file.name.unicodeScalars
        let dot = name.lastIndex(of: ".") ?? name.endIndex
        func plain(_ part: Substring.UnicodeScalarView) -> String {
            String(
                String.UnicodeScalarView(
                    part.map { scalar in
                        scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
                            ? scalar : "-"
                    }))
        }
        let stem = plain(name[..<dot].prefix(60))
        let ending = dot < name.endIndex ? "." + plain(name[name.index(after: dot)...].prefix(12)) : ""
        return Site.File(path: "assets/\(stem)-\(file.digest.hex.prefix(8))\(ending)", bytes: file.bytes)
    }
}
