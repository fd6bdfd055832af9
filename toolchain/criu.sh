#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Unpacks Debian's newest CRIU with the libraries and the loader that it needs, for the tests that dump and restore whole processes:
# that of a distribution's release may be too old for the kernel. Nothing is installed. Needs root, apt-get and the network.
#
#     toolchain/criu.sh             makes target/criu/criu, which tests find there, unless it is there already
#     toolchain/criu.sh trixie      of another release of Debian; default: sid
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$here/../target/criu
release=${1:-sid}

die() {
    echo "criu.sh: $*" >&2
    exit 1
}

. "$here/kernels/packages.sh"

[ ! -x "$work/criu" ] || exit 0
for tool in apt-get dpkg dpkg-deb; do
    command -v $tool >/dev/null || die "$tool is not installed"
done
[ -e "$keyring" ] || die "$keyring is not there: install debian-archive-keyring"
mkdir -p "$work"
work=$(cd "$work" && pwd)
touch "$work/begun"
arch=$(dpkg --print-architecture)
update "$release" "$arch"
archives=$(download_with_dependencies "$release" "$arch" criu) || exit 1
rm -rf "$work/root"
unpack "$work/root" "$archives"/*.deb

# The release's own loader and C library, which may be newer than those of this machine. What CRIU starts has this machine's.
cat >"$work/criu.new" <<'END'
#!/bin/sh
root=$(dirname "$(readlink -f "$0")")/root
for loader in "$root"/usr/lib/*-linux-gnu/ld-linux-*.so.*; do
    exec "$loader" --library-path "${loader%/*}" "$root/usr/sbin/criu" "$@"
done
END
chmod +x "$work/criu.new"
"$work/criu.new" check || die "CRIU of Debian's $release does not work on this kernel: see above"
mv "$work/criu.new" "$work/criu"
rm -rf "$work/apt"
"$work/criu" --version
