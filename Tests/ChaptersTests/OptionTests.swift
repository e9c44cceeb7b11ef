import Chapters
import Diagnostics
import Testing

private enum Model: String, CaseIterable, CanonicalConvertible {
    case resnet50
    case mobilenet = "mobilenet-v2"
}

/// Options as a directive declares them.
private enum Train {
    static let data = Option.reference("data", to: ["preprocess"], "The faces to train on.")
    static let compare = Option.list(of: .reference("compare", to: ["train", "evaluate"], "Others."), default: [])
    static let model = Option<Model>.choice("model", default: .resnet50, "The backbone.")
    static let loss = Option.choice("loss", of: ["triplet", "contrastive"], default: "triplet", "The loss.")
    static let epochs = Option.integer("epochs", in: 1...1000, default: 10, unit: "epochs", "How often.")
    static let rate = Option.number("rate", in: 0...1, default: 1e-4, "The learning rate.")
    static let depths = Option.list(
        of: .integer("depths", in: 1...1000, "How many neighbours."), count: 1...3, default: [10, 20])
    static let shuffle = Option.boolean("shuffle", default: true, "Whether triplets are shuffled.")
    static let seed = Option.integer("seed", "The seed.").optional
    static let note = Option.text("note", "A remark.", role: .presentation).optional
    static let layer = Option<Model>.choice("layer", "An optional choice.").optional
    static let free = Option.number("free", "Any number.").optional
    static let sizes = Option.list(of: .number("sizes", in: 0...10, "Sizes.")).optional
    static let seeds = Option.repetition("seeds", of: 0...99, count: 1...3, default: 1, "Which, or how many.")

    static let options = Declarations(
        data, compare, model, loss, epochs, rate, depths, shuffle, seed, note, layer, free, sizes, seeds)
}

private func options(
    _ yaml: String, parameters: [String: OptionValue] = [:]
) throws -> (options: Options?, diagnostics: [Diagnostic]) {
    let fence = try #require(fences(read("```train\n" + yaml + "\n```\n").chapter.blocks).first)
    let (block, problems) = DirectiveBlock.read(fence)
    let found = try #require(block, "\(problems)")
    return Options.read(
        found, declarations: Train.options,
        parameters: parameters.mapValues { Settings.Parameter(value: $0, origin: "report.yml") })
}

@Suite struct OptionTests {
    @Test func givesValuesAndDefaults() throws {
        let read = try options(
            "id: a-1\ndata: faces\nmodel: mobilenet-v2\nepochs: 3\nrate: .5\ndepths: [1, 5]\nseed: -4\n"
                + "caption: 'x: y'\nlayer: resnet50")
        let options = try #require(read.options)
        #expect(options.id == "a-1")
        #expect(options.caption == "x: y")
        #expect(options[Train.data] == "faces")
        #expect(options[Train.compare] == [])
        #expect(options[Train.model] == .mobilenet)
        #expect(options[Train.loss] == "triplet")
        #expect(options[Train.epochs] == 3)
        #expect(options[Train.rate] == 0.5)
        #expect(options[Train.depths] == [1, 5])
        #expect(options[Train.shuffle])
        #expect(options[Train.seed] == -4)
        #expect(options[Train.note] == nil)
        #expect(options[Train.layer] == .resnet50)
        #expect(options[Train.free] == nil)
        #expect(options[Train.sizes] == nil)
        #expect(place(options.range(of: "epochs")) == "5:9-5:10")
        #expect(options.range(of: "loss") == nil)
    }

