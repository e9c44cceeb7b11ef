#!/usr/bin/env bash
# Requests made up from the OpenAPI description, answers held against it: schemathesis.sh BINARY [OPTION …]
#
# The report that is asked and the tool live in a folder that goes with this script's end; what follows BINARY is handed
# to the tool.
set -euo pipefail
here=$(dirname "$(realpath "$0")"); binary=$(realpath "$1"); shift
folder=$(mktemp -d); server=
trap '[ -z "$server" ] || kill "$server"; wait; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'schemathesis>=4,<5'
project=$folder/project
"$here/project.sh" "$binary" "$project"

mkfifo "$folder/address"
(cd "$project" && exec "$binary" preview) >"$folder/address" & server=$!
read -r LIKENESS_ADDRESS <"$folder/address"
LIKENESS_PHOTOGRAPH=$(find "$project/data" -name '*.jpg' | sort | head -n 1)
export LIKENESS_ADDRESS LIKENESS_PHOTOGRAPH PYTHONPATH=$here PYTHONDONTWRITEBYTECODE=1
cd "$folder"
run() {
  venv/bin/schemathesis --config-file "$here/schemathesis.toml" run "${LIKENESS_ADDRESS}api/openapi.json" \
    --checks all --max-examples 200 --seed 1 --continue-on-failure "$@"
}
# Made-up names and bytes, few of which there are; then those of the report, in requests that have to be answered.
run --exclude-checks positive_data_acceptance "$@"
SCHEMATHESIS_HOOKS=schemathesis_hooks run --mode positive --exclude-checks negative_data_rejection "$@"
