/// The text of one file of a small book, as it stands in `Resources`, a file a language.
enum Template {
    /// Chapters about people.
    case photographs, vectors, evaluation, asking
    /// Chapters where nobody says whom photographs show.
    case unknown, network
    /// `report.yml` with the numbers of the directives, and where there are none.
    case settings, fewSettings

    /// The end of a chapter's name.
    var fileName: String {
        switch self {
        case .photographs, .unknown: "photographs"
        case .vectors: "vectors-and-search"
        case .network: "network"
        case .evaluation: "evaluation"
        case .asking: "asking"
        case .settings, .fewSettings: "report"
        }
    }

    /// - Parameter values: what stands in the places `{{name}}`.
    func text(in language: NewBook.Language, _ values: [String: String] = [:]) -> String {
        var rest = Substring(String(decoding: bytes(in: language), as: UTF8.self))
        var text = ""
        while let place = rest.firstMatch(of: /\{\{([a-z_]+)\}\}/) {
            text += rest[..<place.range.lowerBound]
            guard let value = values[String(place.1)] else { preconditionFailure("nothing fills \(place.0)") }
            text += value
            rest = rest[place.range.upperBound...]
        }
        return text + rest
    }

    private func bytes(in language: NewBook.Language) -> [UInt8] {
        switch (self, language) {
        case (.photographs, .en): PackageResources.photographs_en_md
        case (.photographs, .vi): PackageResources.photographs_vi_md
        case (.vectors, .en): PackageResources.vectors_en_md
        case (.vectors, .vi): PackageResources.vectors_vi_md
        case (.evaluation, .en): PackageResources.evaluation_en_md
        case (.evaluation, .vi): PackageResources.evaluation_vi_md
        case (.asking, .en): PackageResources.asking_en_md
        case (.asking, .vi): PackageResources.asking_vi_md
        case (.unknown, .en): PackageResources.unknown_en_md
        case (.unknown, .vi): PackageResources.unknown_vi_md
        case (.network, .en): PackageResources.network_en_md
        case (.network, .vi): PackageResources.network_vi_md
        case (.settings, .en): PackageResources.report_en_yml
        case (.settings, .vi): PackageResources.report_vi_yml
        case (.fewSettings, .en): PackageResources.report_few_en_yml
        case (.fewSettings, .vi): PackageResources.report_few_vi_yml
        }
    }

    /// What all are called of whom nobody says who they are.
    static func everybody(in language: NewBook.Language) -> String {
        switch language {
        case .en: "everybody"
        case .vi: "mọi người"
        }
    }

    /// Behind the name of the dataset: where it comes from.
    static func origin(of subject: NewBook.Subject, in language: NewBook.Language) -> String {
        switch (subject, language) {
        case (.photographs, .en): "in data/, a link to your folder"
        case (.photographs, .vi): "trong data/, là liên kết đến thư mục ảnh của bạn"
        case (.portraits(let people, let images), let language):
            (language == .en ? "in data/, drawn by: " : "trong data/, được vẽ bằng lệnh: ")
                + "likeness synthesize data/portraits --identities \(people) --images \(images) --seed 1"
        }
    }
}
