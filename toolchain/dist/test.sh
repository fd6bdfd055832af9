#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs, runs, upgrades and removes the distributions in a new Debian root, which has neither Maven nor Java: called by the profile
# dist. Needs root, debootstrap and its mirror. The new root is kept below target/ for the next time.
#
#     test.sh TARGET VERSION
set -eu

target=$1
version=$2
here=$(cd "$(dirname "$0")" && pwd)
base=$target/clean-root
root=$base.now

skip() {
    echo "dist: the packages are not tried in a clean root: $1"
    exit 0
}

[ "$(id -u)" -eq 0 ] || skip "that needs root"
command -v debootstrap >/dev/null || skip "debootstrap is not installed"
unshare --mount --pid --fork true 2>/dev/null || skip "unshare is not allowed here"
if [ ! -e "$base/complete" ]; then
    rm -rf "$base"
    mkdir -p "$base"
    timeout -k 5 240 debootstrap --variant=minbase --include=sudo,man-db bookworm "$base/root" >"$base/debootstrap.log" 2>&1 \
        || skip "debootstrap fails, see $base/debootstrap.log"
    touch "$base/complete"
fi
rm -rf "$root"
cp -a "$base/root" "$root"
mkdir "$root/packages"
cp "$target/standpipe-$version.tar.gz" "$target"/standpipe-"$version"-linux-*.tar.gz "$target"/standpipe_"$version"_*.deb \
    "$here/test-inside.sh" "$root/packages"
cp -R "$here/../../src/test/resources/criu/pipes" "$root/packages/criu-dump"

echo "127.0.0.1 localhost $(hostname)" >"$root/etc/hosts" # or sudo complains

# In namespaces of its own, so that the mounts and all processes end with it.
timeout -k 5 300 unshare --mount --pid --fork sh -ec '
    mount --rbind /dev "$1/dev"
    mount -t proc proc "$1/proc"
    exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin chroot "$1" /bin/sh /packages/test-inside.sh "$2"
' sh "$root" "$version"
rm -rf "$root"
