/// The style sheet and the scripts of pages, as their files are. A target of its own, built without optimisation:
/// the compiler is given 45,000 numbers, and they would hold up `Pages` for a fifth of its time.
package enum Assets {
    package static var style: String { String(decoding: PackageResources.style_css, as: UTF8.self) }
    package static var script: String { String(decoding: PackageResources.report_js, as: UTF8.self) }

    /// The script of pages on which a reader can ask for faces: its files are parts of one function, in this order.
    package static var query: String {
        let parts = [
            PackageResources.query_parts_js, PackageResources.query_answers_js, PackageResources.query_gallery_js,
            PackageResources.query_photograph_js, PackageResources.query_server_js, PackageResources.query_js,
        ]
        let text = parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
        return "(() => {\n\"use strict\";\n\n\(text)})();\n"
    }
}
