"""Writes FineTuningReference.swift: five fine-tuning steps in PyTorch, from weights and images made of RandomNumbers.

Run with torch and torchvision:  python fine_tuning.py > ../FineTuningReference.swift
"""
import numpy as np
import torch
import torchvision

torch.set_num_threads(2)
WEYL = np.uint64(0x9E3779B97F4A7C15)
SEED, SIZE, TRIPLETS, STEPS = 5, 64, 4, 5


def mixed(z):
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


class Numbers:
    """RandomNumbers.swift, a whole array at a time."""

    def __init__(self, seed, *stream):
        key = mixed(np.array([seed], np.uint64) + WEYL)
        for part in stream:
            key = mixed(key ^ mixed(np.array([part], np.uint64) + WEYL)) + WEYL
        self.key = key

    def unit(self, index):
        bits = mixed(self.key + (index.astype(np.uint64) + np.uint64(1)) * WEYL)
        return (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def normal(self, count):
        index = 2 * np.arange(count)
        return np.sqrt(-2 * np.log(1 - self.unit(index))) * np.cos(2 * np.pi * self.unit(index + 1))

    def uniform(self, count):
        return self.unit(np.arange(count))


def initialized(name, seed):
    net = getattr(torchvision.models, name)()
    convolutions = [m for m in net.modules() if isinstance(m, torch.nn.Conv2d)]
    with torch.no_grad():
        for stream, c in enumerate(convolutions):
            deviation = (2 / (c.out_channels * c.kernel_size[0] ** 2)) ** 0.5
            values = (Numbers(seed, stream).normal(c.weight.numel()) * deviation).astype("f4")
            # Otherwise a random MobileNet-V2's activations vanish, and training amplifies rounding alone.
            factor = np.float32(c.groups) ** np.float32(0.5)
            c.weight.copy_(torch.tensor(values * factor).reshape(c.weight.shape))
        width = 2048 if name == "resnet50" else 1280
        head = torch.nn.Sequential(torch.nn.Linear(width, 128), torch.nn.ReLU(), torch.nn.Linear(128, 128))
        for i, layer in enumerate((head[0], head[2])):
            bound = 1 / layer.in_features**0.5
            for j, p in enumerate((layer.weight, layer.bias)):
                values = (2 * bound * Numbers(seed, len(convolutions) + 2 * i + j).uniform(p.numel()) - bound).astype("f4")
                p.copy_(torch.tensor(values).reshape(p.shape))
    return net, head


def fine_tuned(name, trained_layers, rate):
    net, head = initialized(name, SEED)
    modules = [(n, m) for n, m in net.named_modules() if isinstance(m, (torch.nn.Conv2d, torch.nn.BatchNorm2d))]
    frozen, trained = modules[:-2 * trained_layers], modules[-2 * trained_layers:]
    net.eval()
    for p in net.parameters():
        p.requires_grad = False
    for _, m in trained:
        m.train()
        for p in m.parameters():
            p.requires_grad = True
    parts = list(net.children())
    features = torch.nn.Sequential(*parts[:-2]) if name == "resnet50" else net.features
    model = torch.nn.Sequential(features, torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), head)
    adam = torch.optim.Adam([p for p in list(net.parameters()) + list(head.parameters()) if p.requires_grad], rate)
    loss_of = torch.nn.TripletMarginLoss(margin=1.0)
    images = np.stack([Numbers(SEED, 1000, i).normal(SIZE * SIZE * 3).astype("f4").reshape(SIZE, SIZE, 3)
                       for i in range(3 * TRIPLETS)])
    x = torch.tensor(images.transpose(0, 3, 1, 2).copy())
    before = {k: v.clone() for k, v in list(net.state_dict().items()) + [("head." + k, v) for k, v in head.state_dict().items()]}
    losses, positive, negative = [], [], []
    for _ in range(STEPS):
        adam.zero_grad()
        a, p, n = model(x).chunk(3)
        loss = loss_of(a, p, n)
        loss.backward()
        adam.step()
        losses.append(loss.item())
        positive.append(torch.nn.functional.pairwise_distance(a, p).mean().item())
        negative.append(torch.nn.functional.pairwise_distance(a, n).mean().item())
    after = dict(list(net.state_dict().items()) + [("head." + k, v) for k, v in head.state_dict().items()])
    kept = [k for k in after if after[k].dtype == torch.float32 and not torch.equal(after[k], before[k])]
    # Not the head's biases: shifting all three embeddings changes no distance, so their gradients are rounding noise.
    # Nor the shifts of linear bottlenecks, which the next normalisation takes out again, and the mean behind them.
    noise = ("conv.3.bias", "features.18.1.running_mean")
    listed = [k for k in kept if not k.endswith(noise)]
    changed = listed[:3] + listed[len(listed) // 2: len(listed) // 2 + 5] + listed[-9:-4] + [listed[-4], listed[-2]]
    model.eval()
    with torch.no_grad():
        embedding = model(x)[0].numpy()
    return losses, positive, negative, changed, before, after, embedding, len(kept)


def numbers(values):
    return "[" + ", ".join(f"{float(v):.7g}" for v in values) + "]"


print("""/// Five fine-tuning steps in PyTorch; written by Fixtures/fine_tuning.py.
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
""")
for swift, name, layers, rate in (
    ("mobilenetV2", "mobilenet_v2", 10, 3e-5), ("resnet50", "resnet50", 10, 3e-6), ("resnet50Partly", "resnet50", 5, 1e-5)
):
    losses, positive, negative, changed, before, after, embedding, count = fine_tuned(name, layers, rate)
    print(f"    static let {swift} = FineTuningReference(")
    print(f"        trainedLayers: {layers}, learningRate: {rate},")
    print(f"        losses: {numbers(losses)},")
    print(f"        positiveDistances: {numbers(positive)},")
    print(f"        negativeDistances: {numbers(negative)},")
    print(f"        changedTensors: {count},")
    print("        after: [")
    for k in changed:
        v = after[k].double().flatten()
        spread = v[torch.arange(4) * (len(v) // 4)]
        change = (v - before[k].double().flatten()).abs().mean()
        print(f'            After(name: "{k}", mean: {v.mean():.9g}, change: {change:.7g}, values: {numbers(spread)}),')
    print("        ],")
    print(f"        embedding: {numbers(embedding[:8])})")
    print()
print("}")
