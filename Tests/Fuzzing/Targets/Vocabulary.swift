/// Everything that the page writers write: elements by name space with their attributes, and schemes of addresses.
///
/// A new element or attribute of a writer belongs here too.
package enum Vocabulary {
    package static let schemes: Set<String> = ["http", "https", "mailto"]

    static let everywhere: Set<String> = ["class", "id", "dir", "lang"]

    static let attributes: [ParsedPage.Space: [String: Set<String>]] = [
        .html: html, .svg: svg, .mathML: mathML,
    ]

    private static let html: [String: Set<String>] = [
        "html": [], "head": [], "title": [], "style": [], "meta": ["charset", "name", "content", "http-equiv"],
        "link": ["rel", "href", "hreflang"], "script": ["src", "defer", "type"], "body": ["data-search", "data-query"],
        "header": [], "main": [], "nav": ["aria-label"], "section": [], "aside": ["role"],
        "div": ["role", "aria-label", "tabindex", "data-tree", "data-said", "data-left", "data-right", "data-ask"],
        "h1": [], "h2": [], "h3": [], "h4": [], "h5": [], "h6": [], "p": [], "hr": [], "br": [], "blockquote": [],
        "ul": [], "ol": ["start"], "li": ["value"], "dl": [], "dt": [], "dd": [],
        "pre": ["tabindex"], "code": [], "em": [], "strong": [], "del": [], "sup": [],
        "a": [
            "href", "title", "rel", "aria-label", "aria-current", "data-width", "data-height", "download", "hreflang",
            "lang",
        ],
        "bdi": [],
        "span": ["role", "aria-label", "aria-hidden", "title", "tabindex", "data-source"],
        "input": ["type", "disabled", "checked"], "label": [],
        "figure": [], "figcaption": [], "details": [], "summary": [],
        "table": ["data-name"], "thead": [], "tbody": [], "tr": [],
        "th": ["scope", "colspan", "data-group"], "td": ["colspan", "data-group", "data-value"],
        "picture": [], "source": ["media", "srcset", "width", "height"],
        "img": ["src", "width", "height", "alt", "title", "loading"],
    ]

    private static let svg: [String: Set<String>] = [
        "svg": [
            "viewBox", "preserveAspectRatio", "role", "tabindex", "aria-label", "aria-hidden", "width", "height",
        ],
        "rect": ["x", "y", "width", "height", "rx", "opacity", "stroke-width"],
        "polygon": ["data-node", "points"], "circle": ["cx", "cy", "r", "opacity"],
        "path": ["transform", "d", "opacity", "stroke-width"],
        "image": ["href", "xlink:href", "x", "y", "width", "height"],
        "text": ["x", "y", "font-size", "text-anchor"], "desc": [],
    ]

    private static let mathML: [String: Set<String>] = [
        "math": ["display"], "mi": ["mathvariant"], "mn": [], "mtext": [], "mspace": ["width"],
        "mo": [
            "stretchy", "symmetric", "form", "fence", "lspace", "rspace", "movablelimits", "minsize", "maxsize",
        ],
        "mrow": [], "mfrac": ["linethickness"], "msqrt": [], "mroot": [], "merror": [],
        "msub": [], "msup": [], "msubsup": [], "munder": [], "mover": ["accent"], "munderover": [],
        "mstyle": ["displaystyle", "scriptlevel"], "mtable": ["displaystyle"], "mtr": [], "mtd": [],
    ]
}
