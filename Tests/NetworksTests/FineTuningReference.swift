/// Five fine-tuning steps in PyTorch; written by Fixtures/fine_tuning.py.
struct FineTuningReference: Sendable {
    /// A tensor after the steps: its mean, its mean change in absolute value, and values spread over it.
    struct After: Sendable {
        let name: String
        let mean: Double
        let change: Double
        let values: [Float]
    }

    let trainedLayers: Int
    let learningRate: Double
    let losses: [Double]
    let positiveDistances: [Double]
    let negativeDistances: [Double]
    let changedTensors: Int
    let after: [After]
    /// Of the first image, in eval mode.
    let embedding: [Float]

    static let mobilenetV2 = FineTuningReference(
        trainedLayers: 10, learningRate: 3e-05,
        losses: [0.9532111, 0.7261081, 0.5140887, 0.3188052, 0.1403748],
        positiveDistances: [0.9641562, 0.8500643, 0.7509825, 0.6698109, 0.6061269],
        negativeDistances: [1.010945, 1.123956, 1.236894, 1.351006, 1.465752],
        changedTensors: 54,
        after: [
            After(
                name: "features.15.conv.0.0.weight", mean: 0.000235013756, change: 0.0001287236,
                values: [0.1134759, -0.02740518, -0.01965746, 0.1431262]),
            After(
                name: "features.15.conv.0.1.weight", mean: 0.999965564, change: 9.828893e-05,
                values: [0.9998752, 0.9998972, 0.9999653, 0.9998762]),
            After(
                name: "features.15.conv.0.1.bias", mean: -6.10879472e-06, change: 0.0001280761,
                values: [0.0001366391, 9.773064e-05, 0.000150138, -0.0001494397]),
            After(
                name: "features.16.conv.3.weight", mean: 1.00000837, change: 0.0001251694,
                values: [1.000149, 0.9998509, 0.999856, 1.00011]),
            After(
                name: "features.16.conv.3.running_mean", mean: 0.00572120457, change: 0.4274291,
                values: [1.090429, -0.3503701, -0.1663655, 0.008942964]),
            After(
                name: "features.16.conv.3.running_var", mean: 2.23973218, change: 1.239732,
                values: [1.960239, 2.21999, 1.34079, 3.477214]),
            After(
                name: "features.17.conv.0.0.weight", mean: 3.032298e-05, change: 0.0001305234,
                values: [-0.09710574, -0.09129964, -0.05803035, -0.07589186]),
            After(
                name: "features.17.conv.0.1.weight", mean: 0.999961935, change: 9.979339e-05,
                values: [0.9998566, 0.9998562, 1.000057, 1.000137]),
            After(
                name: "features.17.conv.3.running_var", mean: 1.44947459, change: 0.4508587,
                values: [1.492538, 1.369887, 1.17984, 1.491035]),
            After(
                name: "features.18.0.weight", mean: -1.51515167e-05, change: 0.0001319749,
                values: [-0.02252724, -0.01295694, 0.04558967, -0.06101021]),
            After(
                name: "features.18.1.weight", mean: 1.00001009, change: 0.00013018,
                values: [0.9998498, 0.9998508, 1.000143, 0.9998507]),
            After(
                name: "features.18.1.bias", mean: 1.06492389e-06, change: 0.0001257171,
                values: [-0.000150373, -0.0001489858, 0.0001237397, 5.95705e-05]),
            After(
                name: "features.18.1.running_var", mean: 0.800911488, change: 0.2025719,
                values: [0.7535394, 0.8804922, 0.8115883, 0.7088413]),
            After(
                name: "head.0.weight", mean: 2.8805111e-05, change: 0.0001126566,
                values: [0.01573143, -0.01540138, 0.01740307, 0.02122584]),
            After(
                name: "head.2.weight", mean: -6.78141909e-05, change: 0.0001159133,
                values: [0.08324935, 0.0617483, -0.001580292, -0.03658457]),
        ],
        embedding: [0.1437946, -0.01247617, 0.06835605, -0.153999, 0.2292999, 0.09768091, -0.1137095, 0.07488323])

