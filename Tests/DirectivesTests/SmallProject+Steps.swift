import Chapters
import Diagnostics
import Directives
import Execution
import Files
import Pages
import Synchronization
import TestSupport
import Testing

/// The whole line in a small project: chapters → plan → results → pages, by the functions of `likeness build`.
extension SmallProject {
    var store: Store { Store(folder: folder + "/store") }

    /// Photographs of ORL as a dataset with a folder per person.
    func addORL(people: Int, photographs: Int, as name: String) throws {
        for person in 1...people {
            for number in 1...photographs {
                try place.put(
                    Files.read("\(Repository.orl)/s\(person)/\(number).pgm"), "data/\(name)/s\(person)/\(number).pgm")
            }
        }
    }

    func plan(set: [String: String] = [:]) throws -> (loaded: Book.Loaded, plan: Plan) {
        let loaded = Book.load(contentsOf: folder + "/chapters", set: set.map { (name: $0.key, value: $0.value) })
        #expect(loaded.diagnostics.isEmpty, "\(loaded.diagnostics)")
        return (loaded, try Plan(loaded.book, directives: allDirectives, data: folder + "/data"))
    }

    /// Runs the steps without rendering.
    func run(
        set: [String: String] = [:], keepGoing: Bool = false, interruption: Interruption = Interruption(),
        tell: @escaping @Sendable (BuildEvent) -> Void = { _ in }
    ) throws -> Results {
        let executor = Executor(store: store, keepGoing: keepGoing, interruption: interruption, events: tell)
        return try executor.run(try plan(set: set).plan.steps)
    }

    func exhibits(_ results: Results) throws -> [String: Exhibit] {
        let (loaded, plan) = try plan()
        return try Directives.exhibits(of: plan, results: results, store: store, settings: loaded.book.settings)
    }

    struct Built {
        var executed: [String]
        var page: String
        var results: Results
        var exhibits: [String: Exhibit]

        func values(_ id: String) -> [String: Quotable] { exhibits[id]?.values ?? [:] }

        /// The addresses of the page's pictures.
        var pictures: [String] {
            page.split(separator: "\"").map(String.init).filter { $0.hasPrefix("images/") && !$0.contains(" ") }
        }
    }

    /// Runs, renders and publishes.
    func build(set: [String: String] = [:]) throws -> Built {
        let (loaded, plan) = try plan(set: set)
        let executed = Mutex<[String]>([])
        let results = try run(set: set) { event in
            if case .started(let position) = event {
                executed.withLock { $0.append(String(position.title.split(separator: " ")[1])) }
            }
        }
        #expect(results.failures.isEmpty, "\(results.failures)")
        let exhibits = try Directives.exhibits(
            of: plan, results: results, store: store, settings: loaded.book.settings)
        let site = try Site(
            book: loaded.book, exhibits: exhibits, directives: plan.directives,
            facts: sources(of: plan, results: results)
        ) { image, medium in
            medium == .photograph
                ? EncodedPicture(bytes: try image.jpeg(quality: 90), fileExtension: "jpg")
                : EncodedPicture(bytes: try image.png(), fileExtension: "png")
        }
        #expect(site.diagnostics.isEmpty, "\(site.diagnostics)")
        try site.publish(to: folder + "/output")
        let page = place.read("output/index.html") ?? ""
        return Built(executed: executed.withLock { $0 }, page: page, results: results, exhibits: exhibits)
    }
}

/// What the options promised of every result is true of it.
func expectPromisesKept(_ plan: Plan, _ exhibits: [String: Exhibit]) throws {
    let promises = promises(of: plan)
    for (id, exhibit) in exhibits {
        let promise = try #require(promises[id])
        #expect(promise.numbering == exhibit.numbering, "\(id)")
        for (name, value) in exhibit.values {
            #expect(promise.allows(name), "\(id).\(name)")
            if case .text = value {
                #expect(promise.texts.contains(name))
            } else {
                #expect(!promise.texts.contains(name))
            }
        }
    }
}
