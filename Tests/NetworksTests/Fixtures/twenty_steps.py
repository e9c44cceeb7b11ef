"""Writes TwentySteps.swift: the losses of 20 fine-tuning steps in PyTorch, with frozen and with drifting normalisations.

Weights and images are made of RandomNumbers, so that Swift starts from the same bytes; two batches take turns. The rates
are so small that rounding does not grow: in float64 the same losses come out within 6e-5 of themselves.

Run with torch and torchvision:  python twenty_steps.py > ../TwentySteps.swift
"""
import torch
from seeded import images, initialized, list_of, model_of

SEED, SIZE, TRIPLETS, BATCHES, STEPS, LAYERS = 5, 64, 4, 2, 20, 10


def losses(name, rate, drifts):
    net, head = initialized(name, SEED)
    modules = [(n, m) for n, m in net.named_modules() if isinstance(m, (torch.nn.Conv2d, torch.nn.BatchNorm2d))]
    net.train(drifts)  # the naive recipe leaves the frozen normalisations in train mode
    net.requires_grad_(False)
    for _, module in modules[-2 * LAYERS:]:
        module.train().requires_grad_(True)
    model = model_of(name, net, head)
    trained = [p for p in list(net.parameters()) + list(head.parameters()) if p.requires_grad]
    adam = torch.optim.Adam(trained, rate)
    loss_of = torch.nn.TripletMarginLoss(margin=1.0)
    size = 3 * TRIPLETS
    batches = [images(SEED, SIZE, range(b * size, (b + 1) * size)) for b in range(BATCHES)]
    found = []
    for step in range(STEPS):
        adam.zero_grad()
        loss = loss_of(*model(batches[step % BATCHES]).chunk(3))
        loss.backward()
        adam.step()
        found.append(loss.item())
    state = net.state_dict()
    frozen = [n for n, m in modules[:-2 * LAYERS] if isinstance(m, torch.nn.BatchNorm2d)]
    watched = [frozen[0], frozen[len(frozen) // 2], frozen[-1]]
    return found, [(f"{n}.{part}", state[f"{n}.{part}"]) for n in watched for part in ("running_mean", "running_var")]


print("""/// Twenty fine-tuning steps in PyTorch; written by Fixtures/twenty_steps.py.
struct TwentySteps: Sendable {
    let learningRate: Double
    /// With frozen normalisations in eval mode, and in train mode.
    let frozen: [Double]
    let drifting: [Double]
    /// Some frozen layers' running statistics after the drift: the first four channels.
    let drifted: [(name: String, values: [Float])]
""")
for swift, name, rate in ("mobilenetV2", "mobilenet_v2", 1e-5), ("resnet50", "resnet50", 5e-7):
    frozen, _ = losses(name, rate, drifts=False)
    drifting, statistics = losses(name, rate, drifts=True)
    print(f"    static let {swift} = TwentySteps(")
    print(f"        learningRate: {rate},")
    print(f"        frozen: {list_of(frozen)},")
    print(f"        drifting: {list_of(drifting)},")
    print("        drifted: [")
    for key, values in statistics:
        print(f'            ("{key}", {list_of(values[:4])}),')
    print("        ])")
    print()
print("}")
