"""Where a network's time goes, and how near each kind of kernel comes to the fastest one.

    python3 Benchmarks/profile.py .build/release/likeness network mobilenet_v2 bf16
    python3 Benchmarks/profile.py .build/release/likeness train resnet50 bf16

Runs the benchmark with oneDNN's own log (ONEDNN_VERBOSE=1) and adds up what the kernels do. Core milliseconds an image: a
kernel over one image or a group of four has a core to itself, one over the whole batch has all of them. The floor is what
the same multiplications would take if every kernel were as fast as the fastest of its arithmetic. The log itself costs a
few per cent.
"""
import collections
import json
import os
import re
import subprocess
import sys

SIZES = re.compile(r"(?:g(\d+))?mb(\d+)_ic(\d+)oc(\d+)_ih\d+oh(\d+)kh(\d+)\S*_iw\d+ow(\d+)kw")
DIRECTIONS = {"forward_inference": "forward", "forward_training": "forward", "backward_data": "backward by input",
              "backward_weights": "backward by weights", "backward": "backward", "undef": ""}


def kernels(log, batch, cores):
    """(name, arithmetic, core seconds, multiplications and additions) of every kernel that ran."""
    for line in log.splitlines():
        fields = line.split(",")
        if "exec" not in fields[1:3] or "reorder" in fields:
            continue
        kind, _, direction, data, _, _, problem, milliseconds = fields[fields.index("exec") + 2:]
        direction = DIRECTIONS[direction]
        sizes = SIZES.match(problem) if kind == "convolution" else None
        whole = re.match(rf"(g\d+)?mb{batch}(?!\d)", problem) or problem.isdigit() or ":" in problem
        seconds = float(milliseconds) / 1e3 * (cores if whole else 1)
        if sizes is None:
            yield f"{kind.replace('_v2', '').replace('_', ' ')} {direction}", "f32", seconds, 0
            continue
        groups, images, inputs, outputs, height, kernel, width = (int(size or 1) for size in sizes.groups())
        shape = "depthwise" if groups == inputs > 1 else f"{kernel}×{kernel}"
        work = 2 * images * outputs * (inputs // groups) * kernel * kernel * height * width
        yield (f"{shape} {direction}, {'frozen' if images < batch else 'trained'}",
               "bf16" if "src_bf16" in data else "f32", seconds, work)


def main():
    program, what, model, precision = sys.argv[1:5]
    batch, runs, warm = (32, 9, 2) if what == "network" else (48, 5, 2)
    command = [program, "bench", what, "--model", model, "--precision", precision, "--batch", str(batch), "--runs", str(runs)]
    log = subprocess.run(
        command, env={**os.environ, "ONEDNN_VERBOSE": "1"}, stdout=subprocess.PIPE, text=True, check=True).stdout
    cores, images = len(os.sched_getaffinity(0)), batch * (runs + warm)
    seconds, work = collections.Counter(), collections.Counter()
    for name, arithmetic, time, operations in kernels(log, batch, cores):
        seconds[name, arithmetic] += time
        work[name, arithmetic] += operations
    rate = {key: work[key] / seconds[key] for key in seconds}
    # A kind that hardly runs says little about what the processor can do.
    fastest = {arithmetic: max(rate[key] for key in rate if key[1] == arithmetic and seconds[key] > 0.01 * sum(seconds.values()))
               for arithmetic in {key[1] for key in rate}}
    print(f"| {model}, {what} in {precision} | arithmetic | core ms an image | GFLOP/s of a core | of the fastest |")
    print("|---|---|---:|---:|---:|")
    for key, time in seconds.most_common():
        if time < 0.004 * sum(seconds.values()):
            continue
        speed = f"{rate[key] / 1e9:.0f} | {rate[key] / fastest[key[1]]:.0%}" if work[key] else "– | –"
        print(f"| {key[0]} | {key[1]} | {1e3 * time / images:.3f} | {speed} |")
    floor = sum(work[key] / fastest[key[1]] for key in work)
    total, measured = sum(seconds.values()), json.loads(log.splitlines()[-1])["images_per_second"]
    print(f"| all kernels | | {1e3 * total / images:.2f} | | |")
    print(f"| floor: every convolution as fast as the fastest | | {1e3 * floor / images:.2f} | | |")
    print(f"\n{measured} images/s while logging are {1e3 * cores / measured:.2f} core ms an image; the floor is "
          f"{cores * images / floor:.0f} images/s.")


main()
