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
        losses: [1.021995, 0.8120767, 0.6153167, 0.4315814, 0.2596365],
        positiveDistances: [1.006665, 0.9054834, 0.8158468, 0.738479, 0.6734237],
        negativeDistances: [0.9846698, 1.093407, 1.20053, 1.306897, 1.413787],
        changedTensors: 54,
        after: [
            After(
                name: "features.15.conv.0.0.weight", mean: -0.000167475792, change: 0.0001294067,
                values: [-0.06581102, 0.07800418, 0.07253089, -0.02779721]),
            After(
                name: "features.15.conv.0.1.weight", mean: 0.999964463, change: 9.352552e-05,
                values: [0.9998971, 0.9998617, 0.9999946, 0.9999551]),
            After(
                name: "features.15.conv.0.1.bias", mean: 7.55882732e-07, change: 0.0001283855,
                values: [0.0001241319, -0.0001004503, 0.0001478563, 0.00013915]),
            After(
                name: "features.16.conv.3.weight", mean: 0.99999818, change: 0.0001302235,
                values: [1.000138, 1.00015, 0.9998515, 0.999855]),
            After(
                name: "features.16.conv.3.running_mean", mean: -0.00141672121, change: 0.4371178,
                values: [-0.3904249, 0.6061517, -0.7356774, 0.2721912]),
            After(
                name: "features.16.conv.3.running_var", mean: 2.23391637, change: 1.233916,
                values: [2.067639, 2.348184, 2.891706, 1.279467]),
            After(
                name: "features.17.conv.0.0.weight", mean: 7.93586847e-05, change: 0.0001308349,
                values: [-0.04131604, 0.009131464, -0.01515736, -0.05447477]),
            After(
                name: "features.17.conv.0.1.weight", mean: 0.999959362, change: 0.0001021419,
                values: [1.000136, 0.9998616, 1.000008, 0.9998571]),
            After(
                name: "features.17.conv.3.running_var", mean: 1.45596953, change: 0.4583048,
                values: [0.9803005, 1.159094, 1.275711, 1.435856]),
            After(
                name: "features.18.0.weight", mean: 4.13781837e-05, change: 0.0001320548,
                values: [-0.00199341, 0.01857466, 0.000325352, 0.004777221]),
            After(
                name: "features.18.1.weight", mean: 1.00000768, change: 0.0001271251,
                values: [0.9998508, 0.9998547, 0.9998518, 0.9999095]),
            After(
                name: "features.18.1.bias", mean: 4.53519e-06, change: 0.0001242874,
                values: [2.260144e-05, -0.0001463774, -0.0001488413, -0.0001001972]),
            After(
                name: "features.18.1.running_var", mean: 0.801328322, change: 0.200702,
                values: [0.8245237, 0.7735803, 0.8312621, 0.8094718]),
            After(
                name: "head.0.weight", mean: -1.11589013e-05, change: 0.0001121291,
                values: [0.02779911, -0.01875924, 0.004250267, 0.0114749]),
            After(
                name: "head.2.weight", mean: -1.35058574e-05, change: 0.0001164085,
                values: [-0.08411942, 0.004690761, -0.04042246, -0.005367904]),
        ],
        embedding: [-0.2383508, -0.3173368, -0.01438881, 0.445572, -0.2833995, 0.3114016, -0.2555934, -0.0430574])

    static let resnet50 = FineTuningReference(
        trainedLayers: 10, learningRate: 3e-06,
        losses: [1.031936, 0.7295768, 0.4871859, 0.2780567, 0.1413754],
        positiveDistances: [1.558296, 1.409342, 1.281826, 1.177926, 1.096756],
        negativeDistances: [1.52636, 1.679765, 1.827631, 1.964966, 2.096585],
        changedTensors: 54,
        after: [
            After(
                name: "layer4.0.conv1.weight", mean: -5.24445132e-05, change: 1.14242e-05,
                values: [-0.008433439, -0.04582538, 0.08992663, 0.09479111]),
            After(
                name: "layer4.0.bn1.weight", mean: 1.00000007, change: 1.187378e-05,
                values: [1.000015, 0.9999876, 0.9999955, 0.9999859]),
            After(
                name: "layer4.0.bn1.bias", mean: 3.38377323e-07, change: 1.151456e-05,
                values: [1.167931e-05, -1.152766e-05, -1.470394e-05, 1.326388e-05]),
            After(
                name: "layer4.1.bn2.bias", mean: 1.27674709e-07, change: 1.196695e-05,
                values: [-1.28117e-05, -1.356395e-05, -1.166155e-05, -1.398278e-05]),
            After(
                name: "layer4.1.bn2.running_mean", mean: -4.95628594e-05, change: 0.105165,
                values: [0.07785115, -0.06805354, 0.04681953, -0.2025072]),
            After(
                name: "layer4.1.bn2.running_var", mean: 0.730195872, change: 0.2705732,
                values: [0.7054462, 0.6694244, 0.7985369, 0.7942128]),
            After(
                name: "layer4.1.conv3.weight", mean: 2.35124131e-05, change: 1.216906e-05,
                values: [0.0045626, -0.009082709, 0.0008959341, -0.04801711]),
            After(
                name: "layer4.1.bn3.weight", mean: 1.00000014, change: 1.220722e-05,
                values: [0.9999857, 1.000014, 1.000014, 1.000014]),
            After(
                name: "layer4.2.conv3.weight", mean: 2.84792577e-05, change: 1.244522e-05,
                values: [-0.03126438, 0.0118092, 0.02921814, -0.02638079]),
            After(
                name: "layer4.2.bn3.weight", mean: 1.00000054, change: 1.215446e-05,
                values: [1.000012, 1.000015, 0.9999873, 1.000014]),
            After(
                name: "layer4.2.bn3.bias", mean: 1.30527389e-07, change: 1.121244e-05,
                values: [-1.311822e-05, 1.442518e-05, -1.438542e-05, -1.396058e-05]),
            After(
                name: "layer4.2.bn3.running_mean", mean: 0.00235079062, change: 0.09043395,
                values: [-0.02269829, 0.2216966, 0.1629184, 0.117215]),
            After(
                name: "layer4.2.bn3.running_var", mean: 0.660111416, change: 0.3398886,
                values: [0.6497535, 0.6443206, 0.6491823, 0.6829539]),
            After(
                name: "head.0.weight", mean: -1.63690989e-05, change: 8.885228e-06,
                values: [0.01930117, 0.0001948921, 0.001682945, 0.02065116]),
            After(
                name: "head.2.weight", mean: -0.000325880229, change: 8.980519e-06,
                values: [-0.009796718, 0.04974774, 0.02738124, -0.03756305]),
        ],
        embedding: [-0.2466306, -0.5608281, 0.5349177, 0.2180559, -0.2311668, -0.4527039, 0.2161795, 0.211067])

    static let resnet50Partly = FineTuningReference(
        trainedLayers: 5, learningRate: 1e-05,
        losses: [1.113228, 0.8446153, 0.599198, 0.3661022, 0.1876273],
        positiveDistances: [2.634081, 2.499203, 2.375943, 2.257877, 2.152893],
        negativeDistances: [2.520853, 2.654588, 2.776745, 2.893132, 3.002212],
        changedTensors: 29,
        after: [
            After(
                name: "layer4.1.conv2.weight", mean: -1.08925387e-05, change: 2.521496e-05,
                values: [-0.01878965, -0.01679895, 0.04166314, -0.004440187]),
            After(
                name: "layer4.1.bn2.weight", mean: 0.999998549, change: 4.142441e-05,
                values: [1.000049, 1.00005, 1.000049, 0.9999563]),
            After(
                name: "layer4.1.bn2.bias", mean: -4.86682689e-07, change: 4.094268e-05,
                values: [4.630168e-05, 4.548526e-05, 4.953831e-05, -4.868324e-05]),
            After(
                name: "layer4.2.bn1.running_var", mean: 101.499091, change: 100.4991,
                values: [116.1587, 44.05516, 75.16135, 90.45733]),
            After(
                name: "layer4.2.conv2.weight", mean: -6.18343749e-06, change: 3.421953e-05,
                values: [-0.000923997, -0.03416855, -0.01658374, 0.016523]),
            After(
                name: "layer4.2.bn2.weight", mean: 1.00000016, change: 4.354294e-05,
                values: [1.00005, 1.00005, 0.9999546, 1.000049]),
            After(
                name: "layer4.2.bn2.bias", mean: -8.22491255e-07, change: 4.205442e-05,
                values: [4.995091e-05, 2.168926e-05, 4.822971e-05, 4.93828e-05]),
            After(
                name: "layer4.2.bn2.running_mean", mean: -0.00154872667, change: 0.1192287,
                values: [-0.005544725, -0.1694788, -0.1014221, -0.08503377]),
            After(
                name: "layer4.2.conv3.weight", mean: 2.85792862e-05, change: 4.396508e-05,
                values: [-0.03129928, 0.01187366, 0.02915735, -0.02634618]),
            After(
                name: "layer4.2.bn3.weight", mean: 1.00000194, change: 4.383814e-05,
                values: [0.9999521, 1.000049, 0.9999522, 0.9999547]),
            After(
                name: "layer4.2.bn3.bias", mean: 1.8049078e-08, change: 3.573934e-05,
                values: [4.820986e-05, 5.01544e-05, 1.841047e-05, 4.658697e-05]),
            After(
                name: "layer4.2.bn3.running_mean", mean: 0.00240759691, change: 0.09391349,
                values: [-0.01364589, 0.2354992, 0.1651099, 0.1254113]),
            After(
                name: "layer4.2.bn3.running_var", mean: 0.657049071, change: 0.3430475,
                values: [0.7319058, 0.6248884, 0.6752608, 0.69283]),
            After(
                name: "head.0.weight", mean: -1.590746e-05, change: 2.378607e-05,
                values: [0.01930117, 0.0001601825, 0.001682945, 0.02066042]),
            After(
                name: "head.2.weight", mean: -0.000326275564, change: 2.453419e-05,
                values: [-0.009796718, 0.04974774, 0.02738124, -0.03756305]),
        ],
        embedding: [-1.079362, -2.000483, 0.8408815, 1.452918, -1.160774, -1.582985, 1.568704, 0.1715933])

}