    @Test func separatesComputationFromReferencesAndPresentation() throws {
        let text = "note: n\nid: a\ncompare: [b, c]\ndata: faces\nrate: 1e-3\nsizes: [1, 2.5]"
        let options = try #require(try options(text).options)
        let computation = options.computation.map { "\($0.name)=\($0.value.written)" }
        #expect(
            computation == [
                "model=resnet50", "loss=triplet", "epochs=10", "rate=0.001", "depths=[10, 20]", "shuffle=true",
                "sizes=[1, 2.5]", "seeds=1",
            ])
        #expect(
            options.references.map { "\($0.name)=\($0.id) \($0.kinds) \(place($0.range))" } == [
                "data=faces [\"preprocess\"] 5:7-5:12", "compare=b [\"train\", \"evaluate\"] 4:11-4:12",
                "compare=c [\"train\", \"evaluate\"] 4:14-4:15",
            ])
    }

    @Test func repetitionsAreCountedOrListed() throws {
        for (written, expected) in [
            ("", .times(1)), ("\nseeds: 3", .times(3)), ("\nseeds: [7, 0]", .each([7, 0])),
        ] as [(String, Repetition)] {
            let found = try #require(options("id: x\ndata: faces" + written).options)
            #expect(found[Train.seeds] == expected)
        }
    }

    @Test func optionsGoBackToTheirDefaults() throws {
        let found = try #require(
            options("id: x\ndata: faces\nepochs: 3\nnote: hm\ndepths: [1]\nseeds: [4]").options)
        let without = found.withDefaults(for: ["epochs", "note", "seeds", "data"])
        #expect(without[Train.epochs] == 10 && without[Train.note] == nil && without[Train.seeds] == .times(1))
        #expect(without[Train.depths] == [1] && without[Train.data] == "faces" && without.id == "x")
        #expect(found.setting(Train.epochs, to: 5)[Train.epochs] == 5 && found[Train.epochs] == 3)
    }

    @Test(arguments: [
        ("epoch: 10", "4:1-4:6 unknown-option: train 'x' has no option 'epoch'; did you mean 'epochs'?"),
        (
            "banana: 10",
            "4:1-4:7 unknown-option: train 'x' has no option 'banana'; it takes id, caption, folded, data, compare, model, loss, epochs, rate, depths, shuffle, seed, note, layer, free, sizes, seeds"
        ),
        ("epochs: ten", "4:9-4:12 wrong-type: epochs expects a whole number from 1 to 1000, not 'ten'"),
        ("epochs: 1.5", "4:9-4:12 wrong-type: epochs expects a whole number from 1 to 1000, not '1.5'"),
        ("epochs: 1e3", "4:9-4:12 wrong-type: epochs expects a whole number from 1 to 1000, not '1e3'"),
        (
            "epochs: \"10\"",
            "4:9-4:13 wrong-type: epochs expects a whole number from 1 to 1000, not the text \"10\"; leave the quotes out"
        ),
        ("epochs: 1001", "4:9-4:13 out-of-bounds: epochs expects a whole number from 1 to 1000, not '1001'"),
        (
            "epochs: 99999999999999999999",
            "4:9-4:29 wrong-type: epochs expects a whole number from 1 to 1000, not '99999999999999999999'"
        ),
        ("epochs: [1]", "4:9-4:12 wrong-type: epochs expects a whole number from 1 to 1000, not a list"),
        ("epochs: {a: 1}", "4:9-4:15 wrong-type: epochs expects a whole number from 1 to 1000, not a mapping"),
        ("epochs:", "4:8-4:8 empty-option: epochs has no value; write one, or leave the line out for 10"),
        ("epochs: ~", "4:9-4:10 empty-option: epochs has no value; write one, or leave the line out for 10"),
        ("note: null", "4:7-4:11 empty-option: note has no value; write one, or leave the line out"),
        ("rate: 1.01", "4:7-4:11 out-of-bounds: rate expects a number from 0 to 1, not '1.01'"),
        ("rate: .inf", "4:7-4:11 wrong-type: rate expects a number from 0 to 1, not '.inf'"),
        ("free: fast", "4:7-4:11 wrong-type: free expects a number, not 'fast'"),
        ("free: 1e999", "4:7-4:12 wrong-type: free expects a number, not '1e999'"),
        ("seed: x", "4:7-4:8 wrong-type: seed expects a whole number, not 'x'"),
        ("shuffle: yes", "4:10-4:13 wrong-type: shuffle expects true or false, not 'yes'"),
        (
            "loss: tripet",
            "4:7-4:13 unknown-choice: loss expects one of triplet, contrastive, not 'tripet'; did you mean 'triplet'?"
        ),
        ("model: vgg", "4:8-4:11 unknown-choice: model expects one of resnet50, mobilenet-v2, not 'vgg'"),
        (
            "depths: 10",
            "4:9-4:11 wrong-type: depths expects a list of 1 to 3 whole numbers from 1 to 1000, not '10'; write [10]"
        ),
        (
            "depths: []",
            "4:9-4:11 out-of-bounds: depths expects a list of 1 to 3 whole numbers from 1 to 1000, not an empty list"
        ),
        (
            "depths: [1, 2, 3, 4]",
            "4:9-4:21 out-of-bounds: depths expects a list of 1 to 3 whole numbers from 1 to 1000, not 4"
        ),
        ("depths: [1, no]", "4:13-4:15 wrong-type: depths expects a whole number from 1 to 1000, not 'no'"),
        (
            "compare: [A b]",
            "4:11-4:14 wrong-type: compare expects the id of a directive of kind 'train' or 'evaluate', not 'A b'"
        ),
        (
            "seeds: many",
            "4:8-4:12 wrong-type: seeds expects a whole number from 1 to 3, or a list of as many whole numbers from 0 to 99, not 'many'"
        ),
        (
            "seeds: 4",
            "4:8-4:9 out-of-bounds: seeds expects a whole number from 1 to 3, or a list of as many whole numbers from 0 to 99, not '4'"
        ),
        (
            "seeds: []",
            "4:8-4:10 out-of-bounds: seeds expects a whole number from 1 to 3, or a list of as many whole numbers from 0 to 99, not an empty list"
        ),
        ("seeds: [100]", "4:9-4:12 out-of-bounds: seeds expects a whole number from 0 to 99, not '100'"),
        ("caption: [x]", "4:10-4:13 wrong-type: caption expects a text, not a list"),
    ])
    func pointsAtMistakes(line: String, expected: String) throws {
        let (found, problems) = try options("id: x\ndata: faces\n" + line)
        #expect(found == nil)
        #expect(lines(problems) == [expected])
    }

    @Test func asksForWhatIsMissing() throws {
        #expect(
            lines(try options("").diagnostics) == [
                "1:4-1:9 missing-option: train needs the option 'id', a name of lower-case letters, digits and hyphens",
                "1:4-1:9 missing-option: train needs the option 'data', the id of a directive of kind 'preprocess'",
            ])
        // The misspelt name says it already.
        #expect(
            lines(try options("id: x\ndat: faces").diagnostics) == [
                "3:1-3:4 unknown-option: train 'x' has no option 'dat'; did you mean 'data'?"
            ])
    }

    @Test(arguments: [("Ab c", "; write 'ab-c'"), ("a_b", "; write 'ab'"), ("-a", "; write 'a'"), ("Đ", "")])
    func checksTheId(id: String, hint: String) throws {
        let message = "an id consists of lower-case letters, digits and hyphens, not '\(id)'\(hint)"
        #expect(try options("id: \(id)\ndata: faces").diagnostics.map(\.message) == [message])
    }

    @Test func listsAllMistakesOfADirective() throws {
        let problems = try options("id: x\nepoch: 1\nrate: no\nshuffle: 3\nmodel: vgg").diagnostics
        #expect(
            problems.map(\.code) == ["unknown-option", "wrong-type", "wrong-type", "unknown-choice", "missing-option"])
    }
}

