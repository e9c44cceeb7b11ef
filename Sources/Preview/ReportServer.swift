import Directives

/// The routes of a report: its pages, what browsers hear of them, and the query interface.
extension Routes {
    package init(_ searches: FaceSearches, _ pages: LivePages, gate: Gate) {
        self.init(gate: gate, routes: QueryRoutes(searches, gate).table + pages.routes, files: pages.answer)
    }

    /// The routes of a report that is published and stays as it is.
    package init(_ searches: FaceSearches, folder: String, gate: Gate) {
        self.init(gate: gate, routes: QueryRoutes(searches, gate).table, files: StaticFiles(folder: folder).answer)
    }

    /// The token of this run.
    package var token: String { gate.token }

    /// Methods and paths, for who compares them with what is described.
    package var paths: [(method: String, path: String)] { routes.map { ($0.method, $0.path) } }
}
