import Files
import Foundation
import Preview
import TestSupport
import Testing

/// The files of the report, and nothing else, whatever the path says.
@Suite struct StaticFilesTests {
    private static let secret = "what lies beside the report"

    /// A folder with a report in it, links out of it, a pipe, and secrets around it.
    private func site() throws -> (folder: TemporaryFolder, routes: Routes) {
        let folder = try TemporaryFolder([
            "secret.txt": Self.secret, "out/index.html": "<p style=\"--a: 1\">first</p>", "out/style.css": "p {}",
            "out/images/a b.png": "png", "out/.hidden": Self.secret, "out/.git/config": Self.secret,
            "out/deep/er/page.html": "deep", "output/secret.txt": Self.secret, "out/ü.txt": "umlaut",
        ])
        try folder.link("out/link.txt", to: "../secret.txt")
        try folder.link("out/absolute", to: folder.path + "/secret.txt")
        try folder.link("out/up", to: "..")
        try folder.link("out/root", to: "/")
        try folder.link("out/inner.css", to: "style.css")
        try folder.link("out/loop", to: "loop")
        #expect(mkfifo(folder.path + "/out/pipe", 0o644) == 0)
        let made = try ServedReport.get()
        return (folder, Routes(made.searches, folder: folder.path + "/out", gate: Gate(port: ServedReport.port)))
    }

    @Test func filesAreServedAsWhatTheyAre() throws {
        let (folder, routes) = try site()
        defer { withExtendedLifetime(folder) {} }
        for (target, type, text) in [
            ("/", "text/html; charset=utf-8", "<p style=\"--a: 1\">first</p>"),
            ("/index.html?x=1", "text/html; charset=utf-8", "<p style=\"--a: 1\">first</p>"),
            ("/style.css", "text/css; charset=utf-8", "p {}"), ("/images/a%20b.png", "image/png", "png"),
            ("/deep/er/page.html", "text/html; charset=utf-8", "deep"),
            ("/%C3%BC.txt", "text/plain; charset=utf-8", "umlaut"),
        ] {
            let response = routes.answer(.own("GET", target))
            #expect(response.status == 200 && response.text == text)
            #expect(response.value(of: "content-type") == type)
            #expect(response.value(of: "cache-control") == "no-cache")
            let tag = try #require(response.value(of: "etag"))
            for known in [tag, "*", "W/" + tag, "\"other\", \(tag)", "\"other\",\(tag) "] {
                let again = routes.answer(.own("GET", target, headers: [("If-None-Match", known)]))
                #expect(again.status == 304 && again.value(of: "etag") == tag, "\(known)")
                #expect(again.value(of: "content-type") == nil)
            }
            for other in ["", "\"other\"", String(tag.dropLast()), tag + "x", "x" + tag, tag.uppercased() + "y"] {
                let again = routes.answer(.own("GET", target, headers: [("If-None-Match", other)]))
                #expect(again.status == 200, "\(other)")
            }
        }
    }

    @Test func aPagesOwnSizesAreLetInAndNothingElse() throws {
        let (folder, routes) = try site()
        defer { withExtendedLifetime(folder) {} }
        let policy = try #require(routes.answer(.own("GET", "/")).value(of: "content-security-policy"))
        // printf '%s' '--a: 1' | openssl dgst -sha256 -binary | base64
        let digest = Data(Digest(of: Array("--a: 1".utf8)).bytes).base64EncodedString()
        #expect(policy.contains("style-src-attr 'unsafe-hashes' 'sha256-\(digest)';"))
        #expect(policy.contains("script-src 'self';"))
    }

