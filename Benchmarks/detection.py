"""Compares `likeness detect` with OpenCV 4's detectMultiScale2 box for box, over cascades and settings.

    python Benchmarks/detection.py [--cascades a,b,c] FOLDER …

Needs `pip install "opencv-python-headless<5" numpy` and .build/release/likeness. Boxes and how many windows agreed on
each are compared as sorted lists. Images should be lossless: decoders of JPEG may differ by a gray level.
"""
import argparse, glob, json, os, subprocess, sys
import cv2

SETTINGS = [  # scale factor, least neighbours, smallest and largest face (0: any)
    (1.1, 3, 0, 0), (1.12, 9, 0, 0), (1.2, 2, 0, 0), (1.3, 0, 0, 0), (1.05, 5, 40, 200),
]
parser = argparse.ArgumentParser()
parser.add_argument("--cascades", default="frontalface_default,frontalface_alt,frontalface_alt2")
parser.add_argument("--folder", default="/usr/share/opencv4/haarcascades")
parser.add_argument("--likeness", default=".build/release/likeness")
parser.add_argument("images", nargs="+")
a = parser.parse_args()

images = {}
for folder in a.images:
    for kind in ("pgm", "png", "jpg"):
        for path in glob.glob(os.path.join(folder, "**", "*." + kind), recursive=True):
            images[path] = cv2.cvtColor(cv2.imread(path, cv2.IMREAD_COLOR), cv2.COLOR_BGR2GRAY)

compared = boxes = differing = 0
for name in a.cascades.split(","):
    cascade = cv2.CascadeClassifier(f"{a.folder}/haarcascade_{name}.xml")
    for scale, neighbors, smallest, largest in SETTINGS:
        command = [a.likeness, "detect", "--neighbors", "--cascade", f"haarcascade_{name}", "--scale-factor", str(scale),
                   "--min-neighbors", str(neighbors), "--min-size", str(smallest), "--max-size", str(largest), *images]
        ours = {}
        for line in subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines():
            found = json.loads(line)
            ours[found["image"]] = sorted(box + [n] for box, n in zip(found["boxes"], found["neighbors"]))
        own_boxes = own_differing = 0
        for path, gray in images.items():
            found, counts = cascade.detectMultiScale2(
                gray, scale, neighbors, minSize=(smallest, smallest), maxSize=(largest, largest))
            theirs = sorted([int(v) for v in box] + [int(n)] for box, n in zip(found, counts))
            own_boxes += len(theirs)
            if theirs != ours[path]:
                own_differing += 1
                print(f"differs: {path} {name} {scale} {neighbors} {smallest} {largest}: {theirs} {ours[path]}", file=sys.stderr)
        compared += len(images); boxes += own_boxes; differing += own_differing
        print(json.dumps({"cascade": name, "setting": [scale, neighbors, smallest, largest], "images": len(images),
                          "boxes": own_boxes, "differing_images": own_differing}), flush=True)
print(json.dumps({"opencv": cv2.__version__, "comparisons": compared, "boxes": boxes, "differing_images": differing}))
sys.exit(differing > 0)
