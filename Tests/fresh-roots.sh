#!/usr/bin/env bash
# fresh-roots.sh FOLDER SUITE WHO COMMAND: runs COMMAND in a clone of this repository, on a system with nothing installed.
#
# FOLDER   where systems are made: 220 MB each, 2 GB after a report; one that is there already is used as it is
# SUITE    bookworm, trixie or another that debootstrap knows; MIRROR=… for other packages than its own choice
# WHO      root; sudo, who may become root without a password; or plain, who may not
# COMMAND  what that user types, as in: Tests/fresh-roots.sh /var/tmp/roots trixie sudo 'make report PROFILE=quick'
#
# Needs root, debootstrap, and Swift in a folder of its own, which the new system may read. Certificates that were added to
# this machine, and folders that its git reads in the web's place, are lent as well.
set -euo pipefail

if [ $# != 4 ] || [[ ! $3 =~ ^(root|sudo|plain)$ ]]; then sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 64; fi
# Mounts are of this process and its children alone, and go with them.
if [ -z "${FRESH_ROOTS_APART:-}" ]; then FRESH_ROOTS_APART=1 exec unshare --mount "$0" "$@"; fi

folder=$(mkdir -p "$1" && realpath "$1") suite=$2 who=$3 command=$4
bare=$folder/$suite root=$folder/$suite-$who
user=newcomer home=/home/newcomer
[ "$who" != root ] || user=root home=/root
path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
repository=$(realpath "$(dirname "$0")/..")
redirects() { { git config --get-regexp '^url\..*\.insteadof$' || true; } | sed 's/^url\.\(.*\)\.insteadof /\1 /'; }
as_root() { env -i PATH=$path HOME=/root DEBIAN_FRONTEND=noninteractive chroot "$root" "$@"; }

swift=$(command -v swift) || { echo "fresh-roots: no swift on the PATH to lend" >&2; exit 1; }
toolchain=$(dirname "$(dirname "$(readlink -f "$swift")")")
if [ "$toolchain" = /usr ]; then echo "fresh-roots: $swift lies among the system's files and cannot be lent" >&2; exit 1; fi

if [ ! -e "$bare" ]; then
  echo "fresh-roots: making $bare" >&2
  debootstrap --variant=minbase "$suite" "$bare.part" ${MIRROR:+"$MIRROR"} >"$bare.log" || { tail "$bare.log" >&2; exit 1; }
  mv "$bare.part" "$bare"
fi
if [ ! -e "$root" ]; then
  cp -a "$bare" "$root.part"
  rm -rf "$root.part"/var/lib/apt/lists/*
  echo "127.0.0.1 localhost $(hostname)" >"$root.part/etc/hosts"
  cp -a /usr/local/share/ca-certificates "$root.part/usr/local/share/"
  redirects | while read -r place address; do
    git config --file "$root.part/etc/gitconfig" --add "url.$place.insteadOf" "$address"
  done
  # What is lent belongs to somebody else.
  git config --file "$root.part/etc/gitconfig" --add safe.directory '*'
  mv "$root.part" "$root"
fi

for lent in "$toolchain" $(redirects | sed -n 's/^\(\/[^ ]*\) .*/\1/p' | sort -u); do
  mkdir -p "$root$lent"
  mount --bind -o ro "$lent" "$root$lent"
done
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"

if [ ! -e "$root$home/likeness" ]; then
  packages="git make"  # what docs/packages.md asks for
  [ "$who" != sudo ] || packages="$packages sudo"
  as_root sh -c "apt-get update -qq && apt-get install --yes -qq --no-install-recommends $packages >/dev/null"
  rm -rf "$root"/var/lib/apt/lists/*
  as_root id "$user" >/dev/null 2>&1 || as_root useradd --create-home --shell /bin/bash "$user"
  [ "$who" != sudo ] || echo "$user ALL=(ALL) NOPASSWD: ALL" >"$root/etc/sudoers.d/$user"
  git clone --quiet "$repository" "$root$home/likeness"
  as_root chown -R "$user:$user" "$home/likeness"
fi
exec env -i PATH="$toolchain/bin:$path" HOME="$home" USER="$user" TERM="${TERM:-dumb}" \
  chroot --userspec="$user:$user" --groups= "$root" bash -c 'cd ~/likeness && eval "$0"' "$command"