    static let resnet50 = FineTuningReference(
        trainedLayers: 10, learningRate: 3e-06,
        losses: [0.9301133, 0.6311384, 0.3495347, 0.1053874, 0],
        positiveDistances: [1.61456, 1.476332, 1.353575, 1.246764, 1.157228],
        negativeDistances: [1.684447, 1.845193, 2.004041, 2.156895, 2.291737],
        changedTensors: 54,
        after: [
            After(
                name: "layer4.0.conv1.weight", mean: -7.6629271e-05, change: 1.180355e-05,
                values: [-0.03995365, 0.05125531, -0.0638322, -0.03564548]),
            After(
                name: "layer4.0.bn1.weight", mean: 1.00000012, change: 1.2081e-05,
                values: [1.000014, 1.000013, 1.000014, 1.00001]),
            After(
                name: "layer4.0.bn1.bias", mean: 1.75821473e-07, change: 1.212742e-05,
                values: [1.432872e-05, 1.366833e-05, 1.096021e-05, 1.405361e-05]),
            After(
                name: "layer4.1.bn2.bias", mean: 3.10093725e-07, change: 1.230144e-05,
                values: [1.444571e-05, -1.448548e-05, -1.29121e-05, 1.45541e-05]),
            After(
                name: "layer4.1.bn2.running_mean", mean: 0.00141605917, change: 0.107753,
                values: [-0.1039882, 0.02400989, 0.00678026, -0.1105083]),
            After(
                name: "layer4.1.bn2.running_var", mean: 0.728813587, change: 0.2725242,
                values: [0.6611237, 0.6630273, 0.6515864, 0.6910863]),
            After(
                name: "layer4.1.conv3.weight", mean: -1.68147702e-06, change: 1.2371e-05,
                values: [-0.02906107, 0.03405548, -0.05789012, -0.04166589]),
            After(
                name: "layer4.1.bn3.weight", mean: 1.00000043, change: 1.234235e-05,
                values: [0.9999857, 0.9999856, 0.9999868, 1.000013]),
            After(
                name: "layer4.2.conv3.weight", mean: 7.73528661e-07, change: 1.278802e-05,
                values: [0.01956559, 0.01547264, -0.0428488, -0.07554969]),
            After(
                name: "layer4.2.bn3.weight", mean: 1.00000031, change: 1.271599e-05,
                values: [1.000014, 0.9999862, 1.000013, 0.9999878]),
            After(
                name: "layer4.2.bn3.bias", mean: -7.05591362e-08, change: 1.231707e-05,
                values: [1.341198e-05, -1.432676e-05, 1.413912e-05, -1.37332e-05]),
            After(
                name: "layer4.2.bn3.running_mean", mean: 8.06148264e-05, change: 0.09407935,
                values: [0.1219455, -0.02474013, -0.1282431, 0.09502587]),
            After(
                name: "layer4.2.bn3.running_var", mean: 0.659122491, change: 0.3408775,
                values: [0.6460389, 0.6350607, 0.6560475, 0.6378233]),
            After(
                name: "head.0.weight", mean: -1.82344658e-05, change: 1.000384e-05,
                values: [-5.456247e-05, -0.0008385805, 0.003124231, 0.01655278]),
            After(
                name: "head.2.weight", mean: -4.93036378e-05, change: 9.909428e-06,
                values: [0.01141576, 0.07757186, -0.01225626, 0.01173185]),
        ],
        embedding: [-0.3138968, -0.752283, -0.5446941, 0.4491, -0.0441699, -0.3398867, -0.03623911, -0.8357275])

    static let resnet50Partly = FineTuningReference(
        trainedLayers: 5, learningRate: 1e-05,
        losses: [1.286874, 0.980225, 0.703254, 0.4588582, 0.2672256],
        positiveDistances: [2.833657, 2.68848, 2.558455, 2.448766, 2.355662],
        negativeDistances: [2.546783, 2.708255, 2.8552, 2.99789, 3.133749],
        changedTensors: 29,
        after: [
            After(
                name: "layer4.1.conv2.weight", mean: -8.70060198e-07, change: 2.675869e-05,
                values: [-0.0444182, -0.01196951, 0.003041141, -0.006100695]),
            After(
                name: "layer4.1.bn2.weight", mean: 0.999998259, change: 4.195003e-05,
                values: [1.000048, 0.9999887, 1.000042, 1.00005]),
            After(
                name: "layer4.1.bn2.bias", mean: 2.54999474e-06, change: 4.126257e-05,
                values: [4.998696e-05, 2.224961e-05, 4.48782e-05, 4.831877e-05]),
            After(
                name: "layer4.2.bn1.running_var", mean: 119.706485, change: 118.7065,
                values: [165.911, 105.2804, 68.9427, 35.07381]),
            After(
                name: "layer4.2.conv2.weight", mean: 1.3458964e-05, change: 3.389671e-05,
                values: [-0.0119112, 0.01305318, 0.01873253, -0.01016042]),
            After(
                name: "layer4.2.bn2.weight", mean: 0.999998924, change: 4.392012e-05,
                values: [0.9999516, 0.9999509, 1.000013, 0.9999501]),
            After(
                name: "layer4.2.bn2.bias", mean: 6.35061617e-07, change: 4.176746e-05,
                values: [-4.752478e-05, -4.760011e-05, 2.371179e-05, -5.012466e-05]),
            After(
                name: "layer4.2.bn2.running_mean", mean: 0.0024464674, change: 0.11054,
                values: [0.03032886, 0.04955884, 0.0379466, -0.1513711]),
            After(
                name: "layer4.2.conv3.weight", mean: 7.48074233e-07, change: 4.392018e-05,
                values: [0.01950236, 0.01541198, -0.04279646, -0.07549448]),
            After(
                name: "layer4.2.bn3.weight", mean: 1.00000056, change: 4.32184e-05,
                values: [0.999951, 1.000049, 0.9999505, 1.000048]),
            After(
                name: "layer4.2.bn3.bias", mean: -2.41722494e-07, change: 3.698561e-05,
                values: [4.695222e-05, 4.698266e-05, 4.550199e-05, -1.501791e-05]),
            After(
                name: "layer4.2.bn3.running_mean", mean: 3.84352151e-05, change: 0.09809783,
                values: [0.1295956, -0.02570956, -0.1344269, 0.1026677]),
            After(
                name: "layer4.2.bn3.running_var", mean: 0.658263784, change: 0.3417362,
                values: [0.6370783, 0.6545981, 0.6265167, 0.6334435]),
            After(
                name: "head.0.weight", mean: -1.91974137e-05, change: 2.182829e-05,
                values: [-4.358801e-05, -0.0008631348, 0.003124231, 0.0165603]),
            After(
                name: "head.2.weight", mean: -4.98203515e-05, change: 2.205764e-05,
                values: [0.01140456, 0.0775828, -0.01225774, 0.01174247]),
        ],
        embedding: [-3.436297, -2.770745, -3.142924, 2.211335, -0.5297898, -2.22253, 0.3694003, -4.777791])

