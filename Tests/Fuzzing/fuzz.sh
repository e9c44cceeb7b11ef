#!/bin/bash
# Fuzzes the readers of foreign bytes with libFuzzer and the address and undefined-behaviour sanitizers.
#
#     Tests/Fuzzing/fuzz.sh [target…]      all without an argument; `make fuzz` calls it
#
# SECONDS_EACH, 60 without it, is what each target gets; two run at a time. What is found along the way is kept in
# .build-fuzz/corpus; a crash, a leak, a broken promise, 512 MB at once or 2 GB in all, an input that takes more than
# 10 seconds is a finding and is kept in .build-fuzz/findings. Ends with a table, and with an error when there is one.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds="${SECONDS_EACH:-60}"
here=Tests/Fuzzing
place=.build-fuzz
export LIKENESS_FUZZ=1

# Coverage and sanitizers in every module and in the C code, also in Yams' parser.
mkdir -p "$place"
swift build -c release --scratch-path "$place" --product fuzz --sanitize address \
    -Xswiftc -sanitize-coverage=edge,indirect-calls,trace-cmp,inline-8bit-counters,pc-table \
    -Xcc -fsanitize=fuzzer-no-link,undefined -Xcc -fno-sanitize-recover=undefined >&2
program="$(LIKENESS_FUZZ=1 swift build -c release --scratch-path "$place" --show-bin-path)/fuzz"

declare -A longest
while read -r name length; do longest[$name]=$length; names+=("$name"); done < <("$program")
if [ $# -gt 0 ]; then names=("$@"); fi
for name in "${names[@]}"; do
    [ -n "${longest[$name]:-}" ] || { echo "there is no target $name; there are ${!longest[*]}" >&2; exit 2; }
done

# Swift's own report of a crash would hide libFuzzer's.
export SWIFT_BACKTRACE=enable=no
export UBSAN_OPTIONS=print_stacktrace=1
export LSAN_OPTIONS=suppressions="$here/leaks.txt":print_suppressions=0
export ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=0
# Readers that want files get them in memory.
TMPDIR="$(mktemp -d -p "$([ -w /dev/shm ] && echo /dev/shm || echo /tmp)")"
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT

fuzz() {
    local name="$1" options=()
    mkdir -p "$place/corpus/$name" "$place/findings/$name"
    rm -f "$place/findings/$name"/*
    if [ -f "$here/Dictionaries/$name.dict" ]; then options+=("-dict=$here/Dictionaries/$name.dict"); fi
    "$program" "$name" -max_total_time="$seconds" -max_len="${longest[$name]}" -timeout=10 -report_slow_units=5 \
        -rss_limit_mb=2048 -malloc_limit_mb=512 -print_final_stats=1 -artifact_prefix="$place/findings/$name/" \
        "${options[@]}" "$place/corpus/$name" "$here/Seeds/$name" >"$place/$name.log" 2>&1 || true
}
running=0
for name in "${names[@]}"; do
    if [ "$running" -ge 2 ]; then wait -n; running=$((running - 1)); fi
    fuzz "$name" &
    running=$((running + 1))
done
wait

# Executions and time as the log's last lines give them; a run that ends without them did not end well.
failed=0
printf '%-12s %12s %9s %9s\n' target executions seconds findings
for name in "${names[@]}"; do
    log="$place/$name.log"
    executions="$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")"
    took="$(sed -n 's/^Done [0-9]* runs in \([0-9]*\) second.*/\1/p' "$log")"
    findings="$(find "$place/findings/$name" -type f ! -name 'slow-unit-*' | wc -l)"
    if [ -z "$took" ] && [ "$findings" = 0 ]; then findings=1; fi
    printf '%-12s %12s %9s %9s\n' "$name" "${executions:-?}" "${took:-?}" "$findings"
    if [ "$findings" != 0 ]; then
        failed=1
        grep -m 3 -E 'Fatal error|ERROR: (AddressSanitizer|libFuzzer)|runtime error' "$log" | sed 's/^/    /' || true
        find "$place/findings/$name" -type f ! -name 'slow-unit-*' | sed 's/^/    /'
    fi
done
exit $failed
