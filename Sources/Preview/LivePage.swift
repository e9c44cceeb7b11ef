/// A page of the report as the server hands it out: the same page, with a script that keeps it up to date.
enum LivePage {
    /// - Parameter tag: tells this state of the page from every other one.
    /// - Returns: the page with a few lines more in its head; the very bytes where there is no head.
    static func html(_ page: [UInt8], tag: String) -> [UInt8] {
        guard let head = page.firstRange(of: Array("<head>\n".utf8)) else { return page }
        return Array(page[..<head.upperBound]) + Array(addition(tag).utf8) + Array(page[head.upperBound...])
    }

    /// What stands where there is no page yet: it is read anew as soon as there is one.
    static let waiting = shell("<p>The report is being read. This page fills by itself.</p>")

    /// What stands where the report has no such page.
    static let missing = shell("<p>The report has no such page. <a href=\"/\">The first page</a></p>")

    private static func shell(_ text: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        \(addition(""))<meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Likeness</title>
        </head>
        <body><main class="likeness-waiting">\(text)</main></body>
        </html>

        """
    }

    /// Scripts that look at the page's own elements find `likeness-server` where queries can be asked.
    private static func addition(_ tag: String) -> String {
        """
        <meta name="likeness-server" content="\(tag)">
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="/api/preview.css">
        <script src="/api/preview.js" defer></script>

        """
    }
}
