/// The ids of what the program itself puts into a page.
///
/// They have a full stop. Ids of headings, figures, tables and equations consist of letters, digits, `-` and `_`, so that
/// the two never meet, whatever a chapter's headings say.
enum PageID {
    /// The text, where a page without a place begins.
    static let text = "page.text"
    static let contents = "page.contents"

    static func note(_ number: Int) -> String { "note.\(number)" }
    static func mention(_ number: Int) -> String { "mention.\(number)" }
}
