import Faces
import Files
import NewBook
import TestSupport
import Testing

/// What is found in folders of photographs.
@Suite struct SurveyTests {
    private let cascade = "/usr/share/opencv4/haarcascades/haarcascade_frontalface_default.xml"

    /// A folder of photographs of drawn people, of a person each, or all in one.
    private func photographs(_ names: (Int) -> String) throws -> TemporaryFolder {
        let project = try SmallProject()
        let folder = TemporaryFolder()
        let drawn = try Dataset(contentsOf: project.folder + "/data/small")
        for (index, photograph) in drawn.photographs.enumerated() {
            let bytes = try Files.read("\(drawn.folder)/\(photograph.path)")
            try folder.put(bytes, names((Int(photograph.identity) ?? 0)) + "\(index).jpg")
        }
        return folder
    }

    @Test func facesOfPeopleAreCounted() throws {
        let folder = try photographs { "person \($0)/" }
        defer { withExtendedLifetime(folder) {} }
        try folder.put([1, 2, 3], "person 1/broken.jpg")
        guard case .people(let dataset) = try PhotographFolder(folder.path) else { throw SurveyProblem() }
        let survey = try FaceSurvey(dataset, cascade: cascade)
        #expect(survey.isExact && survey.looked == 25)
        #expect(survey.single + survey.several + survey.none == 24)
        #expect(survey.faces.reduce(0, +) <= survey.single && survey.faces.allSatisfy { $0 >= 2 })
        #expect(survey.single > 12 && survey.setting.minSize == 0)
        #expect(survey.summary.contains("exactly one face in \(survey.single) of 25"))
        #expect(survey.summary.contains("in 1 nothing new or readable"))
    }

    /// Of many photographs some are looked at, and the others are expected to be like them.
    @Test func aSampleStandsForAll() throws {
        let folder = try photographs { "\($0)/" }
        defer { withExtendedLifetime(folder) {} }
        guard case .people(let dataset) = try PhotographFolder(folder.path) else { throw SurveyProblem() }
        let survey = try FaceSurvey(dataset, cascade: cascade, most: 8)
        #expect(!survey.isExact && survey.looked == 8)
        #expect(survey.faces.count <= 6 && survey.faces.reduce(0, +) <= 24)
        #expect(survey.summary.contains("of 8 that were looked at"))
    }

    @Test func looksAtWhatIsThere() throws {
        let folder = try photographs { "\($0)/" }
        let people = try PhotographFolder(folder.path)
        #expect(people.summary == "24 photographs of 6 people, a folder each")
        let project = try SmallProject()
        let drawn = try PhotographFolder(project.folder + "/data/small")
        #expect(drawn.summary == "CelebA's lists, 24 photographs of 6 people, 40 attributes")
        let loose = try photographs { _ in "" }
        defer { withExtendedLifetime((folder, loose)) {} }
        try loose.put([0], "telephone.heic")
        let found = try PhotographFolder(loose.path).summary
        #expect(found.contains("24 lie outside") && found.contains("1 file ends in .heic, which is not read"))
    }

    @Test(arguments: ["", "notes.txt", "telephone.heic"])
    func aFolderWithoutPhotographsIsRefused(name: String) throws {
        let folder = TemporaryFolder()
        if !name.isEmpty { try folder.put([0], name) }
        #expect(throws: DatasetError.self) { try PhotographFolder(folder.path) }
    }

    private struct SurveyProblem: Error {}
}
