import Foundation
import Pages
import Testing

@Suite struct PhraseTests {
    private let vietnamese = Language.of("vi")

    @Test func aLiteralIsLookedUpWithItsValuesApart() {
        func said() -> Phrase {
            let count = Numeral.count(1061)
            return "\(count) results"
        }
        #expect(said().text == "1,061 results")
        #expect(vietnamese.speaking { said().text } == "1.061 kết quả")
        #expect(Language.of("vi-VN").speaking { said().text } == "1.061 kết quả")
        // A language without words is English.
        #expect(Language.of("xx").speaking { said().text } == "1,061 results")
    }

    @Test func phrasesWithinPhrasesAreSaidToo() {
        let text = vietnamese.speaking { () -> String in
            let name: Phrase = "raw pixels"
            return ("\(name) before" as Phrase).text
        }
        #expect(!text.contains("raw") && !text.contains("before"), "\(text)")
    }

    @Test func whatSomebodyNamedStays() {
        #expect(vietnamese.speaking { "before".verbatim.text } == "before")
        let unknown = vietnamese.speaking { Phrase(key: "s1/{0}.pgm").text }
        #expect(unknown == "s1/{0}.pgm")
    }

    @Test func numbersAreWrittenAsTheLanguageDoes() {
        vietnamese.speaking {
            #expect(Numeral.fixed(-12345.678, digits: 1, grouped: true) == "−12.345,7")
            #expect(Numeral.count(1_234_567) == "1.234.567")
            #expect(Numeral.signed(0.5, digits: 2) == "+0,50")
        }
        #expect(Numeral.fixed(-12345.678, digits: 1, grouped: true) == "−12,345.7")
        #expect(Numeral.signed(-0.5, digits: 2) == "−0.50")
    }

    @Test func aKeptPhraseIsSaidInTheLanguageOfThePage() throws {
        let kept: KeptPhrase = "own people \(Numeral.fixed(0.125, digits: 3)) × as far"
        let stored = try JSONDecoder().decode(KeptPhrase.self, from: JSONEncoder().encode(kept))
        #expect(stored.phrase.text == "own people 0.125 × as far")
        let text = vietnamese.speaking { stored.phrase.text }
        #expect(text.contains("0,125") && !text.contains("own people"), "\(text)")
        let plain = try JSONDecoder().decode(KeptPhrase.self, from: Data(#""its nearest face""#.utf8))
        #expect(plain.phrase.text == "its nearest face")
    }

    /// Every value of a phrase has its place in the translation, and no other.
    @Test func translationsHaveThePlacesOfTheirKeys() {
        func places(_ text: String) -> Set<String> { Set(text.matches(of: /\{\d+\}/).map { String($0.output) }) }
        #expect(vietnamese.keys.count > 400)
        for key in vietnamese.keys {
            let words = vietnamese.speaking { Phrase(key: key).text }
            #expect(places(words) == places(key), "\(key)")
            #expect(!words.isEmpty && words.first?.isWhitespace == key.first?.isWhitespace, "\(key)")
        }
    }
}
