#!/usr/bin/env bash
# release.sh x.y.z: tests, names the version in sources and changelog, commits and tags it, and leaves an archive with
# its checksum in release/. Nothing is pushed.
set -euo pipefail
cd "$(dirname "$0")/.."

version=${1-}
sources=Sources/Execution/Environment.swift
changelog=CHANGELOG.md

fail() { echo "$*" >&2; exit 1; }

[[ $version =~ ^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$ ]] ||
  fail "a release needs its version, such as make release VERSION=0.1.0; '$version' is none"
[ -z "$(git status --porcelain)" ] ||
  fail "the work tree holds changes that are not committed: commit them or put them away, so that the release is what is tagged"
! git rev-parse --quiet --verify "refs/tags/v$version" >/dev/null ||
  fail "v$version is tagged already: name a later version"
sed -n '/^## Unreleased$/,/^## [0-9]/p' "$changelog" | grep -q '^- ' ||
  fail "$changelog says nothing under '## Unreleased': say there what somebody who uses Likeness notices"

make lint test

name=likeness-$version-linux-$(uname -m)
staged=$(mktemp -d)
trap 'rm -rf "$staged"; git checkout --quiet -- "$sources" "$changelog"' EXIT
sed -i "s/^\(package let likenessVersion = \)\".*\"/\1\"$version\"/" "$sources"
grep -q "likenessVersion = \"$version\"" "$sources" || fail "$sources does not hold the version where it is looked for"
sed -i "s/^## Unreleased\$/&\n\n## $version - $(date -u +%F)/" "$changelog"
make install DESTDIR="$staged/" PREFIX="$name"

git commit --quiet --message "Release $version" -- "$sources" "$changelog"
git tag --annotate --message "Likeness $version" "v$version"
mkdir -p release
tar --create --gzip --file "release/$name.tar.gz" --directory "$staged" --sort=name --owner=0 --group=0 --numeric-owner \
  --mtime="@$(git log -1 --format=%ct)" "$name"
(cd release && sha256sum "$name.tar.gz" >"$name.tar.gz.sha256")
echo "release/$name.tar.gz and its checksum are made; v$version is tagged here. To publish both: git push --follow-tags" >&2