    /// Ways out of the folder, and what is no file of the report.
    private func waysOut(of folder: String) -> [String] {
        let ups = [
            "..", "%2e%2e", "%2E.", ".%2e", "..%2f", "..%5c", "..\\", "....", "..;", "%252e%252e", "..%00",
            "%c0%ae%c0%ae", "．．",
        ]
        let ends = [
            "secret.txt", "/secret.txt", "%2fsecret.txt", "secret.txt%00.png", "out/../secret.txt", "./secret.txt",
            "output/secret.txt", "etc/passwd",
        ]
        var paths: Set<String> = []
        for up in ups {
            for end in ends {
                for depth in 1...3 {
                    paths.insert("/" + Array(repeating: up, count: depth).joined(separator: "/") + "/" + end)
                }
                paths.insert("/images/" + up + "/" + up + "/" + end)
            }
        }
        let plain = folder.dropFirst()
        for path in [
            "/link.txt", "/absolute", "/up/secret.txt", "/up", "/root/etc/passwd",
            "/root" + folder + "/secret.txt",
            "/inner.css", "/loop", "/pipe", "/.hidden", "/%2ehidden", "/.git/config", "/.likeness-site.json", "/images",
            "/images/", "/deep/er", "//" + plain + "/secret.txt", folder + "/secret.txt", "//etc/passwd",
            "/index.html/", "/index.html/x", "/index.html%00", "/%00", "/%", "/%2", "/%zz", "/%ff", "secret.txt",
            "http://127.0.0.1:8123/secret.txt", "*", "", "/./index.html", "/images/../index.html", "/%2f",
            "/a%2f..%2findex.html",
            "/" + String(repeating: "a", count: 5000), "/" + String(repeating: "../", count: 2000) + "etc/passwd",
            "/api", "/api/", "/api/../index.html", "/api/evaluations/", "/%61pi/%6eothing",
            "/index.html\\..\\..\\secret.txt",
        ] { paths.insert(path) }
        return paths.sorted()
    }

    @Test func noPathLeadsOut() throws {
        let (folder, routes) = try site()
        defer { withExtendedLifetime(folder) {} }
        #expect(routes.answer(.own("GET", "/index.html")).status == 200)
        let paths = waysOut(of: folder.path)
        #expect(paths.count >= 300)
        for path in paths {
            for method in ["GET", "HEAD"] {
                let response = routes.answer(.own(method, path))
                #expect((400..<500).contains(response.status), "\(path)")
                #expect(!response.text.contains(Self.secret) && !response.text.contains("root:"), "\(path)")
            }
        }
    }

    /// The same as a connection brings them.
    @Test func noPathLeadsOutOverTheWire() throws {
        let (folder, _) = try site()
        defer { withExtendedLifetime(folder) {} }
        let searches = try ServedReport.get().searches
        let server = try HTTPServer { port in
            Routes(searches, folder: folder.path + "/out", gate: Gate(port: port))
        }
        defer { server.stop() }
        for path in waysOut(of: folder.path) {
            let connection = try Connection(server.port)
            try connection.send("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n\r\n")
            // What is no request at all ends its connection.
            guard let answer = try connection.answerIfAny() else { continue }
            #expect((400..<500).contains(answer.status), "\(path)")
            let text = String(decoding: answer.body, as: UTF8.self)
            #expect(!text.contains(Self.secret) && !text.contains("root:"), "\(path)")
        }
        let connection = try Connection(server.port)
        try connection.send("GET / HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n\r\n")
        #expect(try connection.answer().status == 200)
    }

    @Test func aReportThatIsNotThereSaysSo() throws {
        let made = try ServedReport.get()
        let routes = Routes(made.searches, folder: "/nowhere/at/all", gate: Gate(port: ServedReport.port))
        let response = routes.answer(.own("GET", "/"))
        #expect(response.status == 404)
        #expect(try response.detail().contains("'likeness build' makes one"))
    }

    @Test(arguments: ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "BREW"])
    func otherMethodsAreRefused(method: String) throws {
        let routes = try ServedReport.routes()
        for target in ["/", "/index.html", "/api/evaluations", "/api/session"] {
            let response = routes.answer(.own(method, target))
            #expect(response.status == 405)
            #expect(response.value(of: "allow") == "GET, HEAD")
        }
        #expect(routes.answer(.own(method == "POST" ? "GET" : method, "/api/query")).value(of: "allow") == "POST")
    }
}
