/// Who may ask: the server's own names, its own pages, and whoever knows the token of this run; where an access token
/// is set, who knows that.
///
/// Any page on the web can send requests to this machine; a name under somebody's control can be made to lead here.
/// So what is asked has to name one of our own hosts, and what comes from a page has to come from ours.
package struct Gate: Sendable {
    private let hosts: Set<String>
    private let port: UInt16
    /// Where the server is open to a network, under any numeric address.
    private let takesAddresses: Bool
    let token: String
    let access: AccessToken?

    /// - Parameters:
    ///   - names: of this machine, beside those that every machine has for itself.
    ///   - isOpen: whether the server listens to a network.
    ///   - access: what everybody has to know who asks for anything; nil where nobody has to.
    ///   - token: what pages have to know that change something.
    package init(
        port: UInt16, names: [String] = [], isOpen: Bool = false, access: String? = nil,
        token: String = Gate.newToken()
    ) {
        let all = ["localhost", "127.0.0.1", "[::1]"] + names.map { $0.lowercased() }
        hosts = Set(all.map { "\($0):\(port)" } + (port == 80 ? all : []))
        self.port = port
        takesAddresses = isOpen
        self.token = token
        self.access = access.map { AccessToken($0, port: port) }
    }

    /// 128 random bits.
    package static func newToken() -> String {
        var random = SystemRandomNumberGenerator()
        return [random.next() as UInt64, random.next()].map { number in
            let digits = String(number, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// A sentence for who may not; nil for who may.
    func refusal(of request: Request, _ access: Route.Access) -> String? {
        guard let host = request.value(of: "host"), isOurs(host) else {
            return "this server is not called that; ask for it under the address that it printed"
        }
        let origins = request.values(of: "origin")
        let isFromUs = origins.count == 1 && origins[0].lowercased() == "http://" + host.lowercased()
        let site = request.value(of: "sec-fetch-site")
        let isForeign = site == "cross-site" || site == "same-site"
        switch access {
        case .read:
            // Following a link is no harm; taking a part of ours into another page may be.
            guard isForeign, request.value(of: "sec-fetch-mode") != "navigate" else { return nil }
            return "pages of other sites may not read from this server"
        case .ask:
            guard isForeign || !(origins.isEmpty || isFromUs) else { return nil }
            return "pages of other sites may not ask this server"
        case .change:
            guard isFromUs, !isForeign else { return "only a page of this server may change something" }
            guard let given = request.value(of: "x-likeness-token"), Self.areSame(given, token) else {
                return "the token of this run is missing; /api/session tells it to pages of this server"
            }
            return nil
        }
    }

    private func isOurs(_ host: String) -> Bool {
        let host = host.lowercased()
        if hosts.contains(host) { return true }
        guard takesAddresses else { return false }
        let suffix = ":\(port)"
        let address = host.hasSuffix(suffix) ? host.dropLast(suffix.count) : port == 80 ? host[...] : ""
        if address.hasPrefix("["), address.hasSuffix("]") {
            return address.dropFirst().dropLast().allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
        }
        let numbers = address.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers.allSatisfy { UInt8($0) != nil }
    }

    /// Takes as long for every guess of the right length.
    static func areSame(_ given: String, _ secret: String) -> Bool {
        let (mine, theirs) = (Array(secret.utf8), Array(given.utf8))
        guard mine.count == theirs.count else { return false }
        return zip(mine, theirs).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
