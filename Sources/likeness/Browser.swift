import Foundation

/// The reader's browser, for `--open`.
enum Browser {
    /// Opens a page, by its path or address, in the browser that `$BROWSER` names, or the desktop's own.
    ///
    /// - Returns: whether a browser was started; there may be none, as on a machine without a screen.
    static func open(_ path: String) -> Bool {
        guard let place = program else { return false }
        let browser = Process()
        browser.executableURL = URL(fileURLWithPath: place)
        browser.arguments = [path.hasPrefix("http://") ? path : URL(fileURLWithPath: path).absoluteString]
        browser.standardInput = FileHandle.nullDevice
        browser.standardOutput = FileHandle.nullDevice
        browser.standardError = FileHandle.nullDevice
        return (try? browser.run()) != nil
    }

    /// What opens pages: where the program is; nil where there is none.
    static var program: String? {
        let environment = ProcessInfo.processInfo.environment
        let wished = environment["BROWSER"].flatMap { $0.isEmpty ? nil : $0 }
        let hasScreen = environment["DISPLAY"] != nil || environment["WAYLAND_DISPLAY"] != nil
        return (wished ?? (hasScreen ? "xdg-open" : nil)).flatMap { found($0, environment["PATH"]) }
    }

    /// Where a program is, by its path or among the folders that are searched for programs.
    private static func found(_ program: String, _ path: String?) -> String? {
        let places =
            program.contains("/")
            ? [program] : (path ?? "/usr/bin:/bin").split(separator: ":").map { "\($0)/\(program)" }
        return places.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
