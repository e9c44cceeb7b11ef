import CChannels
import COneDNN

/// The nonlinearity after a layer: max(x, 0), or that capped at 6 (MobileNets), or none.
package enum Activation: Sendable, Hashable {
    case none, relu, relu6

    var code: onednn_activation {
        switch self {
        case .none: onednn_linear
        case .relu: onednn_relu
        case .relu6: onednn_relu6
        }
    }

    var loop: channels_activation {
        switch self {
        case .none: channels_linear
        case .relu: channels_relu
        case .relu6: channels_relu6
        }
    }
}