    static let resnet18 = FineTuningReference(
        trainedLayers: 8, learningRate: 3e-06,
        losses: [1.023418, 0.8960254, 0.7707311, 0.6481746, 0.5286275],
        positiveDistances: [1.337607, 1.274948, 1.215824, 1.160726, 1.109493],
        negativeDistances: [1.314189, 1.378923, 1.445092, 1.512551, 1.580866],
        changedTensors: 44,
        after: [
            After(
                name: "layer3.0.downsample.0.weight", mean: -2.82185916e-05, change: 1.333854e-05,
                values: [-0.1064772, -0.1215991, 0.06496842, 0.2205492]),
            After(
                name: "layer3.0.downsample.1.weight", mean: 1.00000023, change: 1.359615e-05,
                values: [0.9999855, 1.000013, 1.000015, 0.9999854]),
            After(
                name: "layer3.0.downsample.1.bias", mean: -7.44310986e-07, change: 1.388933e-05,
                values: [1.415275e-05, 1.172677e-06, -1.335146e-05, -1.413851e-05]),
            After(
                name: "layer4.0.bn2.bias", mean: -2.54380823e-07, change: 1.384485e-05,
                values: [-1.46528e-05, 1.495908e-05, 1.496675e-05, -1.467785e-05]),
            After(
                name: "layer4.0.bn2.running_mean", mean: 0.00185348129, change: 0.1112106,
                values: [-0.1125894, -0.1248732, -0.0131659, 0.1478033]),
            After(
                name: "layer4.0.bn2.running_var", mean: 0.733203754, change: 0.2668806,
                values: [0.6720436, 0.6912422, 0.7551801, 0.7312725]),
            After(
                name: "layer4.0.downsample.0.weight", mean: -0.000266632002, change: 1.38359e-05,
                values: [0.1108932, -0.004896312, 0.03285644, -0.02160506]),
            After(
                name: "layer4.0.downsample.1.weight", mean: 0.999999727, change: 1.398509e-05,
                values: [0.999985, 1.000015, 1.000007, 0.9999855]),
            After(
                name: "layer4.1.conv2.weight", mean: 9.84712057e-06, change: 1.356356e-05,
                values: [0.01398391, -0.0009602894, 0.01519404, 0.01237569]),
            After(
                name: "layer4.1.bn2.weight", mean: 1.00000102, change: 1.357892e-05,
                values: [1.000015, 0.9999854, 1.000015, 1.000015]),
            After(
                name: "layer4.1.bn2.bias", mean: 2.64123802e-08, change: 1.370131e-05,
                values: [1.434507e-05, 1.503834e-05, 1.477019e-05, -1.498843e-05]),
            After(
                name: "layer4.1.bn2.running_mean", mean: 0.0101982212, change: 0.1030304,
                values: [0.1177248, 0.1199252, 0.1336173, -0.2166384]),
            After(
                name: "layer4.1.bn2.running_var", mean: 0.736732737, change: 0.263297,
                values: [0.8357244, 0.6594917, 0.7252761, 0.7410833]),
            After(
                name: "head.0.weight", mean: 6.0391776e-05, change: 1.153283e-05,
                values: [-0.03919791, -0.002922635, -0.01830806, -0.005690535]),
            After(
                name: "head.2.weight", mean: 0.000134946773, change: 1.163933e-05,
                values: [-0.03920675, -0.03623537, -0.03605409, -0.006872815]),
        ],
        embedding: [0.2134324, -0.3865734, -0.1121255, -0.1494918, -0.1501722, -0.2782901, -0.08461742, 0.03743334])
}
