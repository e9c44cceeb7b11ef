"""Steps of PyTorch's DistributedDataParallel over gloo: the work of `mpirun -n N likeness bench train`, a thread each.

    python3 Benchmarks/peers/ddp.py --model resnet50 --processes 2

Needs PyTorch and torchvision. Triplets stay together in their process, as its samplers would have it; normalisations use
each process's own statistics, for PyTorch synchronises them on GPUs alone, so its work is a little less than ours.
"""

import argparse
import json
import os
import statistics
import time

import torch
import torch.distributed as dist
import torch.multiprocessing as processes
import torchvision
from torch import nn


def work(rank, given, bf16, channels_last):
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(given.port))
    dist.init_process_group("gloo", rank=rank, world_size=given.processes)
    torch.set_num_threads(1)
    torch.manual_seed(0)
    net = getattr(torchvision.models, given.model)()
    features = nn.Sequential(*list(net.children())[:-2]) if given.model == "resnet50" else net.features
    for parameter in list(features.parameters())[: -given.tensors]:
        parameter.requires_grad = False
    width = 2048 if given.model == "resnet50" else 1280
    model = nn.Sequential(
        features, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, 128), nn.ReLU(), nn.Linear(128, 128)).train()
    own = given.batch // given.processes
    images = torch.randn(own - own % 3, 3, given.size, given.size)
    if channels_last:
        model, images = (x.to(memory_format=torch.channels_last) for x in (model, images))
    adam = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], 1e-4)
    shared = nn.parallel.DistributedDataParallel(model, broadcast_buffers=False)
    loss = nn.TripletMarginLoss(margin=1.0)
    seconds = []
    for run in range(given.runs + 2):
        dist.barrier()
        start = time.perf_counter()
        adam.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            embeddings = shared(images)
        loss(*embeddings.float().chunk(3)).backward()
        adam.step()
        dist.barrier()
        if run >= 2:
            seconds.append(time.perf_counter() - start)
    if rank == 0:
        print(json.dumps({
            "images_per_second": given.processes * len(images) / statistics.median(seconds), "model": given.model,
            "precision": "bf16" if bf16 else "f32", "channels_last": channels_last, "batch": given.processes * len(images),
            "processes": given.processes}), flush=True)
    dist.destroy_process_group()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="resnet50", choices=["resnet50", "mobilenet_v2"])
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--batch", type=int, default=48, help="images of a step, of all processes")
    parser.add_argument("--size", type=int, default=218)
    parser.add_argument("--tensors", type=int, default=10)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--bf16", action="store_true")
    given = parser.parse_args()
    for number, channels_last in enumerate((False, True)):
        given.port = 29500 + os.getpid() % 1000 + number
        processes.spawn(work, (given, given.bf16, channels_last), nprocs=given.processes)


if __name__ == "__main__":
    main()