@Suite struct ParameterTests {
    private let parameters: [String: OptionValue] = [
        "epochs": .scalar("3", quoted: false), "name": .scalar("ResNet", quoted: true),
        "text": .scalar("7", quoted: true),
        "depths": .list([
            Located(
                .scalar("4", quoted: false),
                at: SourceRange(path: "r", start: Position(line: 1, column: 1), end: Position(line: 1, column: 2)))
        ]), "bad": .scalar("ten", quoted: false),
    ]

    @Test func keepsTheTypeOfAWholeValue() throws {
        let text =
            "id: x\ndata: faces\nepochs: ${epochs}\ndepths: ${depths}\nnote: ${name} after ${epochs} epochs\n"
            + "sizes: [1, ${epochs}]"
        let found = try #require(try options(text, parameters: parameters).options)
        #expect(found[Train.epochs] == 3)
        #expect(found[Train.depths] == [4])
        #expect(found[Train.note] == "ResNet after 3 epochs")
        #expect(found[Train.sizes] == [1, 3])
        #expect(found.usedParameters == ["depths", "epochs", "name"])
    }

    @Test func leavesQuotedTextAlone() throws {
        let found = try #require(try options("id: x\ndata: f\nnote: 'a ${epochs}'", parameters: parameters).options)
        #expect(found[Train.note] == "a ${epochs}")
        #expect(found.usedParameters.isEmpty)
    }

