import Preview
import Testing

/// Who is answered, and who is not.
@Suite struct GateTests {
    private static let ours = [
        "127.0.0.1:8123", "localhost:8123", "LocalHost:8123", "[::1]:8123",
    ]
    private static let foreign = [
        "", "evil.example", "evil.example:8123", "127.0.0.1", "127.0.0.1:8124", "127.0.0.1:80", "localhost",
        "localhost.:8123", "localhost:8123.evil.example", "127.0.0.1.evil.example:8123", "127.0.0.1:8123:8123",
        "127.1:8123", "2130706433:8123", "0x7f.1:8123", "0.0.0.0:8123", "[::]:8123", "[::1]", "::1:8123",
        "user@127.0.0.1:8123", "127.0.0.1:08123", "127.0.0.1 :8123", " 127.0.0.1:8123", "192.168.0.7:8123",
        "localhost:8123,evil.example", "http://127.0.0.1:8123", "127.0.0.1:8123/", "１２７.0.0.1:8123",
    ]

    @Test(arguments: ours) func ourOwnNamesAreAnswered(host: String) throws {
        let response = try ServedReport.routes().answer(Request("GET", "/api/session", headers: [("Host", host)]))
        #expect(response.status == 200)
        #expect(response.value(of: "access-control-allow-origin") == nil)
    }

    @Test(arguments: foreign) func otherNamesAreNot(host: String) throws {
        for target in ["/api/session", "/", "/nothing"] {
            let response = try ServedReport.routes().answer(Request("GET", target, headers: [("Host", host)]))
            #expect(response.status == 403)
            #expect(try response.detail().contains("not called that"))
        }
    }

    /// A whole address names the host, whatever the header says.
    @Test(arguments: [
        ("http://127.0.0.1:8123", "evil.example", 200), ("HTTP://LocalHost:8123", "", 200),
        ("http://evil.example", ServedReport.host, 403), ("http://127.0.0.1:8123@evil.example", ServedReport.host, 403),
        ("http://user@127.0.0.1:8123", ServedReport.host, 403), ("http://", ServedReport.host, 403),
        ("https://127.0.0.1:8123", ServedReport.host, 400), ("file://127.0.0.1:8123", ServedReport.host, 400),
        ("//127.0.0.1:8123", ServedReport.host, 404), ("127.0.0.1:8123", ServedReport.host, 400),
    ])
    func aWholeAddressIsAnswered(address: String, host: String, status: Int) throws {
        let routes = try ServedReport.routes()
        for path in ["", "/", "?x=1", "/index.html"] {
            let response = routes.answer(Request("GET", address + path, headers: [("Host", host)]))
            #expect(response.status == status, "\(address)\(path)")
        }
        if status == 200 {
            let asked = routes.answer(Request("GET", address + "/api/session", headers: [("Host", host)]))
            #expect(try asked.object()["token"] as? String == routes.token)
        }
    }

    @Test func oneHostIsNamed() throws {
        let routes = try ServedReport.routes()
        #expect(routes.answer(Request("GET", "/")).status == 403)
        let two = [("Host", ServedReport.host), ("host", ServedReport.host)]
        #expect(routes.answer(Request("GET", "/", headers: two)).status == 403)
    }

    private static let foreignOrigins = [
        "http://evil.example", "https://127.0.0.1:8123", "http://127.0.0.1", "http://127.0.0.1:8124", "null", "",
        "http://127.0.0.1:8123.evil.example", "http://localhost:8123", "file://",
    ]

    @Test func thereAreManyOfThem() {
        #expect(Self.ours.count + Self.foreign.count + Self.foreignOrigins.count >= 40)
    }

    @Test(arguments: foreignOrigins) func pagesOfOtherSitesMayNotAsk(origin: String) throws {
        let routes = try ServedReport.routes()
        let photograph = try ServedReport.photograph()
        let asked = routes.answer(
            .own("POST", "/api/query?model=pixels", headers: [("Origin", origin)], body: photograph))
        #expect(asked.status == 403)
        let forgotten = routes.answer(
            .own("DELETE", "/api/answers/x", headers: [("Origin", origin), ("X-Likeness-Token", routes.token)]))
        #expect(forgotten.status == 403)
    }

