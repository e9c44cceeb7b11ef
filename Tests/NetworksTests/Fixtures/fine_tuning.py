"""Writes FineTuningReference.swift: five fine-tuning steps in PyTorch, from weights and images made of RandomNumbers.

Run with torch and torchvision:  python fine_tuning.py > ../FineTuningReference.swift
"""
import torch
from seeded import images, initialized, list_of, model_of

SEED, SIZE, TRIPLETS, STEPS = 5, 64, 4, 5


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
    model = model_of(name, net, head)
    adam = torch.optim.Adam([p for p in list(net.parameters()) + list(head.parameters()) if p.requires_grad], rate)
    loss_of = torch.nn.TripletMarginLoss(margin=1.0)
    x = images(SEED, SIZE, range(3 * TRIPLETS))
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
    ("mobilenetV2", "mobilenet_v2", 10, 3e-5), ("resnet50", "resnet50", 10, 3e-6), ("resnet50Partly", "resnet50", 5, 1e-5),
    ("resnet18", "resnet18", 8, 3e-6),
):
    losses, positive, negative, changed, before, after, embedding, count = fine_tuned(name, layers, rate)
    print(f"    static let {swift} = FineTuningReference(")
    print(f"        trainedLayers: {layers}, learningRate: {rate},")
    print(f"        losses: {list_of(losses)},")
    print(f"        positiveDistances: {list_of(positive)},")
    print(f"        negativeDistances: {list_of(negative)},")
    print(f"        changedTensors: {count},")
    print("        after: [")
    for k in changed:
        v = after[k].double().flatten()
        spread = v[torch.arange(4) * (len(v) // 4)]
        change = (v - before[k].double().flatten()).abs().mean()
        print(f'            After(name: "{k}", mean: {v.mean():.9g}, change: {change:.7g}, values: {list_of(spread)}),')
    print("        ],")
    print(f"        embedding: {list_of(embedding[:8])})")
    print()
print("}")
