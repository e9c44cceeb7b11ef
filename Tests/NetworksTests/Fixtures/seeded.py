"""What the fixtures share: RandomNumbers.swift and a network made of it, so that Swift starts from the same bytes."""
import numpy as np
import torch
import torchvision

torch.set_num_threads(1)
INITIAL_WEIGHTS = 43  # RandomUse.initialWeights
WEYL = np.uint64(0x9E3779B97F4A7C15)


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
            values = (Numbers(seed, INITIAL_WEIGHTS, stream).normal(c.weight.numel()) * deviation).astype("f4")
            # Otherwise a random MobileNet-V2's activations vanish, and training amplifies rounding alone.
            factor = np.float32(c.groups) ** np.float32(0.5)
            c.weight.copy_(torch.tensor(values * factor).reshape(c.weight.shape))
        width = net.fc.in_features if name.startswith("resnet") else net.last_channel
        head = torch.nn.Sequential(torch.nn.Linear(width, 128), torch.nn.ReLU(), torch.nn.Linear(128, 128))
        for i, layer in enumerate((head[0], head[2])):
            bound = 1 / layer.in_features**0.5
            for j, p in enumerate((layer.weight, layer.bias)):
                values = (2 * bound * Numbers(seed, INITIAL_WEIGHTS, len(convolutions) + 2 * i + j).uniform(p.numel()) - bound).astype("f4")
                p.copy_(torch.tensor(values).reshape(p.shape))
    return net, head


def images(seed, size, samples):
    """Images [n, 3, size, size]; sample `i` has the stream (seed, 1000, i)."""
    pixels = [Numbers(seed, 1000, i).normal(size * size * 3).astype("f4").reshape(size, size, 3) for i in samples]
    return torch.tensor(np.stack(pixels).transpose(0, 3, 1, 2).copy())


def model_of(name, net, head):
    features = torch.nn.Sequential(*list(net.children())[:-2]) if name.startswith("resnet") else net.features
    return torch.nn.Sequential(features, torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), head)


def list_of(values, digits=7):
    return "[" + ", ".join(f"{float(v):.{digits}g}" for v in values) + "]"
