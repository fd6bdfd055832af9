#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what building and testing Standpipe needs, on Debian and Ubuntu; on other systems lists the packages.
#
#     toolchain/setup.sh            installs what the build needs, if the answer is yes
#     toolchain/setup.sh --all      and what further tests need: valgrind, clang, arm64 and musl compilers, an emulator, shells, an S3 store
#     toolchain/setup.sh --kernels  and what booting other kernels needs: toolchain/kernels/run.sh
#     toolchain/setup.sh --check    only reports what is missing; exit status 1 if the build needs something
#     --yes                         with any of the first three: does not ask
set -eu

needed=
wanted=
optional=

# need|want COMMAND DEBIAN_PACKAGE WHAT_FOR
need() {
    if command -v "$1" >/dev/null; then
        echo "found    $1"
    else
        echo "MISSING  $1: $3"
        needed="$needed $2"
    fi
}

want() {
    if command -v "$1" >/dev/null; then
        echo "found    $1"
    else
        echo "absent   $1: $3"
        optional="$optional $2"
    fi
}

# A JDK, not only a JRE, of version 17 or later: javac shows both.
need_jdk() {
    feature=$(javac -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p') || feature=
    if [ "${feature:-0}" -ge 17 ]; then
        echo "found    javac $feature"
    else
        echo "MISSING  javac 17 or later: the build itself"
        needed="$needed jdk"
    fi
}

look() {
    need_jdk
    need mvn maven "the build itself"
    need gcc gcc "the shim, src/main/native"
    need g++ g++ "the JNI glue that JavaCPP generates, which is C++"
    echo "Further tests, each of which is skipped without its tool:"
    want valgrind valgrind "the shim under memcheck"
    want clang clang "the shim in clang's static analysis"
    want musl-gcc musl-tools "the shim and the library with musl"
    want aarch64-linux-gnu-g++ g++-aarch64-linux-gnu "the library for arm64 in the same jar"
    want zsh zsh "the completion of zsh"
    want fish fish "the completion of fish"
    want radosgw "radosgw ceph-mon ceph-osd" "images in a real S3 store"
    want qemu-aarch64-static qemu-user-static "the shim, and by test-arm64.sh all tests, on arm64"
}

# For kernels of another architecture; the tests in C are linked statically, and the root's packages are Debian's.
look_for_kernels() {
    echo "Booting other kernels, toolchain/kernels/run.sh:"
    need qemu-system-x86_64 qemu-system-x86 "kernels for x86-64"
    need qemu-system-aarch64 "qemu-system-arm ipxe-qemu" "kernels for arm64"
    need aarch64-linux-gnu-gcc "gcc-aarch64-linux-gnu libc6-dev-arm64-cross" "the tests in C on arm64"
    need mke2fs e2fsprogs "the machine's disk"
    need xz xz-utils "modules of kernels"
    need zstd zstd "modules of newer kernels"
    [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || needed="$needed debian-archive-keyring"
}

elsewhere() {
    cat <<'END'
No apt-get here. What the build needs is in these packages:
  Fedora   java-17-openjdk-devel (or a later one) maven gcc gcc-c++
  Alpine   openjdk17-jdk maven gcc g++ musl-dev linux-headers
  Arch     jdk17-openjdk maven gcc
What further tests need: valgrind clang zsh fish libasan libubsan qemu-user-static, radosgw with ceph-mon and ceph-osd, a g++ and a C library for aarch64-linux-gnu
END
}

# Ends the script unless the answer is yes, or --yes was given.
ask() {
    [ -z "$yes" ] || return 0
    printf '%s [y/N] ' "$1"
    answer=
    read -r answer || echo
    case $answer in
        [yY] | [yY][eE][sS]) ;;
        *) echo "setup.sh: nothing was installed; with --yes it does not ask" >&2; exit 1 ;;
    esac
}

install() {
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || { echo "setup.sh: run as root, or install sudo" >&2; exit 1; }
        as_root=sudo
    fi
    ask "${as_root:+$as_root }apt-get install $*: shall it?"
    echo "${as_root:+$as_root }apt-get update"
    $as_root apt-get -q update
    packages=
    for package in "$@"; do
        [ "$package" = jdk ] && package=$(oldest_jdk)
        packages="$packages $package"
    done
    echo "${as_root:+$as_root }apt-get install --no-install-recommends$packages"
    # shellcheck disable=SC2086 # package names, separated by blanks
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends $packages
}

# The oldest JDK that will do: which ones there are differs between releases of Debian and Ubuntu.
oldest_jdk() {
    for feature in 17 21 25; do
        if [ -n "$(apt-cache show "openjdk-$feature-jdk-headless" 2>/dev/null)" ]; then
            echo "openjdk-$feature-jdk-headless"
            return
        fi
    done
    echo default-jdk-headless
}

all=
check=
kernels=
yes=
for option; do
    case $option in
        --all) all=yes ;;
        --check) check=yes ;;
        --kernels) kernels=yes ;;
        --yes | -y) yes=yes ;;
        *) echo "usage: toolchain/setup.sh [--check] [--all] [--kernels] [--yes]" >&2; exit 2 ;;
    esac
done
look
[ -z "$kernels" ] || look_for_kernels
[ -z "$all" ] || wanted=$optional
if [ -n "$check" ]; then
    [ -z "$needed" ]
elif [ -z "$needed$wanted" ]; then
    echo "Nothing to install."
elif command -v apt-get >/dev/null; then
    # shellcheck disable=SC2086 # package names, separated by blanks
    install $needed $wanted
else
    elsewhere
    [ -z "$needed" ]
fi
