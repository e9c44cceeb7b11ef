/// What has to be known to see anything of a server that is open to a network.
///
/// It is given once in an address, `?access=…`, which answers with a cookie and leads to the same address without it,
/// so that it stays in no history and no copied address; programs give it as `Authorization: Bearer …`. Over plain HTTP
/// whoever is between can read it, as anything else.
struct AccessToken: Sendable {
    private let secret: String
    /// Browsers send a cookie to every port of a host: each server has a name of its own for it.
    private let cookie: String

    init(_ secret: String, port: UInt16) {
        self.secret = secret
        cookie = "likeness-access-\(port)"
    }

    /// What who does not know it is told, and who gives it in the address; nil for who knows it.
    ///
    /// - Parameter request: whose host is one of ours.
    func reply(to request: Request) -> Response? {
        if ["GET", "HEAD"].contains(request.method), let (given, target) = request.taking("access") {
            guard Gate.areSame(given, secret), let host = request.value(of: "host") else { return Self.refusal }
            return Response(
                303,
                headers: [
                    ("Location", "http://" + host + target), ("Cache-Control", "no-store"),
                    ("Set-Cookie", "\(cookie)=\(secret); HttpOnly; SameSite=Strict; Path=/"),
                ])
        }
        let isKnown = (bearers(of: request) + cookies(of: request)).contains { Gate.areSame($0, secret) }
        return isKnown ? nil : Self.refusal
    }

    private static let refusal = Response.problem(
        401,
        "this server answers those who know its access token: open the address that was printed where it was started, "
            + "or send 'Authorization: Bearer' with the token", headers: [("WWW-Authenticate", "Bearer")])

    private func bearers(of request: Request) -> [String] {
        request.values(of: "authorization").compactMap { value in
            let parts = value.split(separator: " ", maxSplits: 1)
            return parts.count == 2 && parts[0].lowercased() == "bearer" ? String(parts[1]) : nil
        }
    }

    private func cookies(of request: Request) -> [String] {
        request.values(of: "cookie").flatMap { $0.split(separator: ";") }.compactMap { pair in
            let parts = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            return parts.count == 2 && parts[0] == cookie ? String(parts[1]) : nil
        }
    }
}

extension Request {
    /// The value of a parameter, and the target without it; nil where it is not given, or the query cannot be read.
    fileprivate func taking(_ name: String) -> (value: String, target: String)? {
        guard let mark = target.firstIndex(of: "?"), let value = query?.first(where: { $0.name == name })?.value else {
            return nil
        }
        let rest = target[target.index(after: mark)...].prefix { $0 != "#" }.split(separator: "&").filter { pair in
            Request("GET", "/?" + pair).query?.first?.name != name
        }
        return (value, target[..<mark] + (rest.isEmpty ? "" : "?") + rest.joined(separator: "&"))
    }
}
