/// A page of the report as the server hands it out: the same page, told that it is served, with a script that keeps it
/// up to date.
enum LivePage {
    /// - Returns: the page with one line more in its head; the very bytes where there is no head.
    static func html(_ page: [UInt8]) -> [UInt8] {
        guard let head = page.firstRange(of: Array("<head>\n".utf8)) else { return page }
        return Array(page[..<head.upperBound]) + Array(addition.utf8) + Array(page[head.upperBound...])
    }

    /// Scripts that look at the page's own elements find `likeness-server` where queries can be asked.
    private static let addition = """
        <meta name="likeness-server" content="1">
        """ + "\n"
}
