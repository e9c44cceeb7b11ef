import Execution
import Networks

extension Architecture {
    /// The checkpoint below a folder of data that directives start this network from; nil where there is none.
    package func checkpoint(data: String) -> String? {
        guard case .file(let path) = BackboneWeights.find(.imagenet, for: self, data: data) else { return nil }
        return path
    }
}

extension Plan {
    /// What networks lack that are to start from ImageNet's weights: where these belong, and how they are fetched.
    func missingWeights(data: String) -> [String] {
        let wished = steps.compactMap { step -> Architecture? in
            let options = step.options
            if step.directive == Evaluate.self, options[Evaluate.weights] == .imagenet {
                return options[Evaluate.model]?.architecture
            }
            return step.directive == Train.self && options[Train.weights] == .imagenet ? options[Train.model] : nil
        }
        return Architecture.allCases.filter { wished.contains($0) && $0.checkpoint(data: data) == nil }.map {
            let name = $0.rawValue
            return
                "\($0.displayName) starts from random numbers, and results are marked so: \(data)/weights holds no \(name)-….pth; "
                + "'likeness weights fetch \(name)\(data == "data" ? "" : " --data \(data)")' fetches it"
        }
    }
}
