import Directives

/// The routes of a report: its files, and the query interface beside them.
extension Routes {
    /// - Parameter names: of this machine, under which the server may be asked beside its own.
    package init(_ project: Project, port: UInt16, names: [String] = [], isOpen: Bool = false) {
        self.init(FaceSearches(project), folder: project.output, gate: Gate(port: port, names: names, isOpen: isOpen))
    }

    package init(_ searches: FaceSearches, folder: String, gate: Gate) {
        self.init(gate: gate, routes: QueryRoutes(searches, gate).table, files: StaticFiles(folder: folder))
    }

    /// The token of this run.
    package var token: String { gate.token }

    /// Methods and paths, for who compares them with what is described.
    package var paths: [(method: String, path: String)] { routes.map { ($0.method, $0.path) } }
}