    @Test(arguments: [("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)])
    func whatTheBrowserSaysOfTheSiteCounts(site: String, status: Int) throws {
        let routes = try ServedReport.routes()
        let header = [(name: "Sec-Fetch-Site", value: site)]
        #expect(routes.answer(.own("GET", "/index.html", headers: header)).status == status)
        // A link may be followed from anywhere.
        let navigation = header + [(name: "Sec-Fetch-Mode", value: "navigate")]
        #expect(routes.answer(.own("GET", "/index.html", headers: navigation)).status == 200)
        let asked = try routes.answer(
            .own("POST", "/api/query?model=pixels", headers: header, body: ServedReport.photograph()))
        #expect(asked.status == status)
    }

    @Test func whatChangesSomethingNeedsTheTokenAndOurOrigin() throws {
        let routes = try ServedReport.routes()
        let asked = try routes.answer(.own("POST", "/api/query?model=pixels", body: ServedReport.photograph()))
        let id = try #require(try asked.object()["id"] as? String)
        let origin = [(name: "Origin", value: "http://" + ServedReport.host)]
        func forget(_ headers: [(name: String, value: String)]) -> Int {
            routes.answer(.own("DELETE", "/api/answers/" + id, headers: headers)).status
        }
        #expect(forget([]) == 403)
        #expect(forget(origin) == 403)
        #expect(forget([("X-Likeness-Token", routes.token)]) == 403)
        for guess in ["", routes.token + "0", String(routes.token.dropLast()), String(routes.token.reversed()) + "x"] {
            #expect(forget(origin + [("X-Likeness-Token", guess)]) == 403)
        }
        #expect(routes.answer(.own("GET", "/api/answers/" + id)).status == 200)
        #expect(forget(origin + [("X-Likeness-Token", routes.token)]) == 204)
        #expect(forget(origin + [("X-Likeness-Token", routes.token)]) == 404)
        #expect(routes.answer(.own("GET", "/api/answers/" + id)).status == 404)
    }

    @Test(arguments: [
        ("192.168.0.7:8123", 200), ("[fe80::1]:8123", 200), ("box:8123", 200), ("BOX:8123", 200),
        ("127.0.0.1:8123", 200),
        ("evil.example:8123", 403), ("192.168.0.7", 403), ("192.168.0:8123", 403), ("192.168.0.256:8123", 403),
        ("192.168.0.7:8124", 403), ("[evil]:8123", 403), ("1.2.3.4.5:8123", 403),
    ])
    func anOpenServerIsAskedByNumbersAndItsName(host: String, status: Int) throws {
        let made = try ServedReport.get()
        let gate = Gate(port: 8123, names: ["box"], isOpen: true)
        let routes = Routes(made.searches, folder: made.project.output, gate: gate)
        #expect(routes.answer(Request("GET", "/api/session", headers: [("Host", host)])).status == status)
    }

    private static let secret = Gate.newToken()

    private func guarded() throws -> Routes {
        let made = try ServedReport.get()
        let gate = Gate(port: ServedReport.port, access: Self.secret)
        return Routes(made.searches, folder: made.project.output, gate: gate)
    }

    @Test func withoutTheAccessTokenNothingIsSeen() throws {
        let routes = try guarded()
        for (method, target) in routes.paths + [
            ("GET", "/"), ("GET", "/nothing"), ("HEAD", "/index.html"), ("PUT", "/"),
        ] {
            let origin = [(name: "Origin", value: "http://" + ServedReport.host)]
            let change = origin + [(name: "X-Likeness-Token", value: routes.token)]
            let response = routes.answer(.own(method, target, headers: change))
            #expect(response.status == 401, "\(method) \(target)")
            #expect(response.value(of: "www-authenticate") == "Bearer")
            #expect(response.value(of: "set-cookie") == nil)
            #expect(try response.detail().contains("access token"))
        }
        // Neither is anything read.
        let admission = routes.admit(.own("POST", "/api/query", headers: [("Content-Length", "1000")]))
        guard case .read(0) = admission else {
            Issue.record("a body is read")
            return
        }
        // Another host's name is told first.
        #expect(
            routes.answer(Request("GET", "/?access=" + Self.secret, headers: [("Host", "evil.example")])).status == 403)
    }

    @Test(arguments: [
        ("/", ""), ("/index.html", "?x=1&y=%20"), ("/api/answers/x", "?k=3"), ("//evil.example/", ""), ("/%2f%0d", ""),
    ])
    func theTokenInAnAddressIsGivenOnce(path: String, query: String) throws {
        let routes = try guarded()
        let given = "access=" + Self.secret
        for target in [
            path + (query.isEmpty ? "?" : query + "&") + given,
            path + "?" + given + (query.isEmpty ? "" : "&" + query.dropFirst()),
            path + (query.isEmpty ? "?" : query + "&") + given + "&access=other&%61ccess",
        ] {
            let response = routes.answer(.own("GET", target))
            #expect(response.status == 303 && response.value(of: "cache-control") == "no-store")
            #expect(response.value(of: "location") == "http://" + ServedReport.host + path + query)
            let cookie = try #require(response.value(of: "set-cookie"))
            #expect(cookie == "likeness-access-8123=\(Self.secret); HttpOnly; SameSite=Strict; Path=/")
            let known = String(cookie.prefix { $0 != ";" })
            let page = routes.answer(.own("GET", "/", headers: [("Cookie", "a=b; \(known); c")]))
            #expect(page.status == 200)
        }
        #expect(routes.answer(.own("HEAD", "/?" + given)).status == 303)
    }

    @Test func otherTokensAreRefused() throws {
        let routes = try guarded()
        let secret = Self.secret
        let guesses = [
            "", "x", secret + "0", String(secret.dropLast()), String(secret.reversed()) + "x",
            secret.uppercased() + "g",
            String(repeating: "0", count: secret.count), routes.token,
        ]
        for guess in guesses {
            #expect(routes.answer(.own("GET", "/?access=" + guess)).status == 401)
            for header in [
                ("Authorization", "Bearer " + guess), ("Cookie", "likeness-access-8123=" + guess),
                ("Authorization", guess), ("Cookie", guess),
            ] {
                #expect(routes.answer(.own("GET", "/", headers: [header])).status == 401, "\(header)")
            }
        }
        for header in [
            ("Authorization", "Basic " + secret), ("Authorization", secret),
            ("Cookie", "likeness-access-8124=" + secret),
            ("Cookie", "likeness-access=" + secret), ("X-Likeness-Token", secret), ("Cookie", secret),
        ] {
            #expect(routes.answer(.own("GET", "/", headers: [header])).status == 401, "\(header)")
        }
        // Only an address to be read takes it.
        #expect(routes.answer(.own("POST", "/api/query?access=" + secret)).status == 401)
        // Nor does it stand for the token of what changes something.
        let origin = [("Origin", "http://" + ServedReport.host), ("Authorization", "Bearer " + secret)]
        #expect(routes.answer(.own("DELETE", "/api/answers/x", headers: origin)).status == 403)
    }

    @Test func programsGiveTheTokenAsABearer() throws {
        let routes = try guarded()
        let bearer = [(name: "Authorization", value: "bearer " + Self.secret)]
        #expect(routes.answer(.own("GET", "/api/evaluations", headers: bearer)).status == 200)
        let asked = try routes.answer(
            .own("POST", "/api/query?model=pixels", headers: bearer, body: ServedReport.photograph()))
        #expect(asked.status == 200)
        // Where no token is set, none is asked for, and none is known.
        #expect(try ServedReport.routes().answer(.own("GET", "/?access=x")).status == 200)
    }

    @Test func everyAnswerTellsBrowsersWhatTheyMayDo() throws {
        let routes = try ServedReport.routes()
        for target in ["/", "/api/session", "/nothing", "/api/nothing", "/%zz"] {
            let response = routes.answer(.own("GET", target))
            let policy = try #require(response.value(of: "content-security-policy"))
            #expect(policy.hasPrefix("default-src 'none'"))
            #expect(!policy.contains("unsafe-inline") && !policy.contains("unsafe-eval"))
            #expect(response.value(of: "x-content-type-options") == "nosniff")
            #expect(response.value(of: "cross-origin-resource-policy") == "same-origin")
        }
    }
}
