#!/bin/bash
# Tests of Tensors and Networks against oneDNN 3 from PyPI (onednn-cpu-gomp 2023.2.0 carries 3.2, built on GNU OpenMP
# as Debian's is). Builds in .build-onednn3, beside the ordinary build.
#
#     Benchmarks/onednn3.sh [FILTER]
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$PWD/.build-onednn3/library
version=2023.2.0
if [ ! -e "$folder/libdnnl.so.3" ]; then
  mkdir -p "$folder"
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --dest "$folder/wheels" \
    onednn-cpu-gomp==$version onednn-devel-cpu-gomp==$version
  for wheel in "$folder"/wheels/*.whl; do python3 -m zipfile -e "$wheel" "$folder/unpacked"; done
  cp "$folder"/unpacked/*/data/lib/libdnnl.so* "$folder"
  cp -r "$folder"/unpacked/*/data/include "$folder"
fi
options=(-c release --scratch-path .build-onednn3 -Xcc "-I$folder/include" -Xlinker "-L$folder")
swift build "${options[@]}" --build-tests
LD_LIBRARY_PATH=$folder swift test "${options[@]}" --skip-build --filter "${1:-TensorsTests|NetworksTests}"
