#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Tries the README's first command on a fresh machine: in a new root of Debian with nothing but a clone of this repository, sets up
# what the build needs, builds, and runs the main job; then sets up again, which must find nothing to do. Takes some minutes, most of
# them downloads. Needs root, debootstrap, and the network.
#
#     toolchain/fresh-machine.sh [--tests] [SUITE [MIRROR]]     such as trixie, or noble http://archive.ubuntu.com/ubuntu
#
#     --tests    then runs the README's second command, mvn verify
set -eu

tests=false
[ "${1:-}" != --tests ] || { tests=true; shift; }
suite=${1:-bookworm}
mirror=${2:-}
cd "$(dirname "$0")/.."
[ "$(id -u)" -eq 0 ] || { echo "skipped: needs root"; exit 0; }
command -v debootstrap >/dev/null || { echo "skipped: debootstrap is not installed"; exit 0; }
work=$(mktemp -d)
root=$work/root
trap 'rm -rf "$work"' EXIT

# shellcheck disable=SC2086 # the mirror may be none
debootstrap --variant=minbase "$suite" "$root" $mirror >"$work/log" 2>&1 || { tail "$work/log"; exit 1; }
cp /etc/resolv.conf "$root/etc/resolv.conf"
cp /etc/hosts "$root/etc/hosts"
# Where a proxy of this machine answers in place of the servers, its certificate has to be known.
if [ -d /usr/local/share/ca-certificates ]; then
    mkdir -p "$root/usr/local/share"
    cp -R /usr/local/share/ca-certificates "$root/usr/local/share/"
fi
git clone -q . "$root/root/standpipe"

# In namespaces of its own, so that the mounts and all processes end with it.
timeout -k 5 "${STANDPIPE_FRESH_SECONDS:-1800}" unshare --mount --pid --fork sh -ec '
    mount --rbind /dev "$1/dev"
    mount -t proc proc "$1/proc"
    mount -t sysfs sys "$1/sys"
    exec env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin chroot "$1" /bin/sh -exc "
        cd /root/standpipe
        ! toolchain/setup.sh --check
        ! toolchain/setup.sh </dev/null
        toolchain/setup.sh --yes && mvn -q -Pdemo package
        toolchain/setup.sh --yes | grep Nothing.to.install
        ! $2 || mvn -B -ntp verify
    "
' sh "$root" "$tests"
echo "the first command works on a fresh $suite"
