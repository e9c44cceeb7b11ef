import Faces
import NewBook
import Testing

/// Whatever people there are, the directives of a new book can do what they are asked.
@Suite struct BookNumbersTests {
    private func split(_ faces: [Int], _ numbers: BookNumbers, seed: UInt64) -> IdentitySplit {
        let identities = faces.enumerated().flatMap { person, count in Array(repeating: "p\(person)", count: count) }
        let rule = IdentitySplit.Rule(testShare: numbers.testShare, queriesPerIdentity: 1, seed: seed)
        return IdentitySplit(identities: identities, rule)
    }

    @Test(arguments: 2...40)
    func ranksFitEverySplit(people: Int) throws {
        for pattern in [[2], [3], [2, 3, 9], [5, 30, 2], [40]] {
            let faces = (0..<people).map { pattern[$0 % pattern.count] }
            let numbers = try #require(BookNumbers(faces: faces, isExact: true))
            for seed: UInt64 in 0..<5 {
                let split = split(faces, numbers, seed: seed)
                #expect(try split.gallery.count >= #require(numbers.ranks.last))
                #expect(split.queries.count >= numbers.shownQueries && !split.train.isEmpty)
            }
            #expect(numbers.ranks.first == 1 && numbers.ranks.contains { $0 >= numbers.shownRanks })
        }
    }

    @Test func ofFewPeopleAllButOneAreAskedForAndOfManyHalf() throws {
        for (people, tested) in [(2, 1), (3, 2), (10, 9), (40, 20)] {
            let faces = Array(repeating: 3, count: people)
            let numbers = try #require(BookNumbers(faces: faces, isExact: true))
            #expect(split(faces, numbers, seed: 0).queries.count == tested)
        }
    }

    @Test func oneDoesNotLookForSomebodyAlone() {
        #expect(BookNumbers(faces: [], isExact: true) == nil)
        #expect(BookNumbers(faces: [8], isExact: true) == nil)
    }
}
