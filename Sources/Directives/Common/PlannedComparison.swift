import Chapters
import Diagnostics
import Execution
import Faces

// What is known of evaluations before anything runs: whether they can be compared.

extension PlanningContext {
    /// The options of the `preprocess` that an evaluation or a training names.
    func preprocessing(of options: Options, _ data: Option<DirectiveID>) -> Options? {
        self.options(of: options[data], as: Preprocess.self)
    }

    /// Why two evaluations cannot have measured the same, as far as their options tell; nil where they may.
    func difference(between first: Options, and second: Options) -> (code: String, sentence: String)? {
        guard first[Evaluate.k].sorted() == second[Evaluate.k].sorted() else {
            return (code: "other-ranks", sentence: "measured at other values of k; give both the same list")
        }
        guard let one = preprocessing(of: first, Evaluate.data), let other = preprocessing(of: second, Evaluate.data),
            one[Preprocess.dataset] != other[Preprocess.dataset]
        else { return nil }
        return (
            code: "other-faces",
            sentence:
                "measured on another dataset, '\(other[Preprocess.dataset])' instead of '\(one[Preprocess.dataset])'"
        )
    }

    /// Tells of options that are given and do nothing beside the others.
    mutating func reportIdle<each Value>(_ idle: repeat Option<each Value>, of options: Options, _ reason: String) {
        for option in repeat each idle {
            guard let range = options.range(of: option) else { continue }
            report(.warning("idle-option", "'\(option.name)' does nothing here: \(reason)", at: range))
        }
    }
}

extension Options {
    /// What of a `preprocess` decides who is trained on and who is tested.
    var split: [String] {
        let deciding = [
            Preprocess.dataset.name, Preprocess.cascade.name,
            Preprocess.scaleFactor.name, Preprocess.minNeighbors.name,
            Preprocess.minSize.name, Preprocess.retry.name,
            Preprocess.test.name, Preprocess.seed.name,
        ]
        return all.filter { deciding.contains($0.name) }.map { "\($0.name) \($0.value.keyText)" }
    }
}

extension FaceSet {
    /// Whether the same photographs ask and answer in both.
    func isTested(as other: FaceSet) -> Bool {
        func photographs(_ set: FaceSet, _ faces: [Int]) -> [String] { faces.map { set.faces[$0].path } }
        return dataset == other.dataset && photographs(self, queries) == photographs(other, other.queries)
            && photographs(self, gallery) == photographs(other, other.gallery)
    }
}
