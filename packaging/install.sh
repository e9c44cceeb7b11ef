#!/usr/bin/env bash
# install.sh install LIKENESS FOLDER   puts the command below FOLDER, such as /usr/local, with what it needs beside it
# install.sh uninstall FOLDER          removes exactly that
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { echo "$*" >&2; exit 1; }

# What was installed, a line each and innermost folders last: `file bin/likeness`, `folder lib/likeness`.
list=lib/likeness/installed

uninstall() {
  [ -e "$root/$list" ] || fail "there is no $root/$list: nothing was installed there by make install"
  while read -r kind name; do
    if [ "$kind" = file ]; then rm -f "$root/$name"; fi
  done <"$root/$list"
  folders=$(sed -n 's/^folder //p' "$root/$list" | tac)
  rm "$root/$list"
  while read -r name; do
    if [ -n "$name" ] && [ -d "$root/$name" ]; then rmdir --ignore-fail-on-non-empty "$root/$name"; fi
  done <<<"$folders"
}

# Notes a folder that is not there yet, and those above it first.
folder() {
  [ ! -d "$root/$1" ] || return 0
  case $1 in */*) folder "${1%/*}" ;; esac
  mkdir -p "$root/$1"
  echo "folder $1" >>"$notes"
}

# file NAME SOURCE MODE
file() {
  [ ! -e "$root/$1" ] && [ ! -L "$root/$1" ] || fail "$root/$1 is there and was not installed by make install: move it away"
  folder "${1%/*}"
  install -m "$3" "$2" "$root/$1"
  echo "file $1" >>"$notes"
}

install_all() {
  mkdir -p "$root"
  # Of an earlier version other files may be there.
  if [ -e "$root/$list" ]; then uninstall; fi
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  notes=$scratch/notes
  [ ! -e "$root/bin/likeness" ] && [ ! -L "$root/bin/likeness" ] ||
    fail "$root/bin/likeness is there and was not installed by make install: move it away"

  file lib/likeness/likeness "$binary" 755
  # Swift's own libraries lie beside the command, which looks for them there; all others are the system's packages.
  ldd "$binary" | sed -n 's|.* => \(/.*/swift/linux/[^ ]*\) .*|\1|p' | while read -r library; do
    file "lib/likeness/${library##*/}" "$library" 644
  done
  folder bin
  ln -s ../lib/likeness/likeness "$root/bin/likeness"
  echo "file bin/likeness" >>"$notes"

  for shell in bash zsh fish; do "$binary" --generate-completion-script $shell >"$scratch/$shell"; done
  file share/bash-completion/completions/likeness "$scratch/bash" 644
  file share/zsh/site-functions/_likeness "$scratch/zsh" 644
  file share/fish/vendor_completions.d/likeness.fish "$scratch/fish" 644
  packaging/manual.py "$binary" >"$scratch/likeness.1"
  file share/man/man1/likeness.1 "$scratch/likeness.1" 644
  install -m 644 "$notes" "$root/$list"
}

case ${1-} in
install) binary=$(realpath "$2") root=${3%/} && install_all ;;
uninstall) root=${2%/} && uninstall ;;
*) sed -n 's/^# \(install.sh .*\)/\1/p' "$0" >&2; exit 64 ;;
esac
