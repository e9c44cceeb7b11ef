"""Writes FeatureReference.swift: pooled features of torchvision's networks, from weights and images made of RandomNumbers.

Run with torch and torchvision:  python features.py > ../FeatureReference.swift
"""
import numpy as np
import torch
from seeded import Numbers, images, initialized, list_of, model_of

SEED, SIZE = 5, 64


def normalized(net):
    """Each normalisation different from the next, so that none can stand for another; FeatureTests.swift does the same."""
    for place, norm in enumerate(m for m in net.modules() if isinstance(m, torch.nn.BatchNorm2d)):
        count = norm.num_features
        unit = Numbers(SEED, 1001, place).uniform(4 * count)
        parts = 0.8 + 0.4 * unit[:count], 0.2 * unit[count:2 * count] - 0.1, 0.2 * unit[2 * count:3 * count], 0.5 + unit[3 * count:]
        for tensor, values in zip((norm.weight, norm.bias, norm.running_mean, norm.running_var), parts):
            tensor.copy_(torch.tensor(values.astype("f4")))


print("""/// Pooled features of two images in torchvision; written by Fixtures/features.py.
struct FeatureReference: Sendable {
    /// Of all parameters with the classifier.
    let parameters: Int
    /// The largest of both images.
    let largest: Float
    /// The first of each image.
    let first: [[Float]]
    /// Means over all of each image's.
    let means: [Float]
""")
for swift, name in [(f"resnet{d}", f"resnet{d}") for d in (18, 34, 50, 101, 152)] + [("mobilenetV2", "mobilenet_v2")]:
    with torch.no_grad():
        net, _ = initialized(name, SEED)
        normalized(net)
        features = model_of(name, net, torch.nn.Identity()).eval()(images(SEED, SIZE, range(2))).numpy()
    print(f"    static let {swift} = FeatureReference(")
    print(f"        parameters: {sum(p.numel() for p in net.parameters())}, largest: {np.abs(features).max():.7g},")
    print("        first: [")
    for row in features:
        print(f"            {list_of(row[:6])},")
    print(f"        ], means: {list_of(features.mean(1, dtype='f8'))})")
    print()
print("}")