    @Test(arguments: [
        ("epochs: ${epoch}", "4:9-4:17 unknown-parameter: there is no parameter 'epoch'; did you mean 'epochs'?"),
        (
            "note: a ${zzz} b",
            "4:9-4:15 unknown-parameter: there is no parameter 'zzz'; known: bad, depths, epochs, name, text"
        ),
        ("note: a ${name", "4:9-4:11 malformed-parameter: '${' is not closed; write ${name}"),
        ("note: a ${depths}", "4:9-4:18 malformed-parameter: '${depths}' is a list and cannot stand inside a text"),
        ("epochs: ${bad}", "4:9-4:15 wrong-type: epochs expects a whole number from 1 to 1000, not 'ten'"),
        (
            "epochs: ${text}",
            "4:9-4:16 wrong-type: epochs expects a whole number from 1 to 1000, not the text \"7\"; leave the quotes out"
        ),
    ])
    func pointsAtMistakes(line: String, expected: String) throws {
        let (found, problems) = try options("id: x\ndata: faces\n" + line, parameters: parameters)
        #expect(found == nil)
        #expect(lines(problems) == [expected])
    }

    @Test func saysWhereAWrongValueComesFrom() throws {
        let problems = try options("id: x\ndata: faces\nepochs: ${bad}", parameters: parameters).diagnostics
        #expect(problems.first?.notes.map(\.message) == ["'${bad}' is 'ten', set by report.yml"])
    }
}

@Suite struct OptionReferenceTests {
    @Test func writesATableFromTheDeclarations() {
        let page = OptionReference.markdown(
            kind: "train", summary: "Trains a network.",
            declarations: Declarations(Train.data, Train.epochs, Train.loss, Train.seed, Train.depths))
        #expect(
            page == """
                ## `train`

                Trains a network.

                | option | expects | default | meaning |
                |---|---|---|---|
                | `data` | the id of a directive of kind 'preprocess' | required | The faces to train on. |
                | `epochs` | a whole number from 1 to 1000 (epochs) | `10` | How often. |
                | `loss` | one of triplet, contrastive | `triplet` | The loss. |
                | `seed` | a whole number | none | The seed. |
                | `depths` | a list of 1 to 3 whole numbers from 1 to 1000 | `[10, 20]` | How many neighbours. |
                | `id` | a text | required | The name of the directive, unique in the book: lower-case letters, digits and hyphens. |
                | `caption` | a text | none | The sentence below the result. |
                | `folded` | true or false | `false` | Whether only the caption is seen until a reader opens it. |

                """)
    }

    @Test func writesNumbersShortly() {
        #expect([1.0, 0.1, 1e-5, -2.5, 100000].map(shortest) == ["1", "0.1", "1e-05", "-2.5", "100000"])
    }
}
