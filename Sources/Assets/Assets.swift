/// The style sheet and the script of every page, as their files are. A target of its own, built without optimisation:
/// the compiler is given 45,000 numbers, and they would hold up `Pages` for a fifth of its time.
package enum Assets {
    package static var style: String { String(decoding: PackageResources.style_css, as: UTF8.self) }
    package static var script: String { String(decoding: PackageResources.report_js, as: UTF8.self) }
}
