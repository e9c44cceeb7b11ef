#!/usr/bin/env bash
# A small report whose evaluations can be asked, for the other scripts: project.sh BINARY FOLDER [WEIGHTS]
#
# Drawn people, in a folder that is made. WEIGHTS is a folder with MobileNet-V2's, such as data/weights; without them the
# network starts from random numbers, which costs as much.
set -euo pipefail
binary=$(realpath "$1"); folder=$2; weights=${3:+$(realpath "$3")}
mkdir "$folder" "$folder/chapters" "$folder/data"
cd "$folder"
if [ -n "$weights" ]; then ln -s "$weights" data/weights; fi
printf 'title: Small\n' >chapters/report.yml
cat >chapters/01-all.md <<'END'
# All

```preprocess
id: faces
dataset: small
test: 0.9
```

```evaluate
id: mobilenet
data: faces
model: mobilenet_v2
k: [1, 9]
```

```evaluate
id: pixels
data: faces
model: pixels
k: [1, 9]
```
END
"$binary" synthesize data/small --identities 40 --images 400 --seed 3 2>/dev/null
"$binary" build 2>/dev/null
