#!/bin/sh
# Fuzzes the cascade reader with libFuzzer and the address sanitizer.
#
#     Tests/Fuzzing/cascade.sh [seconds]     600 without an argument
#
# Seeds are a small cascade and cut-down stock ones; a crash, a leak, 2 GB of memory or an input that takes more than
# 10 seconds ends the run with an error.
set -eu
cd "$(dirname "$0")/../.."
seconds="${1:-600}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
flags="-O -g -sanitize=address -swift-version 6 -package-name likeness -parse-as-library -wmo -I $work"

module() {
    name="$1"
    shift
    swiftc $flags -module-name "$name" -emit-module -emit-module-path "$work/$name.swiftmodule" -emit-object -o "$work/$name.o" "$@"
}
module Files Sources/Files/Reading.swift Sources/Files/FileError.swift
module Imaging Sources/Imaging/Rectangle.swift
swiftc $flags -sanitize=fuzzer -module-name FuzzCascade \
    -emit-module -emit-module-path "$work/FuzzCascade.swiftmodule" -emit-executable \
    Sources/Faces/Haar/Cascade.swift Sources/Faces/Haar/CascadeError.swift Sources/Faces/Haar/CascadeReader.swift \
    Sources/Faces/Haar/XMLReader.swift Tests/Fuzzing/FuzzCascade.swift "$work/Files.o" "$work/Imaging.o" -o "$work/fuzz"

mkdir "$work/corpus"
cp Tests/Fuzzing/Seeds/*.xml "$work/corpus/"
"$work/fuzz" -max_total_time="$seconds" -max_len=8192 -timeout=10 -artifact_prefix="$PWD/.build/" -rss_limit_mb=2048 -print_final_stats=1 \
    -dict=Tests/Fuzzing/cascade.dict "$work/corpus"
